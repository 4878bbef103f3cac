// The settings of a scenario that an outcome may hang on, each with a value that would make the mechanism behind it another one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/scenario.hpp"

namespace georep {

struct Mechanism {
  std::string path;   ///< as `--set` takes it
  std::string value;
  std::string says;   ///< what it is now that allows the outcome, in words
};

/// What to try for an outcome of a host (empty: of none in particular), in the order in which people would. `entry`: the timeline's
/// entry that the outcome is of, or none.
std::vector<Mechanism> mechanisms_of(const Scenario& scenario, const std::string& host,
                                     std::optional<std::size_t> entry);

}  // namespace georep
