// A run as one JSON object: the form that scenario-reference.md calls the program's output, version 1. Times are seconds,
// sizes bytes, bandwidths bits per second.
#pragma once

#include <string>

#include "analysis/experiments/run.hpp"
#include "analysis/experiments/scenario.hpp"

namespace georep {

/// The object, with one line for each operation, delivery, measure and expectation.
std::string json_report(const Scenario& scenario, const RunResult& result);

}  // namespace georep
