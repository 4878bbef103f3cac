// Whatever is expected, the search over all runs comes across every combination of violations that some run has: by brute force over every value of every
// delay and every fault, with the ties at random, over and over; at random altogether where there are too many values for that.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/exploration/exhaustive.hpp"
#include "analysis/races/reservations.hpp"
#include "analysis/races/scenario_subject.hpp"
#include "analysis/races/uncertainty.hpp"
#include "analysis/verdicts/vocabulary.hpp"
#include "scenarios/reader/reader.hpp"
#include "tests/support/every_delay.hpp"
#include "tests/support/small_worlds.hpp"

using namespace georep;

namespace {

/// What runs have violated.
class Violated {
 public:
  explicit Violated(const Scenario& scenario) {
    for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
      const auto* measure = std::get_if<MeasureExpectation>(&scenario.expect[i].what);
      const bool of_durations =
          measure != nullptr && find_measure(measure->measure)->dimension == Quantity::Dimension::duration;
      if (of_durations && (measure->statistic == "mean" || measure->statistic == "sum")) sums_ |= bit(i);
    }
  }
  void add(const Violations& violations) {
    std::uint64_t mask = 0;
    for (const Violation& violation : violations) mask |= bit(violation.expectation);
    of_sums_ |= mask & sums_;
    combinations_.insert(mask & ~sums_);
  }
  /// Of a sum only its extremes are looked for, whatever else is violated then.
  bool includes(const Violated& other) const {
    return (other.of_sums_ & ~of_sums_) == 0 && std::ranges::includes(combinations_, other.combinations_);
  }

 private:
  static std::uint64_t bit(std::size_t expectation) { return std::uint64_t{1} << expectation; }

  std::uint64_t sums_ = 0;  // the expectations that are judged by sums of durations
  std::uint64_t of_sums_ = 0;
  std::set<std::uint64_t> combinations_;
};

/// Every value of everything but the ties, one after another, or as many at random.
class AnyRun : public test::EveryDelay {
 public:
  using EveryDelay::EveryDelay;

  /// Begins again when it is through, until there were so many runs.
  void visit(ScenarioSubject& subject, int runs, Violated& violated) {
    for (; runs > 0; --runs) {
      begin();
      faults_ = 0;
      subject.execute();
      violated.add(subject.violations());
      if (!at_random_ && !advance()) ++rounds_;
    }
    at_random_ = true;
  }
  int rounds() const { return rounds_; }

  std::size_t choose_event(std::span<Event* const> candidates) override {
    return some(candidates.size());
  }
  std::uint32_t choose(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override {
    if (faults_ >= freedom_.most_choices()) return 0;
    const auto value =
        static_cast<std::uint32_t>(take(std::min(count, freedom_.values(site, kind, count))));
    faults_ += value == 0 ? 0 : 1;
    return value;
  }

 private:
  std::size_t some(std::size_t count) {
    return static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(count)));
  }
  std::size_t take(std::size_t count) override {
    return at_random_ ? some(count) : EveryDelay::take(count);
  }

  test::SmallRandom random_{7};
  bool at_random_ = false;
  int rounds_ = 0;
  std::uint32_t faults_ = 0;
};

const std::vector<std::string>& expectations() {
  static const std::vector<std::string> all{
      "always: closure",          "always: honest-error",    "always: cache-coherence",
      "always: no-resurrection",  "always: monotonic-tags",  "always: read-your-writes",
      "always: gc-safety",        "always: conservation",    "always: deterministic-conflict",
      "always: truthful-webhook", "never: lost-tag",         "never: resurrected-tag",
      "never: divergence",        "never: stale-read",       "never: MANIFEST_UNKNOWN",
      "eventually: converged",    "eventually: converged, within: #", "never: stale-read, longer_than: #",
      "running: web, at: #, images: [old]", "running: web, images: [new]", "operation: pull, within: #",
      "webhook: arrivals, within: #", "measure: staleness, statistic: max, below: #",
      "measure: staleness, statistic: count, below: 1", "measure: manifest_latency, statistic: p50, above: #",
      "measure: pull_duration, statistic: min, between: [#, 45 ns]", "measure: errors, statistic: count, equals: 0",
      "measure: webhook_delay, statistic: max, below: #", "measure: replication_lag, statistic: max, below: #",
      "measure: replication_lag, region: east, statistic: min, above: #", "measure: replication_lag, statistic: mean, below: #",
      "measure: manifest_lag, of: \"app:v1\", statistic: mean, between: [#, 45 ns]", "measure: visible_lag, statistic: p90, below: #",
      "measure: visible_lag, statistic: mean, above: #", "measure: visible_lag, region: east, statistic: sum, below: #",
      "measure: pull_duration, statistic: sum, below: #", "measure: manifest_latency, statistic: mean, equals: #",
      "measure: staleness, statistic: sum, below: #", "measure: storage_wait, statistic: max, below: #",
      "measure: storage_wait, statistic: sum, below: #", "measure: push_duration, statistic: mean, below: #",
      "measure: cache_hit_ratio, statistic: mean, above: 40%", "measure: cache_requests, statistic: sum, below: 3",
      "measure: storage_requests, statistic: sum, below: 3", "measure: webhook_delay, statistic: mean, below: #",
      "measure: webhook_attempts, statistic: count, below: 2"};
  return all;
}

struct Compared {
  std::uint64_t complete = 0;  ///< scenarios of which the search saw all
  std::uint64_t brute = 0;     ///< those of them of which brute force saw all as well
  std::uint64_t traces = 0;
};

void compare(std::uint64_t seed, int most, Compared& compared) {
  const test::SmallWorld world{seed, expectations()};
  CAPTURE(seed);
  CAPTURE(world.text());
  ReadResult read = read_scenario_text({"small.yaml", world.text()});
  INFO(render(read.diagnostics, read.source));
  REQUIRE(read.scenario);
  const Scenario& scenario = *read.scenario;
  const Plan plan = *compile(scenario.world);
  if (!reservation_about(scenario).empty()) return;
  ScenarioSubject subject{scenario, plan};
  const UncertaintyFreedom freedom{scenario.uncertainty};
  Violated found{scenario};
  int executions = 0;
  ExhaustiveSearch::Result result;
  {
    ExhaustiveSearch search{subject, freedom};
    result = search.run(
        [&](const Trace&, const SchedulePlan&) {
          found.add(subject.violations());
          return true;
        },
        [&] { return ++executions < most; });
  }
  CHECK(result.all_noted);
  if (result.unsettled == 0 && !result.complete) return;
  CHECK(result.unsettled == 0);
  ++compared.complete;
  compared.traces += result.traces;
  Violated real{scenario};
  AnyRun runs{freedom};
  subject.simulation().set_chooser(&runs);
  runs.visit(subject, most, real);
  compared.brute += runs.rounds() > 0 ? 1 : 0;
  runs.visit(subject, most, real);
  subject.simulation().set_chooser(nullptr);
  CHECK(found.includes(real));
}

}  // namespace

TEST_CASE("in small worlds the search comes across whatever brute force and chance come across") {
  Compared compared;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) compare(seed, 60, compared);
  CHECK(compared.complete > 20);
  CHECK(compared.brute > 3);
}

TEST_CASE("in thousands of small worlds the search comes across what brute force and chance come across" * doctest::skip()) {
  Compared compared;
  for (std::uint64_t seed = 1; seed <= GEOREP_SMALL_WORLDS; ++seed) compare(seed, 2'000, compared);
  MESSAGE(compared.complete, " searched to the end, ", compared.brute, " of them by brute force, ", compared.traces, " traces");
  CHECK(compared.complete > GEOREP_SMALL_WORLDS / 2);
}
