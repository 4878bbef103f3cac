// Whatever an event goes by is noted: of each of these scenarios, whose faults and deployments come at one time or another, the search sees all.
#include <string>

#include <doctest/doctest.h>

#include "analysis/races/exploration.hpp"
#include "scenarios/reader/reader.hpp"

using namespace georep;

namespace {

/// Two regions, an image in one of them, and what a test adds.
Exploration visit_all(const std::string& timeline, const std::string& uncertainty, const std::string& more = "") {
  const std::string text = "version: 1\nscenario: noted\nnetwork:\n  regions: {west: {}, east: {}}\n"
                           "  links: [{between: [west, east], rtt: 20 ms}]\nimages: {hello: []}\n"
                           "hosts: {dev: {region: west}, ops: {region: east}}\n" + more + "timeline:\n" + timeline +
                           "uncertainty:\n" + uncertainty + "expect: [{operation: push, succeeds: true}]\n";
  CAPTURE(text);
  ReadResult read = read_scenario_text({"noted.yaml", text});
  INFO(render(read.diagnostics, read.source));
  REQUIRE(read.scenario);
  const auto plan = compile(read.scenario->world);
  REQUIRE(plan);
  ExplorationOptions options;
  options.strategy = SearchStrategy::exhaustive;
  return explore(*read.scenario, *plan, options);
}

const std::string push = "  - {at: 0 ms, push: hello, to: \"app:v1\", on: ops, as: push}\n";

}  // namespace

TEST_CASE("a source that fails is looked at before and after each step of the copying from it") {
  const Exploration found = visit_all(push + "  - {after: push, fail: {replica: east}, for: 50 ms}\n",
                                      "  start_delay: [0 s, 300 ms]\n");
  CHECK(found.verdict == SearchVerdict::absent);
  CHECK(found.reservation == "");
  CHECK(found.schedules() > 10);
}

TEST_CASE("a destination that fails is looked at before and after each message to it, whenever it fails") {
  const std::string fail = "  - {at: 50 ms, fail: {replica: west}, for: 100 ms, as: fault}\n";
  CHECK(visit_all(push + fail, "  at: {fault: [0 s, 400 ms]}\n").verdict == SearchVerdict::absent);
  CHECK(visit_all(push + fail, "  latency: [5 ms, 40 ms]\n").verdict == SearchVerdict::absent);
}

TEST_CASE("a replica that is removed is looked at before and after all that is on its way to it") {
  const Exploration found = visit_all(push + "  - {at: 100 ms, remove_replica: west}\n", "  latency: [5 ms, 20 ms]\n");
  CHECK(found.verdict == SearchVerdict::absent);
  CHECK(found.schedules() > 10);
}

TEST_CASE("a deployment that waits for an operation is looked at before and after the others' ends") {
  const std::string pulls = "  - {after: push, pull: \"app:v1\", on: ops, as: early}\n"
                            "  - {at: 300 ms, pull: \"app:v1\", on: ops, as: late}\n"
                            "  - {after: late, deploy: \"app:v1\", to: web}\n";
  const Exploration found = visit_all(push + pulls, "  at: {early: [0 s, 400 ms]}\n", "clusters: {web: {region: east}}\n");
  CHECK(found.verdict == SearchVerdict::absent);
  CHECK(found.goals_reached());
}

// Whether the untag leaves the image without a name hangs on the other tag.
TEST_CASE("an image under two tags is looked at before and after it loses its last name, and before and after it is purged") {
  const std::string others = "  - {at: 60 ms, push: hello, to: \"app:v2\", on: ops}\n"
                             "  - {at: 100 ms, untag: \"app:v1\", on: ops, as: untag}\n";
  const std::string retention = "registry: {retention: {untagged: 5 ms}, replication: {order: [manifest, tag]}}\n";
  const Exploration found = visit_all(push + others, "  at: {untag: [0 s, 100 ms]}\n  start_delay: [0 s, 20 ms]\n", retention);
  CHECK(found.verdict == SearchVerdict::absent);
}

// Blobs and manifests that leave beside one another follow one another on the connection of the records.
TEST_CASE("what leaves on one connection from several sides is looked at in each order") {
  const std::string beside = "registry: {replication: {order: [[blobs, manifest], tag, notify], round_trips_per_blob: 0}}\n";
  CHECK(visit_all(push, "  latency: [5 ms, 20 ms]\n", beside).verdict == SearchVerdict::absent);
}
