#include "analysis/experiments/plan_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/theory/capacity.hpp"
#include "sim/kernel/chance.hpp"

using namespace georep;
using doctest::Approx;

namespace {

Magnitude mbps(double value) {
  return {Magnitude::Unit::bandwidth, value * 1e6};
}

// Pushes of exponential size over a link that sends them one after another, by Lindley's recursion:
// the slack of "99 % arrive within X". Chance is keyed by run and push, never by the rate.
Trial fifo_link(std::uint64_t seed, double mbits, std::int64_t run, double limit) {
  constexpr int warmup = 500;
  constexpr int pushes = 5000;
  Draw draw = Chance(seed, static_cast<std::uint64_t>(run)).draw(1, Purpose::test, 0);
  double wait = 0;
  int late = 0;
  for (int i = 0; i < warmup + pushes; ++i) {
    const double service = draw.exponential(400) / mbits;
    if (i >= warmup && wait + service > limit) ++late;
    wait = std::max(0.0, wait + service - draw.exponential(1 / 2.0));
  }
  Trial trial;
  trial.slack = {1 - static_cast<double>(late) / pushes / 0.01};
  trial.figure = {std::nullopt};
  trial.passed = trial.slack[0] > 0;
  trial.trace_hash = static_cast<std::uint64_t>(run);
  return trial;
}

TryValue repeated(std::function<Trial(double value, std::int64_t run)> one) {
  return [one](const Magnitude& value, std::int64_t first, std::int64_t count) {
    std::vector<Trial> trials;
    for (std::int64_t run = first; run < first + count; ++run) {
      trials.push_back(one(value.value, run));
    }
    return trials;
  };
}

Trial certain(double slack) {
  Trial trial;
  trial.slack = {slack};
  trial.figure = {slack};
  trial.passed = slack > 0;
  return trial;
}

}  // namespace

TEST_CASE("a plan finds the bandwidth that queueing theory asks for, inside its interval") {
  const double truth = theory::fifo_link_rate(2, 400, 0.99, 10);
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PlanGoal goal{mbps(820), mbps(4000)};
    goal.most_runs = 80;
    goal.precision = 0.1;
    const PlanResult plan = search_plan(goal, repeated([&](double value, std::int64_t run) {
                                          return fifo_link(seed, value / 1e6, run, 10);
                                        }));
    CAPTURE(seed);
    CHECK(plan.verdict == PlanVerdict::found);
    CHECK(plan.least);
    CHECK(plan.monotone);
    CHECK(plan.value.value / 1e6 == Approx(truth).epsilon(0.08));
    covered += plan.interval_low.value <= truth * 1e6 && truth * 1e6 <= plan.interval_high.value;
  }
  CHECK(covered >= 17);
}

TEST_CASE("without chance one run of a value is enough, and the least value that meets is found") {
  int runs = 0;
  const PlanResult plan =
      search_plan({mbps(100), mbps(10'000)}, repeated([&](double value, std::int64_t) {
                    ++runs;
                    return certain(value < 612.5e6 ? -1 : 1);
                  }));
  CHECK(plan.verdict == PlanVerdict::found);
  CHECK(plan.deterministic);
  CHECK(plan.value.value >= 612.5e6);
  CHECK(plan.value.value < 612.5e6 * 1.001);
  CHECK(runs < 30);
  CHECK(plan.evaluations == runs);
}

TEST_CASE("of whole numbers the very least that meets is found") {
  for (const double least : {2.0, 24.0, 63.0}) {
    const Magnitude low{Magnitude::Unit::integer, 1};
    const Magnitude high{Magnitude::Unit::integer, 64};
    const PlanResult plan = search_plan({low, high}, repeated([&](double value, std::int64_t) {
                                          return certain(value - least + 0.5);
                                        }));
    CHECK(plan.verdict == PlanVerdict::found);
    CHECK(plan.value.value == least);
  }
}

TEST_CASE("where small values meet and large ones do not, the greatest that meets is found") {
  const PlanResult plan = search_plan(
      {mbps(1), mbps(1000)},
      repeated([](double value, std::int64_t) { return certain(value <= 300e6 ? 1 : -1); }));
  CHECK(plan.verdict == PlanVerdict::found);
  CHECK_FALSE(plan.least);
  CHECK(plan.value.value <= 300e6);
  CHECK(plan.value.value > 299e6);
}

TEST_CASE("a range that lies all on one side is said to be so") {
  const auto always = [](double slack) {
    return search_plan({mbps(1), mbps(1000)},
                       repeated([slack](double, std::int64_t) { return certain(slack); }));
  };
  CHECK(always(1).verdict == PlanVerdict::all_meet);
  CHECK(always(-1).verdict == PlanVerdict::none_meets);
}

TEST_CASE("noise that the runs allowed cannot see through leaves the plan undecided") {
  PlanGoal goal{mbps(1), mbps(1000)};
  goal.most_runs = 40;
  const PlanResult plan = search_plan(
      goal, repeated([](double value, std::int64_t run) {
        Draw draw = Chance(1, static_cast<std::uint64_t>(run)).draw(2, Purpose::test, 0);
        Trial trial = certain(value / 500e6 - 1 + 20 * (draw.uniform() - 0.5));
        trial.trace_hash = static_cast<std::uint64_t>(run);
        return trial;
      }));
  CHECK(plan.verdict == PlanVerdict::undecided);
  CHECK(plan.interval_low.value < 500e6);
  CHECK(plan.interval_high.value > 500e6);
}

TEST_CASE("the tightest of several expectations decides, and the curve names it") {
  const PlanResult plan =
      search_plan({mbps(1), mbps(1000)}, repeated([](double value, std::int64_t) {
                    Trial trial = certain(value - 100e6);
                    trial.slack.push_back((value - 200e6) / 2);
                    trial.figure.push_back(value);
                    return trial;
                  }));
  CHECK(plan.value.value == Approx(200e6).epsilon(0.01));
  for (const PlanPoint& point : plan.curve) {
    CHECK(point.tightest == 1);
    CHECK(point.figure.value == point.value.value);
  }
}

TEST_CASE("a curve that falls where it should rise is noticed") {
  const PlanResult plan =
      search_plan({mbps(1), mbps(1000)}, repeated([](double value, std::int64_t) {
                    const bool dip = value > 400e6 && value < 600e6;
                    return certain(value < 10e6 ? -1 : dip ? 0.5 : 1);
                  }));
  CHECK(plan.monotone);
  const PlanResult dipped =
      search_plan({mbps(1), mbps(1000)}, repeated([](double value, std::int64_t) {
                    const bool dip = value > 20e6 && value < 40e6;
                    return certain(value < 10e6 ? -1 : dip ? -0.5 : 1);
                  }));
  CHECK_FALSE(dipped.monotone);
}

TEST_CASE("an interruption ends a plan with what there is") {
  int left = 5;
  const PlanResult plan = search_plan(
      {mbps(1), mbps(1000)}, [&](const Magnitude& value, std::int64_t, std::int64_t count) {
        std::vector<Trial> trials;
        for (; count > 0 && left > 0; --count, --left) {
          trials.push_back(certain(value.value - 500e6));
        }
        return trials;
      });
  CHECK(plan.verdict == PlanVerdict::interrupted);
  CHECK_FALSE(plan.curve.empty());
}
