#include "analysis/experiments/splitting.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "analysis/theory/rare_events.hpp"
#include "tests/analysis/experiments/rare_models.hpp"

using namespace georep;
using namespace georep::test;
using doctest::Approx;

TEST_CASE("an event that is not rare is found as often as plain runs find it") {
  const auto model = [] { return std::make_unique<Queues>(0.5, std::vector<double>{1}); };
  const SplittingResult result = split_with(model, 3, 2000, 30);
  CHECK(result.probability.covers(1.0 / 7));
  CHECK(result.zeros == 0);
}

TEST_CASE("a rare event that few plain runs would meet is inside the interval") {
  const auto model = [] { return std::make_unique<Queues>(0.5, std::vector<double>{1}); };
  const SplittingResult result = split_with(model, 20, 200, 30);
  CHECK(result.probability.covers(theory::overflow_probability(0.5, 1, 20)));
  CHECK(result.probability.low > 0);
  CHECK(result.crude_events() > 100 * static_cast<double>(result.events));
}

TEST_CASE("a target that no path comes near gives no estimate") {
  const auto model = [] { return std::make_unique<Chain>(1, 1e6, credit(0)); };
  SplittingRequest request;
  request.target = Chain::reached;
  request.paths = 20;
  CHECK_FALSE(split(model, request).reached);
}

TEST_CASE("the number of threads changes no digit of a result") {
  const auto model = [] { return std::make_unique<Queues>(0.5, std::vector<double>{1}); };
  SplittingRequest request;
  request.target = 10;
  request.paths = 50;
  const SplittingResult alone = split(model, request);
  request.jobs = 3;
  const SplittingResult together = split(model, request);
  CHECK(alone.probability.value == together.probability.value);
  CHECK(alone.probability.high == together.probability.high);
  CHECK(alone.events == together.events);
}

TEST_CASE("a branch repeats its parent to the crossing, event by event, and parts from it there") {
  Queues model(0.9, {1});
  SplitPath parent;
  std::vector<ScoreRecord> records;
  while (records.size() < 8) {
    ++parent.key;
    records = model.run(parent, 1e9);
  }
  const std::size_t crossing = 3;
  SplitPath branch = parent;
  branch.cuts.push_back({records[crossing].event, records[crossing].at, 99});
  const std::vector<ScoreRecord> again = model.run(branch, 1e9);
  REQUIRE(again.size() > crossing);
  for (std::size_t i = 0; i <= crossing; ++i) {
    CHECK(again[i].event == records[i].event);
    CHECK(again[i].at == records[i].at);
  }
  // The delays that were under way at the crossing end at other moments.
  CHECK((again.size() == crossing + 1 || again[crossing + 1].at != records[crossing + 1].at));
}

TEST_CASE("what is known to last longer does, and is spread as the law is from there on") {
  Distribution uniform;
  uniform.law = Distribution::Law::uniform;
  uniform.a = 10e9;
  uniform.b = 20e9;
  CHECK(longer_than(uniform, 15_s, 0.5).seconds() == Approx(17.5).epsilon(1e-9));
  CHECK(longer_than(uniform, 5_s, 0.25).seconds() == Approx(12.5).epsilon(1e-9));
  CHECK(longer_than(exponential(2), 7_s, 0.5).seconds() == Approx(7 + 2 * std::log(2)));
  Distribution weibull;
  weibull.law = Distribution::Law::weibull;
  weibull.a = 1e9;
  weibull.b = 0.5;
  // P(X > x) = exp(-sqrt(x)): half of those beyond 4 s last beyond (2 + ln 2)^2 s.
  CHECK(longer_than(weibull, 4_s, 0.5).seconds() ==
        Approx((2 + std::log(2)) * (2 + std::log(2))).epsilon(1e-9));
}
