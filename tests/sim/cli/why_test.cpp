// `georep why`, and what `georep run` says below an expectation that failed.
#include <algorithm>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"
#include "tests/support/golden.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

const std::string scenarios = GEOREP_SOURCE "/scenarios/";
const std::string unknown_blob = scenarios + "story/04-manifest-before-its-layers.yaml in-the-window";

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("why tells what happened, what was lost by how much, and what would have changed it") {
  const Ended ended = shell("georep why " + unknown_blob);
  CHECK(ended.code == 0);
  CHECK(ended.err.empty());
  check_golden("why-unknown-blob.txt", ended.out);
}

TEST_CASE("a name that is not there is answered with the nearest, or with those that there are") {
  const Ended misspelt = shell("georep why " + scenarios + "story/04-manifest-before-its-layers.yaml in-the-windw");
  CHECK(misspelt.code == 2);
  CHECK(misspelt.out.empty());
  CHECK(misspelt.err == "georep why: there is no operation and no expectation 'in-the-windw'; did you mean 'in-the-window'?\n");
  const Ended unlike = shell("georep why " + scenarios + "story/04-manifest-before-its-layers.yaml xyzzy");
  CHECK(unlike.code == 2);
  CHECK(unlike.err ==
        "georep why: there is no operation and no expectation 'xyzzy'; there are push, in-the-window or later\n");
}

TEST_CASE("what goes wrong with files is told as by the other commands") {
  CHECK(shell("georep why nowhere.yaml pull").code == 4);
  CHECK(shell("georep why " + unknown_blob + " --schedule nowhere.json").code == 4);
  CHECK(shell("georep why " + unknown_blob + " --set registry.nonsense=1").code == 3);
  CHECK(shell("georep why " + scenarios + "story/04-manifest-before-its-layers.yaml").code == 2);
}

TEST_CASE("the JSON of an explanation names causes with their slack, and mechanisms with their paths") {
  const Ended ended = shell("georep why " + unknown_blob + " --json");
  CHECK(ended.code == 0);
  CHECK(ended.out == shell("georep why " + unknown_blob + " --format json").out);
  const json why = json::parse(ended.out);
  CHECK(why.at("georep") == 1);
  CHECK(why.at("outcome") == "BLOB_UNKNOWN");
  CHECK(why.at("good") == false);
  const json& race = why.at("causes").at(0);
  CHECK(race.at("first") == "in-the-window reads it");
  CHECK(race.at("slack_s").get<double>() > 0);
  CHECK(race.at("then_at_s").get<double>() > race.at("first_at_s").get<double>());
  const json& mechanisms = why.at("mechanisms");
  CHECK(std::any_of(mechanisms.begin(), mechanisms.end(), [](const json& mechanism) {
    return mechanism.at("path") == "registry.replication.order" && mechanism.at("outcome") == "MANIFEST_UNKNOWN";
  }));
}

TEST_CASE("the diagram of an explanation is Mermaid's: participants, arrows, notes") {
  const Ended ended = shell("georep why " + unknown_blob + " --format mermaid");
  CHECK(ended.code == 0);
  const std::vector<std::string> lines = ended.out_lines();
  REQUIRE(lines.size() > 5);
  CHECK(lines.front() == "sequenceDiagram");
  std::size_t participants = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CAPTURE(lines[i]);
    std::istringstream words{lines[i]};
    std::string first;
    words >> first;
    if (first == "participant") {
      CHECK(participants++ == i - 1);
      continue;
    }
    const bool note = first == "Note" && lines[i].starts_with("  Note over p");
    const bool arrow = first.starts_with("p") && (contains(first, "->>p") || contains(first, "--xp"));
    CHECK((note || arrow));
    CHECK(contains(lines[i], ": "));
    CHECK_FALSE(contains(lines[i], ";"));
  }
}

TEST_CASE("the violation that a schedule shows is explained along the schedule") {
  const Folder folder;
  const std::string file = scenarios + "races/stale-fill-racy.yaml";
  shell("georep explore " + file + " --out " + folder.path("found"));
  const std::string schedule = " --schedule " + folder.path("found/race.json");
  const Ended along = shell("georep why " + file + " stale-read" + schedule);
  CHECK(along.code == 0);
  CHECK(contains(along.out, ": violated\n"));
  CHECK(contains(along.out, "--set registry.manifest_cache.fill=leased: the expectation holds"));
  const Ended ordinary = shell("georep why " + file + " stale-read");
  CHECK(ordinary.code == 0);
  CHECK(contains(ordinary.out, ": holds\n"));
}

TEST_CASE("anomalies and invariants can be asked about where the scenario expects nothing of them") {
  const Ended ended = shell("georep why " + scenarios + "story/06-re-used-tag-stale-for-an-hour.yaml stale-read");
  CHECK(ended.code == 0);
  CHECK(contains(ended.out, "never stale-read: violated\n"));
  CHECK(contains(ended.out, "registry.replication.order=[blobs, manifest, tag, invalidate, notify]"));
}

TEST_CASE("trying a delivery again and a shorter lifetime of the cache are among what would have changed an outcome, each once") {
  const Folder folder;
  const std::string file = folder.write("hook.yaml", R"(version: 1
scenario: A hook that is down and a cache that remembers
network: {local_rtt: 0 s, regions: {west: {}, east: {}}, links: [{between: [west, east], rtt: 100 ms}]}
registry: {manifest_cache: {ttl: 1 h}, replication: {order: [blobs, manifest, tag, notify]}}
images: {one: [1 MB], two: [1 MB]}
hosts: {dev: {region: west}, prod: {region: east}}
clusters: {web: {region: east, nodes: 1, pull_policy: always}}
webhooks: [{name: hook, region: east}]
timeline:
  - {at: 0 s, push: one, to: "app:v1", on: dev}
  - {at: 1 s, pull: "app:v1", on: prod}
  - {at: 2 s, deploy: "app:v1", to: web, when: {webhook: hook}}
  - {at: 3 s, fail: {webhook: hook}, for: 8 s}
  - {at: 4 s, push: two, to: "app:v1", on: dev}
  - {at: 5 min, pull: "app:v1", on: prod, as: late}
expect:
  - {operation: late, gets: two}
  - {running: web, at: 1 min, images: [one]}
)");
  const Ended late = call({"why", file, "late"});
  CHECK(contains(late.out, "registry.manifest_cache.ttl=1 s"));
  const json running = json::parse(call({"why", file, "web", "--format", "json"}).out);
  std::set<std::string> seen;
  for (const json& mechanism : running.at("mechanisms"))
    CHECK(seen.insert(mechanism.at("path").get<std::string>() + "=" + mechanism.at("value").get<std::string>()).second);
  CHECK(std::any_of(seen.begin(), seen.end(), [](const std::string& set) { return set.starts_with("webhooks[0].retry="); }));
}

TEST_CASE("below an expectation that failed, run says why in a few lines") {
  const Folder folder;
  const Ended ended = call({"run", folder.write("failing.yaml", failing_scenario())});
  CHECK(ended.code == 1);
  const std::vector<std::string> lines = ended.out_lines();
  const auto failed = std::find_if(lines.begin(), lines.end(),
                                   [](const std::string& line) { return contains(line, "✗ operation pull gets hello"); });
  REQUIRE(failed != lines.end());
  const std::size_t reasons = static_cast<std::size_t>(std::count_if(
      failed, lines.end(), [](const std::string& line) { return line.starts_with("      - "); }));
  CHECK(reasons >= 2);
  CHECK(reasons <= 5);
  CHECK(contains(ended.out, "- if pull begins "));
  CHECK(contains(ended.out, "- with registry.missing_manifest={wait: 30 s}: the expectation holds"));
}
