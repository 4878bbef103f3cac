// A confidence interval for the mean of a correlated sequence, by the means of thirty batches.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace georep::test {

struct Interval {
  double mean;
  double half_width;

  bool contains(double value) const { return std::abs(value - mean) <= half_width; }
};

/// The interval of 99.9 % by the t distribution with 29 degrees of freedom, whose quantile is 3.659.
inline Interval batch_means(const std::vector<double>& values) {
  constexpr std::size_t batches = 30;
  const std::size_t length = values.size() / batches;
  std::vector<double> means;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    double sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += values[batch * length + i];
    means.push_back(sum / static_cast<double>(length));
  }
  double mean = 0;
  for (const double value : means) mean += value / batches;
  double squares = 0;
  for (const double value : means) squares += (value - mean) * (value - mean);
  return {mean, 3.659 * std::sqrt(squares / (batches - 1) / batches)};
}

}  // namespace georep::test
