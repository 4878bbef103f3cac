#include "analysis/statistics/precision.hpp"

#include <cmath>

namespace georep {

void SequentialMean::add(double of_one_run) {
  runs_.push_back(of_one_run);
  if (static_cast<std::int64_t>(runs_.size()) < goal_.least_runs) return;
  const Estimate mean = estimate();
  const bool precise = mean.half_width() <= goal_.relative_half_width * std::abs(mean.value);
  passes_in_a_row_ = precise ? passes_in_a_row_ + 1 : 0;
}

}  // namespace georep
