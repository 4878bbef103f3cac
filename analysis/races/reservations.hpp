// Why visiting every schedule of a scenario would not be enough to say that none violates an expectation.
#pragma once

#include <string>

#include "analysis/experiments/scenario.hpp"

namespace georep {

/// In words; empty where it is enough.
std::string reservation_about(const Scenario& scenario);

}  // namespace georep
