// A sum that a verdict hangs on, for a search that judges a run at all of its timings.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/choice.hpp"

namespace georep {

struct SumOfDurations {
  struct Span {
    Deadline from;
    Deadline to;
  };
  std::vector<Span> spans;
  static constexpr std::int64_t unlimited = std::int64_t{1} << 61;
  /// In nanoseconds. A sum within these certainly meets what is expected; what one beyond comes to, only a run with it shows.
  std::int64_t least = -unlimited;
  std::int64_t most = unlimited;
};

}  // namespace georep
