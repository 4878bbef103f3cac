// When the operations of a workload come, and what they are about, against closed forms.
#include <cmath>
#include <set>

#include <doctest/doctest.h>

#include "models/workload/arrivals.hpp"
#include "models/workload/draws.hpp"
#include "models/workload/popularity.hpp"

using namespace georep;

namespace {

std::vector<double> arrivals_until(const ArrivalsSpec& spec, Duration from, Duration until,
                                   std::uint64_t seed = 1) {
  Arrivals arrivals{spec, name_hash("test"), from};
  std::vector<double> times;
  while (const auto at = arrivals.next(Chance{seed, 0})) {
    if (at->since_start() >= until) break;
    times.push_back(at->seconds());
  }
  return times;
}

}  // namespace

TEST_CASE("periodic arrivals begin at the start and keep their distance to the nanosecond") {
  const ArrivalsSpec spec = PeriodicArrivals{7_s};
  Arrivals arrivals{spec, 1, 3_s};
  for (std::int64_t k = 0; k < 5; ++k) CHECK(arrivals.next(Chance{1, 0}) == Instant::at(3_s + 7_s * k));
}

TEST_CASE("Poisson arrivals have the mean and the variance of their rate, and gaps without memory") {
  const std::vector<double> times = arrivals_until(PoissonArrivals{Rate{50}}, 10_s, 2010_s);
  CHECK(times.front() > 10);
  const double count = static_cast<double>(times.size());
  CHECK(std::abs(count - 100'000) < 3.29 * std::sqrt(100'000.0));  // 99.9 %
  double longer = 0;  // gaps above the mean: a share of 1 / e
  for (std::size_t i = 1; i < times.size(); ++i) longer += times[i] - times[i - 1] > 0.02;
  const double share = std::exp(-1.0);
  CHECK(std::abs(longer / count - share) < 3.29 * std::sqrt(share * (1 - share) / count));
}

TEST_CASE("arrivals of a day peak at their hour and keep their mean") {
  // The rate is 2 (1 + 0.6 cos(2 pi (t - 14 h) / 24 h)); its integral over the six hours around the peak and the trough are known.
  const DiurnalArrivals day{Rate{2}, 14_h, Ratio{0.6}};
  const std::vector<double> times = arrivals_until(day, 0_s, 1_d * 10);
  double peak = 0;
  double trough = 0;
  for (const double t : times) {
    const double hour = std::fmod(t / 3600, 24);
    peak += hour >= 11 && hour < 17;
    trough += hour < 5 || hour >= 23;
  }
  const auto expected = [](double sign) {
    return 10 * 2 * 3600 * (6 + sign * 0.6 * 24 / 3.14159265358979 * std::sin(3.14159265358979 / 4));
  };
  CHECK(std::abs(peak - expected(1)) < 3.29 * std::sqrt(expected(1)));
  CHECK(std::abs(trough - expected(-1)) < 3.29 * std::sqrt(expected(-1)));
  CHECK(std::abs(static_cast<double>(times.size()) - 1'728'000) < 3.29 * std::sqrt(1'728'000.0));
}

TEST_CASE("recorded arrivals come at their times, counted from the start, and then end") {
  EmpiricalArrivals recorded;
  recorded.times = std::make_shared<const std::vector<Duration>>(
      std::vector<Duration>{0_s, 250_ms, 250_ms, 1_s});
  const ArrivalsSpec spec = recorded;
  Arrivals arrivals{spec, 1, 5_s};
  for (const Duration after : {0_ms, 250_ms, 250_ms, 1000_ms})
    CHECK(arrivals.next(Chance{1, 0}) == Instant::at(5_s + after));
  CHECK(!arrivals.next(Chance{1, 0}));
}

TEST_CASE("two workloads of one kind draw different arrivals, and one draws the same again") {
  const PoissonArrivals poisson{Rate{1}};
  CHECK(arrivals_until(poisson, 0_s, 100_s, 1) == arrivals_until(poisson, 0_s, 100_s, 1));
  CHECK(arrivals_until(poisson, 0_s, 100_s, 1) != arrivals_until(poisson, 0_s, 100_s, 2));
}

TEST_CASE("popularity follows the power of the rank") {
  const Popularity popularity{10'000, 1.1};
  double sum = 0;
  for (int rank = 1; rank <= 10'000; ++rank) sum += std::pow(rank, -1.1);
  for (const std::size_t rank : {0U, 1U, 9U, 99U, 9'999U})
    CHECK(popularity.share(rank) ==
          doctest::Approx(std::pow(static_cast<double>(rank + 1), -1.1) / sum).epsilon(1e-9));
  Draw draw = Chance{1, 0}.draw(1, Purpose::test, 0);
  double first = 0;
  for (int i = 0; i < 100'000; ++i) first += popularity.rank(draw.uniform()) == 0;
  const double share = 1 / sum;
  CHECK(std::abs(first / 1e5 - share) < 3.29 * std::sqrt(share * (1 - share) / 1e5));
  CHECK(Popularity{4, 0}.share(3) == doctest::Approx(0.25));
}

TEST_CASE("a uniform count is each whole number of its range equally often") {
  CountLaw law;
  law.law = Distribution::Law::uniform;
  law.a = 3;
  law.b = 12;
  std::vector<double> seen(13);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    Draw draw = Chance{1, 0}.draw(1, Purpose::test, i);
    const std::int64_t count = sample_count(law, draw);
    REQUIRE((count >= 3 && count <= 12));
    ++seen[static_cast<std::size_t>(count)];
  }
  for (std::size_t n = 3; n <= 12; ++n) CHECK(std::abs(seen[n] - 10'000) < 3.9 * std::sqrt(9'000.0));
}

TEST_CASE("arrivals that would come after all time do not come") {
  const ArrivalsSpec poisson = PoissonArrivals{Rate{1e-15}};
  CHECK(!Arrivals{poisson, 1, 0_s}.next(Chance{1, 0}));
  const ArrivalsSpec day = DiurnalArrivals{Rate{1e-15}, 14_h, Ratio{0.6}};
  CHECK(!Arrivals{day, 1, 0_s}.next(Chance{1, 0}));
  const ArrivalsSpec periodic = PeriodicArrivals{36'500_d};
  Arrivals arrivals{periodic, 1, 0_s};
  for (std::int64_t k = 0; k < 3; ++k) CHECK(arrivals.next(Chance{1, 0}) == Instant::at(36'500_d * k));
  CHECK(!arrivals.next(Chance{1, 0}));
}
