// Makes a schedule that violates an expectation as small as it can be: fewest deviations first, then the least of each, in round figures
// (MacIver & Donaldson, "Test-Case Reduction via Test-Case Generation", ECOOP 2020; ddmin: Zeller & Hildebrandt 2002).
#pragma once

#include <functional>

#include "analysis/races/scheduled_run.hpp"

namespace georep {

/// A schedule with the same violation; the smallest so far once `goes_on` says no.
Schedule shrink(ScheduleRunner& runner, const Schedule& found, const Violation& violation,
                const std::function<bool()>& goes_on);

}  // namespace georep
