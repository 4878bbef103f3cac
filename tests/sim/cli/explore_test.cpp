// `georep explore`, and `georep run --schedule`.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

const std::string races = GEOREP_SOURCE "/scenarios/races/";
/// What the whole of a search takes under sanitizers on a busy machine: an absence is no matter of speed.
const std::string patience = " --budget '10 min'";

}  // namespace

TEST_CASE("a race ends with 1, and its schedule shows it again byte for byte") {
  const Folder folder;
  const std::string file = races + "manifest-before-blobs-racy.yaml";
  const Ended found = shell("georep explore " + file + " --json --out " + folder.path("found"));
  CHECK(found.code == 1);
  const json race = json::parse(found.out);
  CHECK(race.at("verdict") == "race");
  CHECK(race.at("violated") == "never BLOB_UNKNOWN");
  CHECK(race.at("deviations") == 1);
  REQUIRE_FALSE(race.at("causes").empty());
  for (const json& cause : race.at("causes")) {
    CHECK(cause.at("first").get<std::string>() != "");
    CHECK(cause.at("then").get<std::string>() != "");
    CHECK(cause.at("slack_s").get<double>() != 0);
  }
  // The line in which the fixed file differs is named as what would have changed the outcome.
  const Ended told = shell("georep explore " + file);
  CHECK(told.out.find("- with registry.replication.order=[blobs, manifest, tag") != std::string::npos);
  const std::string replay = "georep run " + file + " --schedule " + folder.path("found/race.json");
  const Ended first = shell(replay);
  const Ended second = shell(replay);
  CHECK(first.code == 1);
  CHECK(first.out == second.out);
  CHECK(first.out.find("BLOB_UNKNOWN") != std::string::npos);
  CHECK(shell("georep run " + file).code == 0);
}

TEST_CASE("the smallest scenario is written with its schedule, reads without a fault, and shows the race byte for byte") {
  const Folder folder;
  const std::string file = races + "manifest-before-blobs-racy.yaml";
  const Ended found = shell("georep explore " + file + " --set network.local_rtt='1 ms' --json --out " + folder.path("found"));
  CHECK(found.code == 1);
  const json smallest = json::parse(found.out).at("smallest");
  CHECK(smallest.at("scenario") == folder.path("found/smallest.yaml"));
  CHECK(smallest.at("parts") < smallest.at("parts_before"));
  CHECK(smallest.at("complete") == true);
  const std::string scenario = folder.path("found/smallest.yaml");
  const std::string text = folder.read("found/smallest.yaml");
  CHECK(text.starts_with("# A race of " + file));
  CHECK(text.find("georep explore " + file + " --set 'network.local_rtt=1 ms'") != std::string::npos);
  CHECK(shell("georep check " + scenario).code == 0);
  CHECK(shell("georep run " + scenario).code == 0);
  const Ended replay = shell("georep run " + scenario + " --json --schedule " + folder.path("found/smallest.json"));
  CHECK(replay.code == 1);
  CHECK(json::parse(replay.out).at("trace_hash") == smallest.at("trace_hash"));
}

TEST_CASE("files that the smallest scenario names come with it") {
  const Folder folder;
  folder.write("delays.txt", "5 ms\n6 ms\n");
  const std::string text = replaced(good_scenario, "registry: {config_size: 0 B}",
                                    "registry: {config_size: 0 B, storage: {service_time: {empirical: delays.txt}}}");
  folder.write("racy.yaml", replaced(replaced(text, "expect:\n", "uncertainty: {at: {pull: [0 s, 5 s]}}\nexpect:\n"),
                                     "  - {operation: push, succeeds: true}\n", ""));
  CHECK(shell("georep explore " + folder.path("racy.yaml") + " --out " + folder.path("found")).code == 1);
  CHECK(shell("georep check " + folder.path("found/smallest.yaml")).code == 0);
  CHECK(shell("georep run " + folder.path("found/smallest.yaml") + " --schedule " + folder.path("found/smallest.json")).code == 1);
}

TEST_CASE("where every schedule was searched in vain, the verdict is absent, and 0") {
  const Ended ended = shell("georep explore " + races + "webhook-before-content-fixed.yaml --json" + patience);
  CHECK(ended.code == 0);
  const json absent = json::parse(ended.out);
  CHECK(absent.at("verdict") == "absent");
  CHECK(absent.at("schedules") >= 100);
  for (const json& goal : absent.at("goals")) CHECK(goal.at("reached") == true);
}

TEST_CASE("settings are compared in a table, a verdict each") {
  const Ended ended =
      shell("georep explore " + races + "webhook-before-invalidation-racy.yaml --vary "
            "'registry.replication.order=[blobs, manifest, tag, notify, invalidate]|"
            "[blobs, manifest, tag, invalidate, notify]'" + patience);
  CHECK(ended.code == 1);
  const std::vector<std::string> lines = ended.out_lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "registry.replication.order");
  CHECK(lines[1].find("notify, invalidate]  race  ") != std::string::npos);
  CHECK(lines[2].find("invalidate, notify]  absent  ") != std::string::npos);
}

TEST_CASE("the race of each setting is written to a folder of its own, and its schedule holds the setting") {
  const Folder folder;
  const std::string file = races + "manifest-before-blobs-racy.yaml";
  const Ended ended = shell("georep explore " + file + " --json --out " + folder.path("found") +
                            " --vary 'registry.replication.order=[manifest, tag, blobs]|[blobs, manifest, tag]'");
  CHECK(ended.code == 1);
  const json settings = json::parse(ended.out).at("settings");
  const std::string schedule = settings[0].at("schedule");
  CHECK(schedule == folder.path("found/registry.replication.order=manifest-tag-blobs/race.json"));
  CHECK_FALSE(settings[1].contains("schedule"));
  CHECK(shell("georep run " + file + " --schedule " + shell_quoted(schedule)).code == 1);
  const json smallest = settings[0].at("smallest");
  CHECK(shell("georep run " + shell_quoted(smallest.at("scenario").get<std::string>()) + " --schedule " +
              shell_quoted(smallest.at("schedule").get<std::string>()))
            .code == 1);
}

TEST_CASE("every combination of several settings has a verdict, the same on any number of threads") {
  const std::string command = "georep explore " + races + "manifest-before-blobs-racy.yaml --strategy random "
      "--vary 'registry.replication.order=[manifest, tag, blobs],[manifest, tag, blobs, notify]' "
      "--vary 'hosts.second.count=1|2' --json --jobs ";
  const Ended one = shell(command + "1");
  CHECK(one.code == 1);
  CHECK(shell(command + "3").out == one.out);
  const json settings = json::parse(one.out).at("settings");
  REQUIRE(settings.size() == 4);
  CHECK(settings[1].at("set") ==
        json{{"registry.replication.order", "[manifest, tag, blobs]"}, {"hosts.second.count", "2"}});
  for (const json& setting : settings) CHECK(setting.at("verdict") == "race");
}

TEST_CASE("what several threads find at random is what one finds") {
  for (const char* strategy : {"pct", "random"}) {
    const std::string command = "georep explore " + races + "stale-fill-racy.yaml --json --strategy " + strategy + " --jobs ";
    const Ended one = shell(command + "1");
    CHECK(one.code == 1);
    CHECK(shell(command + "4").out == one.out);
  }
}

TEST_CASE("a search that is interrupted, or whose budget ends, says what it has seen so far") {
  const std::string endless = " explore " + races + "webhook-before-content-fixed.yaml --strategy random --json";
  const Ended interrupted = shell("timeout --foreground -s INT 1 " + shell_quoted(GEOREP_PROGRAM) + endless + " --budget 5min; test $? = 124");
  CHECK(interrupted.code == 0);
  const json seen = json::parse(interrupted.out);
  CHECK(seen.at("interrupted") == true);
  CHECK(seen.at("verdict") == "unresolved");
  CHECK(seen.at("schedules") > 0);
  const Ended over = shell("georep" + endless + " --budget 200ms");
  CHECK(over.code == 5);
  CHECK(json::parse(over.out).at("schedules") > 0);
}

TEST_CASE("the budget ends a run that is too long for it, and the search says how far that came") {
  const Folder folder;
  folder.write("long.yaml", R"(version: 1
scenario: a long run
network: {regions: {west: {}}}
images: {old: [1 MB]}
hosts: {dev: {region: west}, pollers: {region: west, count: 20}}
timeline: [{at: 0 s, push: old, to: "app:v1", on: dev, as: push}]
workloads: [{poll: "app:v1", on: pollers, every: 1 s, until: 1000 h}]
uncertainty: {at: {push: [0 s, 1 s]}}
expect: [{never: BLOB_UNKNOWN}]
)");
  const Ended ended = shell("georep explore " + folder.path("long.yaml") + " --budget 200ms --json");
  CHECK(ended.code == 5);
  const json seen = json::parse(ended.out);
  CHECK(seen.at("schedules") == 0);
  CHECK(seen.at("open").get<std::string>().starts_with("the search ended in the midst of a run, at "));
}

constexpr const char* pull_after_push = R"(version: 1
scenario: a pull some time after a push
network: {local_rtt: 2 ms, regions: {west: {}, east: {}}, links: [{between: [west, east], rtt: 40 ms}]}
registry: {config_size: 0 B, replication: {start_delay: 100 ms}}
images: {hello: [1 MB]}
hosts: {dev: {region: west}, prod: {region: east}}
timeline:
  - {at: 1 s, push: hello, to: "app:v1", on: dev, as: p}
  - {after: p, delay: 300 ms, pull: "app:v1", on: prod, as: q}
uncertainty: {at: {q: [0 ms, 500 ms]}}
expect: [{operation: q, succeeds: true}]
)";

TEST_CASE("an entry that waits for another one begins some time after that one") {
  const Folder folder;
  folder.write("after.yaml", pull_after_push);
  const Ended ended = shell("georep explore " + folder.path("after.yaml"));
  CHECK(ended.code == 1);
  CHECK(ended.out.find("- q begins 150 ms after p instead of 300 ms\n") != std::string::npos);
}

TEST_CASE("a schedule that does not fit the scenario is refused, and says what does not") {
  const Folder folder;
  folder.write("after.yaml", pull_after_push);
  const std::string file = folder.path("after.yaml");
  CHECK(shell("georep explore " + file + " --out " + folder.path("found")).code == 1);
  const std::string found = " --schedule " + folder.path("found/race.json");
  CHECK(shell("georep run " + file + found).code == 1);
  const std::string other = races + "stale-fill-racy.yaml";
  const Ended run = shell("georep run " + other + found);
  CHECK(run.code == 4);
  CHECK(run.err.find("it is no schedule of this scenario: delay 0 of site ") != std::string::npos);
  CHECK(shell("georep why " + other + " stale-read" + found).code == 4);
  // With other settings something may rightly not come up.
  CHECK(shell("georep run " + other + " --set registry.manifest_cache=none" + found).code != 4);
  // The delay of 150 ms lies outside of another range.
  std::string narrow = pull_after_push;
  narrow.replace(narrow.find("[0 ms, 500 ms]"), 14, "[200 ms, 1 s]");
  folder.write("narrow.yaml", narrow);
  const Ended refused = shell("georep run " + folder.path("narrow.yaml") + found);
  CHECK(refused.code == 4);
  CHECK(refused.err.find("(client-start) is 150 ms, where the scenario allows 200 ms to 1 s") != std::string::npos);
}

TEST_CASE("what is asked for wrongly is refused before anything is searched") {
  const std::string file = races + "stale-fill-racy.yaml";
  CHECK(shell("georep explore " + file + " --budget soon").code == 2);
  CHECK(shell("georep explore " + file + " --vary nonsense").code == 2);
  CHECK(shell("georep explore " + file + " --strategy guess").code == 2);
  CHECK(shell("georep run " + file + " --schedule /nowhere/race.json").code == 4);
}
