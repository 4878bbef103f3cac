// Expectations with durations are judged over every timing of a schedule: the search finds the one nanosecond that breaks a bound, and says that a
// bound holds where no timing breaks it.
#include <algorithm>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include "analysis/races/exploration.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "scenarios/reader/reader.hpp"

using namespace georep;

namespace {

Scenario scenario_of(const std::string& rest) {
  const std::string text = R"(version: 1
scenario: durations
network:
  local_rtt: 2 ms
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 40 ms}]
images: {old: [1 MB], new: [2 MB]}
hosts: {dev: {region: west}, reader: {region: east}}
)" + rest;
  ReadResult read = read_scenario_text({"test.yaml", text});
  INFO(render(read.diagnostics, read.source));
  REQUIRE(read.scenario);
  return std::move(*read.scenario);
}

SearchVerdict verdict_of(const std::string& rest) {
  const Scenario scenario = scenario_of(rest);
  const Plan plan = *compile(scenario.world);
  ExplorationOptions options;
  options.strategy = SearchStrategy::exhaustive;
  return explore(scenario, plan, options).verdict;
}

/// The least bound that no schedule breaks, in nanoseconds. `text_with` makes the scenario of a bound.
template <class TextWith>
std::int64_t least_safe_bound(const TextWith& text_with) {
  std::int64_t broken = 0;
  std::int64_t safe = 10'000'000'000;
  CHECK(verdict_of(text_with(safe)) == SearchVerdict::absent);
  while (safe - broken > 1) {
    const std::int64_t middle = broken + (safe - broken) / 2;
    const SearchVerdict verdict = verdict_of(text_with(middle));
    REQUIRE(verdict != SearchVerdict::unresolved);
    (verdict == SearchVerdict::absent ? safe : broken) = middle;
  }
  return safe;
}

std::string nanoseconds(std::int64_t count) { return std::to_string(count) + " ns"; }

}  // namespace

TEST_CASE("the least bound on an operation that consists of messages is its ordinary length and the spread of the delays") {
  const auto text_with = [](std::int64_t bound) {
    return R"(
registry: {config_size: 0 B}
timeline:
  - {at: 0 s, push: old, to: "app:v1", on: dev}
  - {at: 1 s, pull: "app:v1", on: reader, as: pull}
uncertainty: {ties: true, latency: 50%}
expect: [{operation: pull, succeeds: true, within: )" + nanoseconds(bound) + "}]\n";
  };
  const Scenario scenario = scenario_of(text_with(1'000'000'000));
  const Plan plan = *compile(scenario.world);
  ScheduleRunner runner{scenario, plan};
  runner.run(Schedule{});
  const Duration ordinary = runner.subject().runner().world().operations()[1].duration;
  REQUIRE(ordinary > Duration{});
  CHECK(least_safe_bound(text_with) == ordinary.count() / 2 * 3);
}

TEST_CASE("answers are out of date for as long as the replicas may take to converge") {
  const std::string common = R"(
registry: {config_size: 0 B}
timeline:
  - {at: 0 s, push: old, to: "app:v1", on: dev}
  - {at: 2 s, push: new, to: "app:v1", on: dev}
  - {at: 3 s, pull: "app:v1", on: reader, as: pull}
uncertainty: {ties: true, start_delay: [0 s, 30 ms], at: {pull: [1900 ms, 3 s]}}
)";
  const std::int64_t age = least_safe_bound([&](std::int64_t bound) {
    return common + "expect: [{never: stale-read, longer_than: " + nanoseconds(bound) + "}]\n";
  });
  const std::int64_t lag = least_safe_bound([&](std::int64_t bound) {
    return common + "expect: [{eventually: converged, within: " + nanoseconds(bound) + "}]\n";
  });
  CHECK(age == lag);
  CHECK(lag > 30'000'000);
}

TEST_CASE("a cluster's pull may take as long as a host's of the same region, nanosecond for nanosecond") {
  const auto least_bound = [](const std::string& puller, const std::string& expectation) {
    return least_safe_bound([&](std::int64_t bound) {
      return R"(clusters: {web: {region: east, nodes: 1}}
timeline:
  - {at: 0 s, push: old, to: "app:v1", on: dev}
  - {at: 10 s, )" + puller + R"(}
uncertainty: {storage: [1 ms, 3 ms]}
expect: [{)" + expectation + nanoseconds(bound) + "}]\n";
    });
  };
  const std::int64_t host = least_bound(R"(pull: "app:v1", on: reader, as: pull)", "operation: pull, within: ");
  const std::int64_t node =
      least_bound(R"(deploy: "app:v1", to: web)", "measure: pull_duration, statistic: max, below: ");
  CHECK(host > 2'000'000);
  CHECK(node == host + 1);
}

TEST_CASE("the least bound on a webhook moves with the longest wait before replication, nanosecond for nanosecond") {
  const auto bound_with = [](std::int64_t longest_wait) {
    return least_safe_bound([longest_wait](std::int64_t bound) {
      return R"(
registry: {config_size: 0 B}
webhooks: [{name: arrivals, region: east, events: [push], receiver: {answers_after: 5 ms}}]
timeline: [{at: 0 s, push: old, to: "app:v1", on: dev}]
uncertainty: {ties: true, start_delay: [0 s, )" +
             nanoseconds(longest_wait) + "]}\nexpect: [{webhook: arrivals, within: " + nanoseconds(bound) + "}]\n";
    });
  };
  const std::int64_t without = bound_with(0);
  CHECK(bound_with(7'000'001) == without + 7'000'001);
}

TEST_CASE("the least bound on the mean of independent lags is that on the mean of their least bounds, and so is that on their sum") {
  const auto least_bound = [](const std::string& which, const std::string& statistic) {
    return least_safe_bound([&](std::int64_t bound) {
      return R"(
registry: {config_size: 0 B}
timeline:
  - {at: 0 s, push: old, to: "app:v1", on: dev}
  - {at: 10 s, push: new, to: "app:v2", on: dev}
uncertainty: {start_delay: [1 ms, 31 ms]}
expect: [{measure: replication_lag, )" + which + "statistic: " + statistic + ", below: " + nanoseconds(bound) + "}]\n";
    });
  };
  const std::int64_t first = least_bound(R"(of: "app:v1", )", "max") - 1;
  const std::int64_t second = least_bound(R"(of: "app:v2", )", "max") - 1;
  CHECK(first > 31'000'000);
  CHECK(least_bound("", "mean") == (first + second) / 2 + 1);
  CHECK(least_bound("", "sum") == first + second + 1);
  CHECK(least_bound("", "max") == std::max(first, second) + 1);
}

TEST_CASE("a push before, between and after changes of the settings is looked at") {
  const auto verdict_with = [](const std::string& within) {
    return verdict_of(R"(
registry: {config_size: 0 B}
timeline:
  - {at: 500 ms, set: {registry.replication.start_delay: 2 s}}
  - {at: 3 s, set: {registry.replication.start_delay: 0 s}}
  - {at: 4 s, push: old, to: "app:v1", on: dev, as: push}
uncertainty: {ties: true, at: {push: [1 s, 5 s]}}
expect: [{eventually: converged, within: )" + within + "}]\n");
  };
  CHECK(verdict_with("500 ms") == SearchVerdict::race);
  CHECK(verdict_with("2100 ms") == SearchVerdict::absent);
}

TEST_CASE("the least bound on a lag over a cable that fails at some time is that on the longest wait for its repair") {
  const auto text_with = [](std::int64_t bound) {
    return R"(
registry: {config_size: 0 B, replication: {retry: {first: 1 s, factor: 1, most: 1 s, attempts: 10}}}
timeline:
  - {at: 10 s, fail: {link: [west, east]}, for: 3 s}
  - {at: 11 s, push: old, to: "app:v1", on: dev, as: push}
uncertainty: {at: {push: [5 s, 15 s]}}
expect: [{measure: replication_lag, statistic: max, below: )" + nanoseconds(bound) + "}]\n";
  };
  const std::int64_t bound = least_safe_bound(text_with);
  CHECK(bound > 3'000'000'000);
  CHECK(bound < 4'200'000'000);
}
