// Expectations that a run has violated, in the order in which they were.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/time.hpp"

namespace georep {

struct Violation {
  std::size_t expectation = 0;  ///< its index in the scenario
  /// What was violated, by names alone (an operation, a tag in a region, a code): the same in another schedule, seed or smaller scenario.
  std::uint64_t identity = 0;
  Instant at;  ///< when it came out: at a fact, or at the end
};

/// Each expectation is here at most once, with its first violation.
using Violations = std::vector<Violation>;

}  // namespace georep
