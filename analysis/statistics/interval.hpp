// Confidence intervals: for means, differences, quantiles and shares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace georep {

/// An estimate and the interval that covers the truth with the confidence asked for.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
  std::int64_t samples = 0;

  double half_width() const { return (high - low) / 2; }
  bool covers(double truth) const { return low <= truth && truth <= high; }
};

/// The mean of independent samples, by Student's t. One sample alone has an endless interval.
Estimate mean_interval(std::span<const double> samples, double confidence);

/// The same for samples whose law leans to one side, such as mean waits of short runs: each end of Student's interval
/// is moved by what the samples' skewness says, so that both sides miss equally often. Source: Hall, On the removal
/// of skewness by transformation, 1992.
Estimate skewed_mean_interval(std::span<const double> samples, double confidence);

/// The mean of `first[i] - second[i]`, by Student's t: for runs that share their random numbers the
/// differences scatter less than the runs.
Estimate paired_difference(std::span<const double> first, std::span<const double> second,
                           double confidence);

/// A quantile of independent samples, between two of them, whatever their law: the ranks come from
/// the binomial law. Empty where there are too few samples for that confidence.
std::optional<Estimate> quantile_interval(std::span<const double> samples, double probability,
                                          double confidence);

/// A share of successes, by Wilson's score. Source: Wilson 1927.
Estimate share_interval(std::int64_t successes, std::int64_t trials, double confidence);

/// The mean of one long correlated sequence, from the means of `batches` equal parts of it.
struct BatchMeans {
  Estimate mean;
  /// Correlation of neighbouring batch means; the interval is too narrow where it is well above 0.
  double lag_one_correlation = 0;
  /// Whether von Neumann's test, at one in a hundred, still takes the batch means for independent.
  bool independent = true;
};
BatchMeans batch_means(std::span<const double> sequence, std::size_t batches, double confidence);

}  // namespace georep
