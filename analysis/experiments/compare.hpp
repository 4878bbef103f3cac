// Two settings of a scenario, run by run under the same chance: by how much they differ, and how sure that is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/experiments/across_runs.hpp"
#include "analysis/experiments/run.hpp"

namespace georep {

/// A measure that both have, over the runs in which both had a sample; of errors and of what links carried, one that either has,
/// over all runs.
struct ComparedMeasure {
  std::string name;
  MeasureLabels labels;
  std::string unit;
  std::int64_t pairs = 0;
  double first = 0;  ///< the mean over runs of each run's mean, or number of failed attempts
  double second = 0;
  Estimate difference;      ///< second less first, by Student's t over the pairs
  Estimate p99_difference;  ///< likewise of each run's 99th percentile
};

struct Comparison {
  std::int64_t runs = 0;  ///< pairs
  std::int64_t first_passed = 0;
  std::int64_t second_passed = 0;
  std::vector<ComparedMeasure> measures;
};

/// Pairs the runs as they stand: number k of one with number k of the other.
Comparison compare_runs(std::span<const RunResult> first, std::span<const RunResult> second,
                        double confidence = 0.95);

}  // namespace georep
