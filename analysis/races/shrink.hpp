// Makes a schedule that violates an expectation as small as it can be: fewest deviations first, then the least of each, in round figures
// (MacIver & Donaldson, "Test-Case Reduction via Test-Case Generation", ECOOP 2020; ddmin: Zeller & Hildebrandt 2002).
#pragma once

#include "analysis/races/scheduled_run.hpp"

namespace georep {

/// A schedule with the same violation.
Schedule shrink(ScheduleRunner& runner, const Schedule& found, const Violation& violation);

}  // namespace georep
