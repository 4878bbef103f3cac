// The pairs of scenarios/races: the search finds the race of one, and finds that the other has none.
#include <array>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/exploration/exhaustive.hpp"
#include "analysis/races/exploration.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "analysis/races/uncertainty.hpp"
#include "scenarios/reader/reader.hpp"

using namespace georep;

namespace {

struct Compiled {
  explicit Compiled(const std::string& name)
      : scenario{*read_scenario(GEOREP_SOURCE "/scenarios/races/" + name + ".yaml")->scenario},
        plan{*compile(scenario.world)} {}
  Scenario scenario;
  Plan plan;
};

Exploration visit_all(const Compiled& compiled) {
  ExplorationOptions options;
  options.strategy = SearchStrategy::exhaustive;
  return explore(compiled.scenario, compiled.plan, options);
}

/// The lines of a file that say something of its world: all but comments and the title.
std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file{GEOREP_SOURCE "/scenarios/races/" + name + ".yaml"};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#') && !line.starts_with("scenario:")) lines.push_back(line);
  return lines;
}

std::size_t differing_lines(const std::string& pair) {
  const std::vector<std::string> racy = lines_of(pair + "-racy");
  const std::vector<std::string> fixed = lines_of(pair + "-fixed");
  REQUIRE(racy.size() == fixed.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < racy.size(); ++i) count += racy[i] != fixed[i] ? 1 : 0;
  return count;
}

constexpr std::array racy_files{"crash-between-steps",     "deleted-tag-comes-back",
                                "invalidate-without-order", "lost-invalidation",
                                "lost-webhook",            "manifest-before-blobs",
                                "negative-cache",          "old-push-delivered-twice",
                                "purge-shared-layer",      "stale-fill",
                                "straddling-push",         "two-quick-pushes",
                                "webhook-before-content",  "webhook-before-invalidation"};

constexpr std::array safe_files{"deleted-tag-comes-back", "invalidate-without-order",
                                "manifest-before-blobs",  "negative-cache",
                                "purge-shared-layer",     "stale-fill",
                                "straddling-push",        "webhook-before-content",
                                "webhook-before-invalidation"};

/// Those in which a fault may strike, at most one: few schedules, each of them with its own way to recover.
constexpr std::array fault_files{"crash-between-steps", "lost-invalidation", "lost-webhook",
                                 "old-push-delivered-twice"};

}  // namespace

TEST_CASE("the search finds each race, and its smallest schedule shows the same violation again") {
  for (const std::string name : racy_files) {
    CAPTURE(name);
    const Compiled racy{name + "-racy"};
    const Exploration found = visit_all(racy);
    REQUIRE(found.verdict == SearchVerdict::race);
    CHECK(found.race->schedule.deviations() <= 5);
    CHECK(found.race->schedule.deviations() > 0);
    ScheduleRunner runner{racy.scenario, racy.plan};
    const ScheduleRunner::Ran again = runner.run(found.race->schedule);
    CHECK(ScheduleRunner::find(*again.violations, found.race->violation));
    CHECK(again.schedule == found.race->schedule);
    CHECK(differing_lines(name) == 1);
    CHECK(racy.scenario.uncertainty == Compiled{name + "-fixed"}.scenario.uncertainty);
  }
}

// A message between the regions takes 20 ms, and the second push begins 20 ms after the first: five that are as long or as short as can be.
TEST_CASE("where many messages that differ by a little let a push overtake another, the smallest schedule has few that differ by a lot") {
  Compiled racy{"two-quick-pushes-racy"};
  racy.scenario.uncertainty = UncertaintySpec{};
  racy.scenario.uncertainty.ties = true;
  racy.scenario.uncertainty.latency = Ratio{0.2};
  const Exploration found = visit_all(racy);
  REQUIRE(found.verdict == SearchVerdict::race);
  CHECK(found.race->found_with > 10);
  CHECK(found.race->schedule.deviations() >= 5);
  CHECK(found.race->schedule.deviations() <= 6);
}

TEST_CASE("the ordinary run of each racy scenario violates nothing") {
  for (const std::string name : racy_files) {
    CAPTURE(name);
    const Compiled racy{name + "-racy"};
    ScheduleRunner runner{racy.scenario, racy.plan};
    CHECK(runner.run(Schedule{}).violations->empty());
  }
}

TEST_CASE("no schedule of a fixed scenario violates anything, and the search comes across every goal") {
  for (const std::string name : safe_files) {
    CAPTURE(name);
    const Exploration found = visit_all(Compiled{name + "-fixed"});
    CHECK(found.verdict == SearchVerdict::absent);
    CHECK(found.schedules() >= 100);
    CHECK(found.goals_reached());
  }
}

TEST_CASE("a record that is overtaken and a push that is sent twice: whichever part arrives last is followed") {
  Compiled fixed{"old-push-delivered-twice-fixed"};
  fixed.scenario.uncertainty.faults->at_most = 2;
  const Exploration found = visit_all(fixed);
  CHECK(found.verdict == SearchVerdict::absent);
  CHECK(found.goals_reached());
}

TEST_CASE("wherever one fault strikes a fixed scenario, it violates nothing") {
  for (const std::string name : fault_files) {
    CAPTURE(name);
    const Compiled fixed{name + "-fixed"};
    CHECK(fixed.scenario.uncertainty.faults->at_most == 1);
    const Exploration found = visit_all(fixed);
    CHECK(found.verdict == SearchVerdict::absent);
    CHECK(found.schedules() > 1);
    CHECK(found.goals_reached());
  }
}

TEST_CASE("without ties the search looks at more than is allowed: what it finds absent is, and what it finds can be run again") {
  for (const std::string name : {"purge-shared-layer", "webhook-before-content"}) {
    CAPTURE(name);
    Compiled fixed{name + "-fixed"};
    fixed.scenario.uncertainty.ties = false;
    CHECK(visit_all(fixed).verdict == SearchVerdict::absent);
    Compiled racy{name + "-racy"};
    racy.scenario.uncertainty.ties = false;
    const Exploration found = visit_all(racy);
    REQUIRE(found.race);
    ScheduleRunner runner{racy.scenario, racy.plan};
    CHECK(ScheduleRunner::find(*runner.run(found.race->schedule).violations, found.race->violation));
  }
}

TEST_CASE("two quick pushes under last-writer-wins end alike in every schedule" * doctest::skip()) {
  const Exploration found = visit_all(Compiled{"two-quick-pushes-fixed"});
  CHECK(found.verdict == SearchVerdict::absent);
  CHECK(found.goals_reached());
}

TEST_CASE("strategies that sample find a race too, the same one at each attempt") {
  const Compiled racy{"manifest-before-blobs-racy"};
  for (const SearchStrategy strategy :
       {SearchStrategy::delay_bounded, SearchStrategy::priorities, SearchStrategy::random}) {
    ExplorationOptions options;
    options.strategy = strategy;
    options.most_samples = 20'000;
    const Exploration first = explore(racy.scenario, racy.plan, options);
    const Exploration second = explore(racy.scenario, racy.plan, options);
    REQUIRE(first.race);
    REQUIRE(second.race);
    CHECK(first.race->schedule == second.race->schedule);
    CHECK(first.schedules() == second.schedules());
  }
}

TEST_CASE("a search that is stopped keeps how far it came") {
  const Compiled fixed{"webhook-before-content-fixed"};
  ExplorationOptions options;
  int asked = 0;
  options.interrupted = [&asked] { return ++asked > 10; };
  const Exploration found = explore(fixed.scenario, fixed.plan, options);
  CHECK(found.interrupted);
  CHECK(found.verdict == SearchVerdict::unresolved);
  CHECK(found.schedules() == 11);
}

// Between two executions it may look at as many parts of a run as there are sets of its events.
TEST_CASE("a search that looks for long for what to execute next is asked in between whether it goes on") {
  const Compiled fixed{"straddling-push-fixed"};
  const UncertaintyFreedom freedom{fixed.scenario.uncertainty};
  ScenarioSubject subject{fixed.scenario, fixed.plan};
  const auto visit = [](const Trace&, const SchedulePlan&) { return true; };
  std::uint64_t asked = 0;
  const ExhaustiveSearch::Result all = ExhaustiveSearch{subject, freedom}.run(visit, [&asked] { return ++asked > 0; });
  CHECK(all.complete);
  CHECK(asked > all.executions);
  // Told in between that it does not, it stops there.
  std::uint64_t asked_again = 0;
  std::uint64_t last = 0;
  ExhaustiveSearch stopped{subject, freedom};
  std::uint64_t visited = 0;
  const ExhaustiveSearch::Result some = stopped.run(
      [&visited](const Trace&, const SchedulePlan&) { return ++visited > 0; },
      [&] {
        ++asked_again;
        const bool in_between = asked_again > 1 && last == visited;
        last = visited;
        return !in_between;
      });
  CHECK_FALSE(some.complete);
  CHECK(some.unexpanded > 0);
  CHECK(some.traces == visited);
}

constexpr std::string_view many_parts = R"(version: 1
scenario: many chains of which each may have come as far as it likes
network: {local_rtt: 2 ms, regions: {a: {}, b: {}}, links: [{between: [a, b], rtt: 20 ms}]}
registry:
  config_size: 0 B
  manifest_size: 0 B
  limits: {reads: {rate: 10 /s, burst: 2}}
  replication: {order: [[blobs, manifest], tag, notify, invalidate]}
layers: {l1: 1 MB, l2: 2 MB}
images: {x: [l1], z: [l2], m: {index: {linux/amd64: x, linux/arm64: z}, children: after}}
hosts: {ha: {region: a, client: containerd}}
timeline:
  - {at: 20 ms, push: m, to: "app:v1", on: ha, as: o0}
  - {at: 150 ms, pull: "app:v1", on: ha, as: o1}
  - {at: 150 ms, fail: {region: b}, for: 100 ms, as: o2}
uncertainty: {at: {o1: [100 ms, 200 ms]}}
expect: [{operation: o0, succeeds: true}]
)";

// What has to have happened by then leaves the part in one step, not one of it after the other in every order.
TEST_CASE("of events that are certain to come too early a search leaves out what leads to them, and ends") {
  const Scenario scenario = *read_scenario_text({"many parts", std::string{many_parts}}).scenario;
  const Plan plan = *compile(scenario.world);
  const UncertaintyFreedom freedom{scenario.uncertainty};
  ScenarioSubject subject{scenario, plan};
  int asked = 0;
  const ExhaustiveSearch::Result found = ExhaustiveSearch{subject, freedom}.run(
      [](const Trace&, const SchedulePlan&) { return true; }, [&asked] { return ++asked < 6'000; });
  CHECK(found.complete);
  CHECK(found.all_noted);
}

TEST_CASE("a search whose budget ends says so, and how much is left") {
  const Compiled fixed{"two-quick-pushes-fixed"};
  ExplorationOptions options;
  options.strategy = SearchStrategy::exhaustive;
  int asked = 0;
  options.spent = [&asked] { return ++asked > 20 ? 1.0 : 0.0; };
  const Exploration found = explore(fixed.scenario, fixed.plan, options);
  CHECK(found.verdict == SearchVerdict::unresolved);
  CHECK(found.reservation.starts_with("the budget for visiting all schedules ended, with "));
  options.strategy = SearchStrategy::random;
  options.most_samples = 10;
  options.spent = [] { return 0.0; };
  CHECK(explore(fixed.scenario, fixed.plan, options).reservation == "this strategy does not try every schedule");
}

TEST_CASE("a search visits as many schedules whoever listened when its subject was made") {
  const Compiled fixed{"stale-fill-fixed"};
  const UncertaintyFreedom freedom{fixed.scenario.uncertainty};
  const auto schedules = [&freedom](ScenarioSubject& subject) {
    return ExhaustiveSearch{subject, freedom}.run([](const Trace&, const SchedulePlan&) { return true; }).traces;
  };
  ScenarioSubject unheard{fixed.scenario, fixed.plan};
  const std::uint64_t expected = schedules(unheard);
  ScheduleRunner other{fixed.scenario, fixed.plan};
  ScenarioSubject heard{fixed.scenario, fixed.plan};
  CHECK(schedules(heard) == expected);
  CHECK(schedules(heard) == expected);
}
