#include "analysis/statistics/samples.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/kernel/assert.hpp"

namespace georep {

void CompensatedSum::add(double value) {
  const double sum = high_ + value;
  const double taken = sum - high_;
  low_ += (high_ - (sum - taken)) + (value - taken);
  high_ = sum;
}

void CompensatedSum::add(const CompensatedSum& other) {
  add(other.high_);
  low_ += other.low_;
}

namespace {

// A bin is a sign-less exponent and the first nine bits of the fraction: the top of a double's bits.
constexpr int fraction_bits = 52 - 9;
constexpr double smallest = 1.0 / (1LL << 32);

std::int64_t bin_of(double value) {
  return static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(value) >> fraction_bits);
}

double middle_of(std::int64_t bin) {
  const auto bits = static_cast<std::uint64_t>(bin) << fraction_bits;
  return std::bit_cast<double>(bits | 1ULL << (fraction_bits - 1));
}

}  // namespace

void LogLinearHistogram::add(double value, std::uint64_t times) {
  if (value < smallest) {
    zeros_ += times;
    return;
  }
  const std::int64_t bin = bin_of(value);
  if (bins_.empty()) first_ = bin;
  if (bin < first_) {
    bins_.insert(bins_.begin(), static_cast<std::size_t>(first_ - bin), 0);
    first_ = bin;
  }
  const auto place = static_cast<std::size_t>(bin - first_);
  if (place >= bins_.size()) bins_.resize(place + 1);
  bins_[place] += times;
}

void LogLinearHistogram::merge(const LogLinearHistogram& other) {
  zeros_ += other.zeros_;
  for (std::size_t place = 0; place < other.bins_.size(); ++place)
    if (other.bins_[place] > 0)
      add(middle_of(other.first_ + static_cast<std::int64_t>(place)), other.bins_[place]);
}

double LogLinearHistogram::value_of_rank(std::uint64_t rank) const {
  if (rank <= zeros_) return 0;
  std::uint64_t below = zeros_;
  for (std::size_t place = 0; place < bins_.size(); ++place) {
    below += bins_[place];
    if (rank <= below) return middle_of(first_ + static_cast<std::int64_t>(place));
  }
  GEOREP_ASSERT(false, "a rank is at most the number of samples");
}

void Samples::add(double value) {
  GEOREP_ASSERT(value >= 0, "a sample is a duration, a size, a ratio or a count");
  if (count_ == values_.size()) {
    if (count_ < exact_limit) {
      values_.push_back(value);
      sorted_ = false;
    } else {
      spill();
      histogram_.add(value);
    }
  } else {
    histogram_.add(value);
  }
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  ++count_;
  sum_.add(value);
  const double deviation = value - running_mean_;
  running_mean_ += deviation / static_cast<double>(count_);
  squares_ += deviation * (value - running_mean_);
}

// From here on only the histogram knows the samples.
void Samples::spill() {
  for (const double value : values_) histogram_.add(value);
  values_.clear();
  values_.shrink_to_fit();
}

void Samples::merge(const Samples& other) {
  if (other.empty()) return;
  if (exact() && other.exact() && count_ + other.count_ <= exact_limit) {
    values_.insert(values_.end(), other.values_.begin(), other.values_.end());
    sorted_ = false;
  } else {
    if (exact()) spill();
    if (other.exact()) {
      for (const double value : other.values_) histogram_.add(value);
    } else {
      histogram_.merge(other.histogram_);
    }
  }
  min_ = empty() ? other.min_ : std::min(min_, other.min_);
  max_ = empty() ? other.max_ : std::max(max_, other.max_);
  // Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
  const auto mine = static_cast<double>(count_);
  const auto theirs = static_cast<double>(other.count_);
  const double apart = other.running_mean_ - running_mean_;
  running_mean_ += apart * (theirs / (mine + theirs));
  squares_ += other.squares_ + apart * apart * (mine * theirs / (mine + theirs));
  count_ += other.count_;
  sum_.add(other.sum_);
}

void Samples::clear() {
  std::vector<double> memory = std::move(values_);
  memory.clear();
  *this = Samples{};
  values_ = std::move(memory);
}

double Samples::stddev() const {
  GEOREP_ASSERT(count_ >= 2, "one sample has no standard deviation");
  return std::sqrt(squares_ / static_cast<double>(count_ - 1));
}

double Samples::percentile(double percent) const {
  GEOREP_ASSERT(count_ > 0 && percent > 0 && percent <= 100, "a percentile is of some samples");
  // In whole numbers: 99.9 % of 1,000 are 999 samples, not 999.0000000000001 of them.
  constexpr std::uint64_t whole = 100'000'000;
  const auto share = static_cast<std::uint64_t>(std::llround(percent * 1e6));
  const std::uint64_t rank =
      count_ / whole * share + (count_ % whole * share + whole - 1) / whole;
  if (rank == 0) return min_;
  if (!exact()) return std::clamp(histogram_.value_of_rank(rank), min_, max_);
  if (!sorted_) std::sort(values_.begin(), values_.end());
  sorted_ = true;
  return values_[rank - 1];
}

}  // namespace georep
