// What explanations name, against what is known otherwise: the one line in which the files of a pair differ, and what each file of the
// story says undoes it.
#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "analysis/experiments/scenario_fields.hpp"
#include "sim/fields/path.hpp"
#include "tests/scenarios/explanation/explained.hpp"

using namespace georep;
using namespace georep::test;

namespace {

// The paths at which two scenarios differ, but for their titles: one line, and where it is an entry of a map the entry as well.
std::set<std::string> differing_paths(const Scenario& a, const Scenario& b) {
  std::set<std::string> paths;
  for (const std::string& path : paths_of<Scenario>(scenario_fields(), a))
    if (path != "scenario" && get_path<Scenario>(scenario_fields(), a, path) != get_path<Scenario>(scenario_fields(), b, path))
      paths.insert(path);
  return paths;
}

bool removes(const Explanation& explanation, const std::set<std::string>& paths) {
  return std::any_of(explanation.mechanisms.begin(), explanation.mechanisms.end(), [&](const TriedMechanism& tried) {
    return tried.removes && paths.contains(tried.mechanism.path);
  });
}

// What a file says behind `# Undone by: --set`, up to the sign of equality.
std::string undone_by(const std::string& path) {
  std::ifstream file{GEOREP_SOURCE "/scenarios/" + path + ".yaml"};
  const std::string start = "# Undone by: --set ";
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(start)) return line.substr(start.size(), line.find('=') - start.size());
  return {};
}

bool tells(const Explanation& explanation, const std::string& text, Circumstance::Bearing bearing) {
  return std::any_of(explanation.circumstances.begin(), explanation.circumstances.end(), [&](const Circumstance& circumstance) {
    return circumstance.bearing == bearing && circumstance.happening.text.find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("of each race, the setting in which the fixed file differs is named, and removes the violation") {
  for (const std::string name :
       {"deleted-tag-comes-back", "invalidate-without-order", "manifest-before-blobs", "negative-cache",
        "purge-shared-layer", "stale-fill", "straddling-push", "two-quick-pushes", "webhook-before-content",
        "webhook-before-invalidation"}) {
    CAPTURE(name);
    const Compiled racy{"races/" + name + "-racy"};
    const Compiled fixed{"races/" + name + "-fixed"};
    const FoundRace race = race_of(racy);
    const Explanation explanation = explain_race(racy, race, 20'000);
    CHECK_FALSE(explanation.outcome.good);
    CHECK_FALSE(explanation.circumstances.empty());
    const std::set<std::string> paths = differing_paths(racy.scenario, fixed.scenario);
    REQUIRE_FALSE(paths.empty());
    CAPTURE(*paths.rbegin());
    CHECK(removes(explanation, paths));
  }
}

TEST_CASE("of the failures of the story, what their files say undoes them is among the settings that change them") {
  for (const auto& [path, operation] : {std::pair{"story/01-push-west-us-pull-west-europe", "too-early"},
                                        std::pair{"story/02-the-daemon-pulls-not-the-client", "daemon-in-west-europe"},
                                        std::pair{"story/06-re-used-tag-stale-for-an-hour", "still-stale"}}) {
    CAPTURE(path);
    Compiled compiled{path};
    const Explanation explanation = explain_operation(compiled, operation, 20'000);
    CHECK_FALSE(explanation.outcome.good);
    const std::string undoing = undone_by(path);
    REQUIRE_FALSE(undoing.empty());
    CHECK(std::any_of(explanation.mechanisms.begin(), explanation.mechanisms.end(),
                      [&](const TriedMechanism& tried) { return tried.mechanism.path == undoing; }));
  }
}

// 04 is undone by a preset, which is an order of steps and a rule for blobs that are missing.
TEST_CASE("the unknown blob hangs on the order of steps and on what is answered for a blob that is missing") {
  Compiled compiled{"story/04-manifest-before-its-layers"};
  const Explanation explanation = explain_operation(compiled, "in-the-window", 20'000);
  CHECK(explanation.outcome.text == "BLOB_UNKNOWN");
  for (const std::string path : {"registry.replication.order", "registry.missing_blobs"}) {
    const auto tried = std::find_if(
        explanation.mechanisms.begin(), explanation.mechanisms.end(), [&](const TriedMechanism& mechanism) {
          return mechanism.mechanism.path == path && mechanism.outcome.text == "MANIFEST_UNKNOWN";
        });
    CHECK(tried != explanation.mechanisms.end());
  }
  CHECK(tells(explanation, "the tag samples/helloworld:v1 points at helloworld", Circumstance::Bearing::cause));
  CHECK(tells(explanation, "westeurope has the blob", Circumstance::Bearing::late));
}

TEST_CASE("every setting that is named does to the outcome what it is said to do") {
  Compiled compiled{"story/06-re-used-tag-stale-for-an-hour"};
  const Explanation explanation = explain_operation(compiled, "still-stale", 20'000);
  CHECK(explanation.mechanisms.size() >= 3);
  for (const TriedMechanism& tried : explanation.mechanisms) {
    CAPTURE(tried.mechanism.path);
    Compiled changed{"story/06-re-used-tag-stale-for-an-hour", {{tried.mechanism.path, tried.mechanism.value}}};
    Runner runner{changed.scenario, changed.plan};
    const RunResult result = runner.run(changed.scenario.world.seed, 0);
    const auto pull = std::find_if(result.operations.begin(), result.operations.end(),
                                   [](const OperationResult& operation) { return operation.name == "still-stale"; });
    REQUIRE(pull != result.operations.end());
    const ManifestId wanted = changed.plan.images.at(tried.removes ? "hello-2" : "hello-1");
    CHECK(pull->digest == changed.plan.content.manifest(wanted).digest.text());
  }
}

TEST_CASE("a stale answer comes from the cache's fill; the update is told as something that it did not see") {
  Compiled compiled{"story/06-re-used-tag-stale-for-an-hour"};
  const Explanation explanation = explain_operation(compiled, "still-stale", 20'000);
  CHECK(explanation.outcome.text == "hello-1, out of date");
  CHECK(tells(explanation, "the cache of westeurope keeps hello-1", Circumstance::Bearing::cause));
  CHECK(tells(explanation, "fills-the-cache begins", Circumstance::Bearing::cause));
  CHECK(tells(explanation, "westus takes the push of hello-2", Circumstance::Bearing::unseen));
  CHECK(tells(explanation, "points at hello-2", Circumstance::Bearing::unseen));
}

TEST_CASE("an operation that went well is explained by what it got and how near it was to something else") {
  Compiled compiled{"story/06-re-used-tag-stale-for-an-hour"};
  const Explanation explanation = explain_operation(compiled, "expired", 100'000);
  CHECK(explanation.outcome.good);
  CHECK(explanation.outcome.text == "hello-2");
  CHECK(tells(explanation, "points at hello-2", Circumstance::Bearing::cause));
  CHECK_FALSE(explanation.races.empty());
}

TEST_CASE("an explanation is the same each time") {
  Compiled compiled{"story/04-manifest-before-its-layers"};
  const Explanation first = explain_operation(compiled, "in-the-window", 40'000);
  const Explanation second = explain_operation(compiled, "in-the-window", 40'000);
  REQUIRE(first.races.size() == second.races.size());
  for (std::size_t i = 0; i < first.races.size(); ++i) {
    CHECK(first.races[i].first == second.races[i].first);
    CHECK(first.races[i].delays.front().by == second.races[i].delays.front().by);
  }
  CHECK(first.reruns == second.reruns);
}

TEST_CASE("what cannot be tried within the budget is said to be left") {
  Compiled compiled{"story/04-manifest-before-its-layers"};
  CHECK_FALSE(explain_operation(compiled, "in-the-window", 2'000).all_tried);
}

TEST_CASE("a cause is named even where the ends of transfers over one link change places") {
  std::ifstream file{GEOREP_SOURCE "/scenarios/races/old-push-delivered-twice-racy.yaml"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  const std::string unlimited = "rtt: 40 ms}";
  text.replace(text.find(unlimited), unlimited.size(), "rtt: 40 ms, bandwidth: 200 Mbit/s}");
  ReadResult read = read_scenario_text({"limited.yaml", text});
  INFO(render(read.diagnostics, read.source));
  REQUIRE(read.scenario);
  const Compiled racy{std::move(*read.scenario)};
  const Explanation explanation = explain_race(racy, race_of(racy), 400'000);
  REQUIRE_FALSE(explanation.races.empty());
  for (const CriticalRace& race : explanation.races) CHECK_FALSE(race.object.empty());
}
