// How a whole scenario is written.
#pragma once

#include "analysis/experiments/scenario.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of a scenario: the root of every path of the language.
const RecordOf<Scenario>& scenario_fields();

}  // namespace georep
