// What a column that belongs to an expectation is called.
#pragma once

#include <string>

#include "analysis/experiments/scenario.hpp"

namespace georep {

/// `p99 replication_lag` of a measure: where two expectations ask for the same figure, that of which region or tag comes first, since what
/// is cut off is the end. The words of any other expectation.
std::string column_of(const Scenario& scenario, const ExpectationSpec& expectation);

}  // namespace georep
