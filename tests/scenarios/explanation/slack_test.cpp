// By how much: the slack of a race to the nanosecond, against closed forms and against runs along schedules.
#include <algorithm>
#include <string>

#include "analysis/races/scheduled_run.hpp"
#include "tests/scenarios/explanation/explained.hpp"

using namespace georep;
using namespace georep::test;

namespace {

const CriticalDelay* delay_of(const Explanation& explanation, const std::string& what, int direction) {
  for (const CriticalRace& race : explanation.races)
    for (const CriticalDelay& delay : race.delays)
      if (delay.what == what && (delay.by > Duration{}) == (direction > 0)) return &delay;
  return nullptr;
}

Schedule with(Schedule schedule, const CriticalDelay& delay, Duration length) {
  std::erase_if(schedule.delays, [&](const Schedule::Delay& other) {
    return other.site == delay.shift.site && other.nth == delay.shift.nth;
  });
  Schedule::Delay changed;
  changed.site = delay.shift.site;
  changed.nth = delay.shift.nth;
  changed.kind = delay.kind;
  changed.length = length;
  schedule.delays.push_back(changed);
  return schedule;
}

}  // namespace

TEST_CASE("the slack of a pull is the time from its read to the arrival of what it lacked") {
  // The push is taken at 7 ms. Blobs are asked for in 40 ms and carried in 20 ms, so they are there at 67 ms; a pull that begins at 60 ms asks
  // for them at 63 ms.
  const std::string text = R"(version: 1
scenario: A pull between a manifest and its blobs
network:
  local_rtt: 2 ms
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 40 ms}]
registry: {config_size: 0 B, replication: {order: [manifest, tag, blobs, notify]}}
images: {hello: [1 MB, 2 MB]}
hosts: {dev: {region: west}, prod: {region: east}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: push}
  - {at: 60 ms, pull: "app:v1", on: prod, as: pull}
)";
  Compiled racy{*read_scenario_text({"pull.yaml", text}).scenario};
  const Explanation explanation = explain_operation(racy, "pull", 400'000);
  CHECK(explanation.outcome.text == "BLOB_UNKNOWN");
  const CriticalDelay* later = delay_of(explanation, "pull", 1);
  REQUIRE(later != nullptr);
  CHECK(later->by == 4_ms);
  CHECK(later->outcome.text == "hello");
}

TEST_CASE("the slack of a stale answer is what is left of the cached entry's time") {
  Compiled stale{"story/06-re-used-tag-stale-for-an-hour"};
  const Explanation explanation = explain_operation(stale, "still-stale", 300'000);
  // Filled at 60 s, for an hour; asked at 60 min, as far behind the start of the pull as the fill was.
  const CriticalDelay* later = delay_of(explanation, "still-stale", 1);
  REQUIRE(later != nullptr);
  CHECK(later->by == 60_s);
  CHECK(later->outcome.text == "hello-2");
}

TEST_CASE("a nanosecond less than the slack leaves the violation, the slack removes it, and so does a nanosecond more") {
  for (const std::string name : {"manifest-before-blobs", "stale-fill", "deleted-tag-comes-back", "two-quick-pushes"}) {
    CAPTURE(name);
    const Compiled racy{"races/" + name + "-racy"};
    const FoundRace race = race_of(racy);
    const Explanation explanation = explain_race(racy, race, 150'000);
    REQUIRE_FALSE(explanation.races.empty());
    ScheduleRunner runner{racy.scenario, racy.plan};
    const auto violated = [&](const CriticalDelay& delay, std::int64_t more) {
      const Duration length = delay.shift.length + Duration::nanoseconds(delay.by > Duration{} ? more : -more);
      const ScheduleRunner::Ran ran = runner.run(with(race.schedule, delay, length));
      return std::any_of(ran.violations->begin(), ran.violations->end(), [&](const Violation& violation) {
        return violation.expectation == race.violated.index;
      });
    };
    std::size_t replayed = 0;
    for (const CriticalRace& critical : explanation.races)
      for (const CriticalDelay& delay : critical.delays) {
        CAPTURE(delay.what);
        CAPTURE(delay.by.count());
        // What the scenario leaves open can be replayed along a schedule.
        if (!delay.uncertain) continue;
        ++replayed;
        CHECK(violated(delay, -1));
        CHECK_FALSE(violated(delay, 0));
        CHECK_FALSE(violated(delay, 1));
      }
    CHECK(replayed > 0);
  }
}

TEST_CASE("a race that was lost is told with the second as what nobody saw") {
  Compiled stale{"story/06-re-used-tag-stale-for-an-hour"};
  const Explanation explanation = explain_operation(stale, "still-stale", 1'000'000);
  REQUIRE_FALSE(explanation.races.empty());
  const CriticalRace& race = explanation.races.front();
  CHECK(race.unseen);
  CHECK(race.object == "the tag samples/helloworld:v1 in westeurope");
  CHECK(race.first == "fills-the-cache reads it");
  CHECK(race.then == "the copy of the push of hello-2 to westeurope changes it");
  CHECK(race.then_at - race.first_at == race.delays.front().by);
}
