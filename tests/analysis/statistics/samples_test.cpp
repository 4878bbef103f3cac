// The samples of a measure against their definitions, computed the long way.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/statistics/samples.hpp"
#include "sim/kernel/chance.hpp"

using namespace georep;

namespace {

Draw draw_for(std::uint64_t number) {
  return Chance{7, 0}.draw(name_hash("samples"), Purpose::test, number);
}

std::vector<double> values_of(std::size_t count, double greatest) {
  Draw draw = draw_for(count);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(std::floor(draw.uniform() * greatest));
  return values;
}

Samples samples_of(const std::vector<double>& values) {
  Samples samples;
  for (const double value : values) samples.add(value);
  return samples;
}

/// The smallest sample that at least `tenths` per mille of them do not exceed, by counting.
double by_definition(const std::vector<double>& values, std::uint64_t tenths) {
  double best = *std::max_element(values.begin(), values.end());
  for (const double candidate : values) {
    const auto not_above = static_cast<std::uint64_t>(std::count_if(
        values.begin(), values.end(), [candidate](double value) { return value <= candidate; }));
    if (not_above * 1000 >= tenths * values.size()) best = std::min(best, candidate);
  }
  return best;
}

}  // namespace

TEST_CASE("percentiles are by nearest rank, whatever the number of samples") {
  for (std::size_t count = 1; count <= 120; ++count) {
    const std::vector<double> values = values_of(count, 50);
    const Samples samples = samples_of(values);
    for (const std::uint64_t tenths : {1, 10, 250, 500, 900, 950, 990, 999, 1000})
      CHECK(samples.percentile(static_cast<double>(tenths) / 10) == by_definition(values, tenths));
  }
}

TEST_CASE("a percentile whose share is whole takes that sample and not the next") {
  Samples samples;
  for (int i = 1; i <= 1000; ++i) samples.add(i);
  CHECK(samples.percentile(99.9) == 999);
  CHECK(samples.percentile(99) == 990);
  CHECK(samples.percentile(50) == 500);
  CHECK(samples.percentile(0.1) == 1);
}

TEST_CASE("count, sum, extremes, mean and deviation are those of the definition") {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  const Samples samples = samples_of(values);
  CHECK(samples.count() == 8);
  CHECK(samples.sum() == 40);
  CHECK(samples.mean() == 5);
  CHECK(samples.min() == 2);
  CHECK(samples.max() == 9);
  CHECK(samples.stddev() == doctest::Approx(std::sqrt(32.0 / 7)).epsilon(1e-15));
}

TEST_CASE("a sum of whole numbers is exact where a plain one is not") {
  Samples samples;
  double plain = 0;
  for (int i = 0; i < 1000; ++i) {
    for (const double value : {9007199254740991.0, 1.0}) {
      samples.add(value);
      plain += value;
    }
  }
  CHECK(samples.sum() == 9007199254740992.0 * 1000);
  samples.add(1);
  samples.add(1023);
  CHECK(samples.sum() == 9007199254740992.0 * 1000 + 1024);
  CHECK(plain != samples.sum());
}

TEST_CASE("alike samples have no deviation at all") {
  Samples samples;
  for (int i = 0; i < 200'000; ++i) samples.add(150'000'123);
  CHECK(samples.stddev() == 0);
  CHECK(samples.mean() == 150'000'123);
  CHECK(samples.percentile(99.9) == 150'000'123);
}

TEST_CASE("percentiles are exact to 100,000 samples, and within 0.1 % beyond") {
  for (const double greatest : {3e3, 1e9, 4e15}) {
    std::vector<double> values = values_of(Samples::exact_limit, greatest);
    Samples samples = samples_of(values);
    CHECK(samples.exact());
    std::sort(values.begin(), values.end());
    CHECK(samples.percentile(99) == values[98'999]);
    for (const double more : values_of(150'000, greatest)) {
      samples.add(more);
      values.push_back(more);
    }
    CHECK_FALSE(samples.exact());
    CHECK(samples.count() == 250'000);
    std::sort(values.begin(), values.end());
    for (const double percent : {0.5, 10.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(percent * 2500 - 1e-6));
      const double exact = values[rank - 1];
      CHECK(std::abs(samples.percentile(percent) - exact) <= 0.001 * exact);
    }
    CHECK(samples.max() == values.back());
    CHECK(samples.min() == values.front());
  }
}

TEST_CASE("merged samples are those that were all put into one") {
  for (const std::size_t size : {std::size_t{3}, std::size_t{60'000}, std::size_t{120'000}}) {
    const std::vector<double> first = values_of(size, 1e6);
    const std::vector<double> second = values_of(size + 1, 1e6);
    Samples merged = samples_of(first);
    merged.merge(samples_of(second));
    Samples whole = samples_of(first);
    for (const double value : second) whole.add(value);
    CHECK(merged.count() == whole.count());
    CHECK(merged.exact() == whole.exact());
    CHECK(merged.sum() == whole.sum());
    CHECK(merged.stddev() == doctest::Approx(whole.stddev()).epsilon(1e-12));
    for (const double percent : {1.0, 50.0, 99.0, 99.9})
      CHECK(merged.percentile(percent) == whole.percentile(percent));
  }
}

TEST_CASE("samples that were cleared are as new") {
  Samples samples = samples_of(values_of(150'000, 10));
  samples.clear();
  CHECK(samples.empty());
  samples.add(3);
  CHECK(samples.exact());
  CHECK(samples.percentile(50) == 3);
  CHECK(samples.max() == 3);
}
