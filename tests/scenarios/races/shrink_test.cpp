// The scenario of each race, made as small as it can be.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "analysis/races/scenario_document.hpp"
#include "analysis/races/scenario_shrink.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "scenarios/reader/reader.hpp"

using namespace georep;

namespace {

ReadDocument read_strictly(const Value& document) {
  ReadResult result = read_document(document);
  ReadDocument read{std::move(result.scenario), {}};
  for (const Diagnostic& diagnostic : result.diagnostics) read.faults.push_back(diagnostic.place);
  return read;
}

/// A scenario with the race that the search finds in it, and the smallest one with the same race.
struct Shrunk {
  explicit Shrunk(const Scenario& given, const ExplorationOptions& options = {})
      : scenario{given}, race{*explore(scenario, *compile(scenario.world), options).race} {
    smallest = shrink_scenario(scenario, race, read_strictly, options);
  }
  Scenario scenario;
  FoundRace race;
  SmallestScenario smallest;
};

Scenario scenario_of(const std::string& name) {
  return *read_scenario(GEOREP_SOURCE "/scenarios/races/" + name + "-racy.yaml")->scenario;
}

bool shows(const Scenario& scenario, const Schedule& schedule, std::uint64_t identity) {
  const auto plan = compile(scenario.world);
  if (!plan) return false;
  if (!schedule.turns.empty() && !scenario.uncertainty.ties) return false;
  ScheduleRunner runner{scenario, *plan};
  runner.subject().runner().world().give_up_after(60_s);
  if (!runner.run(Schedule{}).violations->empty() || runner.subject().runner().endless()) return false;
  for (const Violation& violation : *runner.run(schedule).violations)
    if (violation.identity == identity) return true;
  return false;
}

void check_smallest(const std::string& name) {
  CAPTURE(name);
  const Shrunk shrunk{scenario_of(name)};
  const SmallestScenario& smallest = shrunk.smallest;
  CHECK(smallest.complete);
  CHECK(smallest.schedule.deviations() <= shrunk.race.schedule.deviations());
  CHECK(smallest.schedule.deviations() <= 5);
  CHECK(smallest.parts <= smallest.parts_before);
  CHECK(smallest.violated.text == shrunk.race.violated.text);

  // As a file it is the same, has no fault, and shows the race with that very trace.
  const ReadResult again = read_scenario_text({name, write_scenario(smallest.scenario)});
  REQUIRE(again.scenario);
  CHECK(*again.scenario == smallest.scenario);
  const auto plan = compile(again.scenario->world);
  ScheduleRunner runner{*again.scenario, *plan};
  CHECK(runner.run(Schedule{}).violations->empty());
  const ScheduleRunner::Ran ran = runner.run(smallest.schedule);
  REQUIRE(ran.violations->size() == 1);
  CHECK(ran.violations->front().identity == shrunk.race.violation.identity);
  CHECK(runner.subject().simulation().trace_hash() == smallest.trace_hash);

  // Without any one part it is no scenario, or not that race.
  const ScenarioDocument document{smallest.scenario, 0};
  for (std::size_t part = 1; part < document.parts(); ++part) {
    if (!document.may_go(part)) continue;
    ScenarioDocument::Out out = document.nothing_out();
    out[part] = true;
    const ReadDocument less = read_strictly(document.without(out));
    CAPTURE(part);
    if (less.scenario) CHECK_FALSE(shows(*less.scenario, smallest.schedule, shrunk.race.violation.identity));
  }
}

constexpr std::string_view padded = R"(version: 1
scenario: a race among much else
network:
  regions: {west: {}, east: {}, south: {}}
  links: [{between: [west, east], rtt: 40 ms}, {between: [west, south], rtt: 77 ms}, {between: [east, south], rtt: 91 ms}]
registry:
  replication: {order: [manifest, tag, blobs, notify]}
images: {hello: [1 MB, 2 MB], other: [7 MB]}
hosts: {dev: {region: west}, prod: {region: east}, idle: {region: south, count: 12}}
webhooks:
  - {name: arrivals, region: south, events: [push], scope: "app:*"}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: push}
  - {at: 1230 ms, pull: "app:v1", on: prod, as: pull}
  - {at: 2 s, push: other, to: "far:v1", on: idle}
  - {at: 3 s, pull: "far:v1", on: dev}
uncertainty:
  ties: true
  at: {pull: [0 s, 1230 ms]}
expect:
  - {operation: push, succeeds: true}
  - {never: BLOB_UNKNOWN, of: "app:v1"}
  - {eventually: converged, within: 5 min}
)";

Scenario with_start_delay(const std::string& range, const std::string& timeline, const std::string& expectation) {
  const std::string text = "version: 1\nscenario: start delay\nnetwork:\n  local_rtt: 2 ms\n  regions: {west: {}, east: {}}\n"
                           "  links: [{between: [west, east], rtt: 40 ms}]\nregistry: {config_size: 0 B}\nimages: {hello: [1 MB]}\n"
                           "hosts: {dev: {region: west}, prod: {region: east}}\ntimeline:\n"
                           "  - {at: 0 s, push: hello, to: \"app:v1\", on: dev, as: push}\n" + timeline +
                           "uncertainty:\n  start_delay: " + range + "\nexpect:\n  - " + expectation + "\n";
  return *read_scenario_text({"start delay", text}).scenario;
}

FoundRace race_of(const Scenario& scenario) { return *explore(scenario, *compile(scenario.world), {}).race; }

}  // namespace

TEST_CASE("where the range leaves the nominal delay out, the ordinary run has it all the same, and the smallest scenario is a race still") {
  const Shrunk shrunk{with_start_delay("[500 ms, 1700 ms]", "", "{measure: replication_lag, statistic: max, below: 200 ms}")};
  const SmallestScenario& smallest = shrunk.smallest;
  CHECK(smallest.scenario.world.timeline.size() == 1);
  REQUIRE(smallest.schedule.deviations() == 1);
  CHECK(smallest.schedule.delays[0].length == 500_ms);
  CHECK(smallest.violated.detail.find("no samples") == std::string::npos);
  CHECK(shows(smallest.scenario, smallest.schedule, shrunk.race.violation.identity));
}

TEST_CASE("a schedule without deviations is the run without a schedule, whatever the ranges are") {
  const Scenario scenario = with_start_delay("[500 ms, 1700 ms]", "", "{measure: replication_lag, statistic: max, below: 200 ms}");
  const Plan plan = *compile(scenario.world);
  Runner plain{scenario, plan};
  ScheduledRun scheduled{plain.world().simulation(), scenario.uncertainty, Schedule{}};
  CHECK(plain.judge(scenario.world.seed, 0).empty());
  CHECK(plain.world().simulation().now() < Instant{} + 500_ms);
}

TEST_CASE("a measure without samples is another violation than one with a bad figure") {
  const Scenario scenario = with_start_delay("[500 ms, 1700 ms]", "", "{measure: replication_lag, statistic: max, below: 200 ms}");
  Scenario empty = scenario;
  empty.world.timeline.clear();
  const Plan plan = *compile(empty.world);
  ScheduleRunner runner{empty, plan};
  const Violations& violations = *runner.run(Schedule{}).violations;
  REQUIRE(violations.size() == 1);
  CHECK(violations[0].identity != race_of(scenario).violation.identity);
}

// The pull looks for the tag 501 ms after the push began; the copy needs 66 ms from its start on.
TEST_CASE("a delay becomes as small as the violation allows, and then rounder by no more than a tenth, within its range") {
  for (const char* range : {"[0 s, 930 ms]", "[0 s, 1700 ms]", "[0 s, 437 ms]"}) {
    CAPTURE(range);
    const Scenario scenario =
        with_start_delay(range, "  - {at: 500 ms, pull: \"app:v1\", on: prod, as: pull}\n", "{operation: pull, succeeds: true}");
    const FoundRace race = race_of(scenario);
    REQUIRE(race.schedule.delays.size() == 1);
    const Duration length = race.schedule.delays[0].length;
    CHECK(length > 434_ms);
    CHECK(length <= 440_ms);
    CHECK(length.count() % 1'000'000 == 0);
    CHECK(length <= std::get<DurationRange>(*scenario.uncertainty.start_delay)[1]);
  }
}

TEST_CASE("the smallest scenario of a race reads without a fault, shows it byte for byte, and needs each of its parts") {
  for (const char* name : {"manifest-before-blobs", "negative-cache", "purge-shared-layer"}) check_smallest(name);
}

TEST_CASE("the smallest scenario of every other race as well" * doctest::skip()) {
  for (const char* name : {"deleted-tag-comes-back", "invalidate-without-order", "stale-fill", "straddling-push",
                           "two-quick-pushes", "webhook-before-content", "webhook-before-invalidation"})
    check_smallest(name);
}

TEST_CASE("regions, hosts, images, operations and expectations that have nothing to do with a race go") {
  const Shrunk shrunk{*read_scenario_text({"padded", std::string{padded}}).scenario};
  const Scenario& left = shrunk.smallest.scenario;
  CHECK(left.expect.size() == 1);
  CHECK(left.world.network.regions.size() == 2);
  CHECK(left.world.network.links.size() == 1);
  CHECK(left.world.images.size() == 1);
  CHECK(left.world.hosts.size() == 2);
  CHECK(left.world.webhooks.empty());
  CHECK(left.world.timeline.size() == 2);
  CHECK(left.world.timeline[1].at == 1_s);
}

TEST_CASE("shrinking ends where it is told to, with what there is") {
  int asked = 0;
  ExplorationOptions options;
  Shrunk shrunk{scenario_of("manifest-before-blobs")};
  options.interrupted = [&asked] { return ++asked > 40; };
  const SmallestScenario smallest = shrink_scenario(shrunk.scenario, shrunk.race, read_strictly, options);
  CHECK_FALSE(smallest.complete);
  CHECK(smallest.parts > shrunk.smallest.parts);
  CHECK(shows(smallest.scenario, smallest.schedule, shrunk.race.violation.identity));
}
