#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/statistics/monotone_fit.hpp"
#include "analysis/statistics/precision.hpp"
#include "analysis/statistics/warmup.hpp"
#include "sim/kernel/chance.hpp"
#include "sim/kernel/elementary.hpp"

using namespace georep;
using doctest::Approx;

namespace {

Draw test_draw(std::uint64_t index) {
  return Chance(11, 0).draw(name_hash("sequential"), Purpose::test, index);
}

}  // namespace

TEST_CASE("a start that decays is dropped, and little more") {
  Draw draw = test_draw(0);
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) {
    values.push_back(50 * std::exp(-i / 40.0) + elementary::normal_quantile(draw.uniform()));
  }
  const auto cut = suggested_warmup(values);
  REQUIRE(cut);
  CHECK(*cut >= 100);
  CHECK(*cut <= 400);
  CHECK(*cut % 5 == 0);
}

TEST_CASE("a settled sequence keeps all but its first few samples") {
  Draw draw = test_draw(1);
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) values.push_back(draw.uniform());
  const auto cut = suggested_warmup(values);
  REQUIRE(cut);
  CHECK(*cut < 200);
}

TEST_CASE("a sequence that never settles gets no warm-up") {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(i);
  CHECK_FALSE(suggested_warmup(values));
  CHECK_FALSE(suggested_warmup(std::vector<double>(20, 1.0)));
}

TEST_CASE("the cut is the one that a plain search over all cuts finds") {
  Draw draw = test_draw(2);
  std::vector<double> values;
  for (int i = 0; i < 500; ++i) values.push_back((i < 60 ? 8.0 : 0.0) + draw.exponential(1));
  const auto cut = suggested_warmup(values);
  REQUIRE(cut);
  std::vector<double> means;
  for (std::size_t i = 0; i < 500; i += 5) {
    double sum = 0;
    for (std::size_t k = i; k < i + 5; ++k) sum += values[k];
    means.push_back(sum / 5);
  }
  std::size_t best = 0;
  double least = 1e300;
  for (std::size_t d = 0; d + 5 <= means.size(); ++d) {
    const auto kept = static_cast<double>(means.size() - d);
    double mean = 0;
    for (std::size_t k = d; k < means.size(); ++k) mean += means[k] / kept;
    double squares = 0;
    for (std::size_t k = d; k < means.size(); ++k) {
      squares += (means[k] - mean) * (means[k] - mean);
    }
    if (squares / (kept * kept) < least) {
      least = squares / (kept * kept);
      best = d;
    }
  }
  CHECK(*cut == best * 5);
}

TEST_CASE("runs go on until the mean is precise twice in a row, and the interval is honest") {
  int covered = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    Draw draw = test_draw(100 + i);
    SequentialMean mean({0.1, 0.95, 10});
    int runs = 0;
    while (!mean.met()) {
      mean.add(draw.exponential(2));
      ++runs;
      REQUIRE(runs < 5000);
    }
    CHECK(runs > 10);
    const Estimate estimate = mean.estimate();
    CHECK(estimate.half_width() <= 0.1 * estimate.value);
    covered += estimate.covers(2) ? 1 : 0;
  }
  CHECK(covered > 360);
}

TEST_CASE("a mean that does not scatter is precise after the least number of runs and one more") {
  SequentialMean mean({0.01, 0.95, 10});
  int runs = 0;
  for (; !mean.met(); ++runs) mean.add(5);
  CHECK(runs == 11);
}

TEST_CASE("a fit that may not fall leaves ordered values alone and pools the rest") {
  const std::vector<double> ordered{1, 2, 2, 5};
  const std::vector<double> ones{1, 1, 1, 1};
  CHECK(non_decreasing_fit(ordered, ones) == ordered);
  const std::vector<double> swapped{1, 4, 2, 5};
  CHECK(non_decreasing_fit(swapped, ones) == std::vector<double>{1, 3, 3, 5});
  const std::vector<double> weights{1, 3, 1, 1};
  CHECK(non_decreasing_fit(swapped, weights) == std::vector<double>{1, 3.5, 3.5, 5});
  CHECK(non_increasing_fit(swapped, ones) == std::vector<double>{3, 3, 3, 3});
}

TEST_CASE("no other ordered sequence is nearer than the fit") {
  // The minimax formula: the i-th value is the largest over starts of the least mean over ends.
  Draw draw = test_draw(3);
  std::vector<double> values;
  std::vector<double> weights;
  for (int i = 0; i < 30; ++i) {
    values.push_back(i * 0.05 + draw.uniform());
    weights.push_back(0.5 + draw.uniform());
  }
  const std::vector<double> fitted = non_decreasing_fit(values, weights);
  for (std::size_t i = 0; i < values.size(); ++i) {
    double largest = -1e300;
    for (std::size_t from = 0; from <= i; ++from) {
      double least = 1e300;
      double sum = 0;
      double weight = 0;
      for (std::size_t k = from; k < values.size(); ++k) {
        sum += values[k] * weights[k];
        weight += weights[k];
        if (k >= i) least = std::min(least, sum / weight);
      }
      largest = std::max(largest, least);
    }
    CHECK(fitted[i] == Approx(largest).epsilon(1e-12));
  }
}
