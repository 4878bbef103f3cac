// How much of the start of a run bends its means, where a scenario measures a steady state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/experiments/compiled_scenario.hpp"

namespace georep {

/// Makes one run and applies MSER-5 (see warmup.hpp) to the samples of each measure that an expectation takes a mean or a
/// percentile of and whose samples come one by one: push_duration, pull_duration, replication_lag and storage_wait. A sentence for each
/// that asks for a longer `warmup` than the scenario's, or has not settled. None of fewer than a hundred samples.
std::vector<std::string> warmup_advice(const CompiledScenario& compiled, std::uint64_t seed, std::uint64_t run);

}  // namespace georep
