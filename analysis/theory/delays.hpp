// Sums and maxima of delays without queueing, and the number of them in progress.
#pragma once

#include <cstdint>
#include <span>

namespace georep::theory {

/// The largest of `count` independent exponential delays: the lag until every replica has a push.
struct SlowestOfMany {
  std::int64_t count;
  double rate;  ///< of each, per second

  double mean() const;  ///< seconds
  double quantile(double probability) const;
};

/// Exponential stages one after another, of distinct rates: the hypoexponential law.
class StagesInSeries {
 public:
  /// Rates per second, no two of them equal.
  explicit StagesInSeries(std::span<const double> rates) : rates_(rates) {}

  double mean() const;
  double variance() const;
  double tail(double seconds) const;  ///< P(sum > seconds)
  double quantile(double probability) const;

 private:
  std::span<const double> rates_;
};

/// P(Erlang(stages, 1) > seconds): the sum of `stages` exponential delays of mean one second.
double erlang_tail(std::int64_t stages, double seconds);

/// P(N > count) for N of a Poisson law. The number of transfers in progress is Poisson with mean
/// rate times mean duration, whatever the law of durations (M/G/infinity).
double poisson_tail(double mean, std::int64_t count);

}  // namespace georep::theory
