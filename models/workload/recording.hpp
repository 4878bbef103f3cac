// A registry's log as work: what its clients did, when, and with which images.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

struct RecordedLayer {
  std::string digest;  ///< as the log writes it; equal ones are one layer
  std::int64_t bytes = 0;
};

/// What a reference pointed at, from one push of it to the next.
struct RecordedImage {
  std::string reference;  ///< `repository:tag`
  std::vector<RecordedLayer> layers;
  bool pushed = false;  ///< whether the log has its push; otherwise it was there before the log begins
};

enum class RecordedKind : std::uint8_t { pull, poll, push };

struct RecordedOperation {
  Duration at;  ///< from the first record of the log
  std::string client;
  RecordedKind kind = RecordedKind::pull;
  std::size_t image = 0;  ///< index into the recording's images
};

struct Recording {
  std::vector<RecordedImage> images;
  std::vector<RecordedOperation> operations;  ///< in order of time
};

}  // namespace georep
