// When to stop making independent runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/statistics/interval.hpp"

namespace georep {

/// How precise a mean over runs is to become.
struct PrecisionGoal {
  double relative_half_width = 0.01;
  double confidence = 0.95;
  std::int64_t least_runs = 10;
};

/// A mean over runs that knows when it is precise enough. An interval looked at after each run is
/// met by luck too often, so the goal counts as met only by two runs in a row.
/// Source: Law, Simulation Modeling and Analysis, sec. 9.4.
class SequentialMean {
 public:
  explicit SequentialMean(PrecisionGoal goal) : goal_(goal) {}

  void add(double of_one_run);
  std::int64_t runs() const { return static_cast<std::int64_t>(runs_.size()); }
  bool met() const { return passes_in_a_row_ >= 2; }
  Estimate estimate() const { return mean_interval(runs_, goal_.confidence); }

 private:
  PrecisionGoal goal_;
  std::vector<double> runs_;
  int passes_in_a_row_ = 0;
};

}  // namespace georep
