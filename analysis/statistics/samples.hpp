// The samples of a measure: exact up to a hundred thousand, beyond that a log-linear histogram (Tene, HdrHistogram) whose percentiles are within
// 0.1 %. Count, sum, extremes, mean and standard deviation are exact whatever the number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace georep {

/// A sum of doubles that keeps what rounding drops (Knuth, TAOCP vol. 2, 4.2.2, theorem B): exact for whole numbers up to 2^53 each.
class CompensatedSum {
 public:
  void add(double value);
  void add(const CompensatedSum& other);
  double total() const { return high_ + low_; }

 private:
  double high_ = 0;
  double low_ = 0;
};

/// Counts of values in bins, 512 to a doubling, over all that is used of the range from 2^-32 up; smaller values count as 0.
class LogLinearHistogram {
 public:
  void add(double value, std::uint64_t times = 1);
  void merge(const LogLinearHistogram& other);
  /// The middle of the bin that holds the value of that rank, from 1: within 1/1024 of it.
  double value_of_rank(std::uint64_t rank) const;

 private:
  std::uint64_t zeros_ = 0;
  std::int64_t first_ = 0;  // the number of bins_[0]
  std::vector<std::uint64_t> bins_;
};

/// Samples of at least 0.
class Samples {
 public:
  static constexpr std::size_t exact_limit = 100'000;

  void add(double value);
  void merge(const Samples& other);
  void clear();

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  /// Whether percentiles are those of the samples themselves.
  bool exact() const { return values_.size() == count_; }

  double sum() const { return sum_.total(); }
  // Of at least one sample:
  double mean() const { return sum_.total() / static_cast<double>(count_); }
  double min() const { return min_; }
  double max() const { return max_; }
  /// With n−1, so of at least two samples.
  double stddev() const;
  /// By nearest rank: the smallest sample that at least `percent` per cent of them do not exceed. `percent` in (0, 100], to six decimals.
  double percentile(double percent) const;

 private:
  void spill();

  std::uint64_t count_ = 0;
  CompensatedSum sum_;
  double min_ = 0;
  double max_ = 0;
  // Welford's running mean and sum of squared deviations (TAOCP vol. 2, 4.2.2).
  double running_mean_ = 0;
  double squares_ = 0;
  mutable std::vector<double> values_;  // put in order when a percentile is asked for
  mutable bool sorted_ = true;
  LogLinearHistogram histogram_;  // empty while exact
};

}  // namespace georep
