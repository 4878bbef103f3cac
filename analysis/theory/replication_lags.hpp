// How long pushes take to reach another replica when bytes are a fluid: the same rules as the
// registry's replication, without its events, so that a fit can try thousands of settings.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace georep::theory {

/// A push that has to be copied to one destination.
struct CopiedPush {
  double at = 0;              ///< seconds; pushes are given in order of time
  std::size_t way = 0;        ///< which of the ways to the destination it takes
  std::vector<double> blobs;  ///< bytes of each blob that the destination lacks
};

/// One region's way to the destination.
struct Way {
  double round_trip = 0;  ///< seconds
  double bandwidth = 0;   ///< bytes per second, shared fairly by all that is under way
};

/// What the destination's replication is set to. One round trip asks for each blob.
struct CopySettings {
  double start_delay = 0;    ///< seconds from the commit to the destination's queue
  double stream_window = 0;  ///< bytes; one stream carries at most a window in each round trip
  std::int64_t streams = 1;  ///< blobs that are asked for or copied at once
  std::int64_t concurrency = 16;  ///< pushes that are copied at once, first come first served
  double manifest_bytes = 2048;   ///< they follow when the last blob has left, on no stream
  std::vector<Way> ways;
};

/// Seconds from each push to the moment at which the destination has all of it.
std::vector<double> replication_lags(std::span<const CopiedPush> pushes, const CopySettings& settings);

}  // namespace georep::theory
