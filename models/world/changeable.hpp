// What `set` may change in the middle of a run.
#pragma once

#include <optional>
#include <string>

#include "models/world/spec.hpp"

namespace georep {

/// The first thing in which two worlds differ that stays as it is during a run, by its path; nothing where one can become the other.
std::optional<std::string> fixed_difference(const WorldSpec& before, const WorldSpec& after);

}  // namespace georep
