// A measure's row in one run as a figure to be set beside those of other runs.
#pragma once

#include <string_view>

#include "analysis/experiments/run.hpp"

namespace georep {

/// The row as one of several runs has it. Failed attempts, each a sample of 1, become one figure: how many there were.
MeasureRow figure_of_run(MeasureRow row);

/// Whether a run without a row of that measure had none of what it counts, an error or a byte over a link, and enters a mean as 0.
/// A run without a lag, say, has nothing to tell about lags.
bool is_zero_where_absent(std::string_view measure);

}  // namespace georep
