#include "analysis/statistics/interval.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/kernel/chance.hpp"
#include "sim/kernel/elementary.hpp"

using namespace georep;
using doctest::Approx;

namespace {

Draw test_draw(std::uint64_t index) {
  return Chance(7, 0).draw(name_hash("interval"), Purpose::test, index);
}

std::vector<double> exponentials(std::uint64_t index, std::size_t count) {
  Draw draw = test_draw(index);
  std::vector<double> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back(draw.exponential(1));
  return samples;
}

// The share of 2,000 repetitions whose interval covers the truth.
template <typename Covers>
double coverage(Covers covers) {
  int covered = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) covered += covers(i) ? 1 : 0;
  return covered / 2000.0;
}

}  // namespace

TEST_CASE("an interval for leaning samples leans with them, and misses on both sides alike") {
  const std::vector<double> even{-2, -1, 0, 1, 2};
  CHECK(skewed_mean_interval(even, 0.95).low == Approx(mean_interval(even, 0.95).low));
  const std::vector<double> leaning{0.1, 0.2, 0.4, 0.8, 6};
  CHECK(skewed_mean_interval(leaning, 0.95).high > mean_interval(leaning, 0.95).high);
  CHECK(skewed_mean_interval(leaning, 0.95).low > mean_interval(leaning, 0.95).low);

  // Exponential samples, forty at a time.
  int below = 0;
  int above = 0;
  for (std::uint64_t repetition = 0; repetition < 2000; ++repetition) {
    const Estimate mean = skewed_mean_interval(exponentials(repetition, 40), 0.95);
    below += mean.high < 1 ? 1 : 0;
    above += mean.low > 1 ? 1 : 0;
  }
  CHECK(below + above > 70);
  CHECK(below + above < 140);
  CHECK(std::abs(below - above) < 40);
}

TEST_CASE("Student's interval is the one of the tables") {
  // The 97.5 % point of t with 4 degrees of freedom is 2.776445.
  const std::vector<double> samples{1, 2, 3, 4, 5};
  const Estimate mean = mean_interval(samples, 0.95);
  CHECK(mean.value == 3);
  CHECK(mean.half_width() == Approx(2.776445105 * std::sqrt(2.5 / 5)).epsilon(1e-9));
  CHECK(mean.samples == 5);
}

TEST_CASE("one sample alone says nothing of its spread") {
  const std::vector<double> one{3};
  CHECK(mean_interval(one, 0.95).covers(-1e300));
  CHECK(mean_interval(one, 0.95).value == 3);
}

TEST_CASE("intervals of a mean of normal values cover it as often as they say") {
  const double share = coverage([](std::uint64_t i) {
    Draw draw = test_draw(i);
    std::vector<double> samples;
    for (int k = 0; k < 8; ++k) samples.push_back(elementary::normal_quantile(draw.uniform()));
    return mean_interval(samples, 0.95).covers(0);
  });
  CHECK(share > 0.935);
  CHECK(share < 0.965);
}

TEST_CASE("intervals of a quantile cover it at least as often as they say, whatever the law") {
  const double median = std::log(2);
  const double share = coverage([&](std::uint64_t i) {
    return quantile_interval(exponentials(i, 40), 0.5, 0.95)->covers(median);
  });
  CHECK(share > 0.945);
  CHECK(share < 0.985);
}

TEST_CASE("the ranks of a quantile's interval are the known ones of the sign test") {
  // Of 10 values the 2nd and the 9th enclose the median with 97.85 %, the 3rd and 8th with 89.06 %.
  const std::vector<double> samples{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  const auto median = quantile_interval(samples, 0.5, 0.95);
  REQUIRE(median);
  CHECK(median->low == 2);
  CHECK(median->high == 9);
  CHECK(median->value == 5);
}

TEST_CASE("few samples give no interval of an extreme quantile") {
  CHECK_FALSE(quantile_interval(exponentials(1, 100), 0.99, 0.95));
  CHECK(quantile_interval(exponentials(1, 1000), 0.99, 0.95));
}

TEST_CASE("Wilson's interval is the published one and never leaves zero to one") {
  // Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662, 0 of 20 is 0 to 0.1611.
  const Estimate some = share_interval(81, 263, 0.95);
  CHECK(some.low == Approx(0.2553).epsilon(2e-4));
  CHECK(some.high == Approx(0.3662).epsilon(2e-4));
  const Estimate none = share_interval(0, 20, 0.95);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.1611).epsilon(5e-4));
  CHECK(share_interval(20, 20, 0.95).high == 1);
}

TEST_CASE("runs with common random numbers tell small differences apart") {
  std::vector<double> slow;
  std::vector<double> fast;
  for (const double value : exponentials(3, 30)) {
    fast.push_back(value);
    slow.push_back(value * 1.05);
  }
  CHECK(paired_difference(slow, fast, 0.95).low > 0);
  CHECK(mean_interval(slow, 0.95).low < mean_interval(fast, 0.95).value);
}

TEST_CASE(
    "batch means of a correlated sequence cover its mean, and say when batches are too short") {
  // An autoregression whose correlation dies away over about twenty steps.
  const auto sequence = [](std::uint64_t i) {
    Draw draw = test_draw(i);
    std::vector<double> values;
    double value = 0;
    for (int k = 0; k < 6000; ++k) {
      value = 0.95 * value + elementary::normal_quantile(draw.uniform());
      values.push_back(value);
    }
    return values;
  };
  int covered = 0;
  int suspected = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const std::vector<double> values = sequence(i);
    const BatchMeans long_batches = batch_means(values, 20, 0.95);
    covered += long_batches.mean.covers(0) ? 1 : 0;
    suspected += long_batches.independent ? 0 : 1;
    const BatchMeans short_batches = batch_means(values, 600, 0.95);
    CHECK_FALSE(short_batches.independent);
    CHECK(short_batches.lag_one_correlation > 0.3);
  }
  CHECK(covered > 270);
  CHECK(suspected < 30);
}
