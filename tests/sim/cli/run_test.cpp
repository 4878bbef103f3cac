// `georep run`: what goes where, and what the process ends with.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"
#include "tests/support/golden.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

// How many events a run has, and its trace hash, are the business of the models' own tests.
std::string without_trace(std::string text) {
  const std::size_t at = text.find(" after ", text.find("Ended at"));
  REQUIRE(at != std::string::npos);
  return text.substr(0, at) + ".\n";
}

}  // namespace

TEST_CASE("a run whose expectations hold ends with 0 and tells its story on stdout alone") {
  const Folder folder;
  folder.write("good.yaml", good_scenario);
  const Ended ended = shell("cd " + folder.path("") + " && georep run good.yaml");
  CHECK(ended.code == 0);
  CHECK(ended.err == "");
  // By hand, with 2 ms inside a region and no bandwidth limit: a push is HEAD, POST and PUT of one blob and a PUT of the
  // manifest, 4 round trips; a pull is a GET of the manifest and one of the blob, 2.
  check_golden("good-scenario.txt", without_trace(ended.out));
}

TEST_CASE("a failed expectation ends with 1, and the last line is the command that does it again") {
  const Folder folder;
  const std::string file = folder.write("a name with 'quotes'.yaml", failing_scenario());
  const Ended ended = call({"run", file, "--seed", "7", "--set", "network.local_rtt=4 ms"});
  CHECK(ended.code == 1);
  CHECK(ended.last_err_line().starts_with("georep run "));
  const Ended again = shell(ended.last_err_line());
  CHECK(again.code == 1);
  CHECK(again.out == ended.out);
  CHECK(again.err == ended.err);
}

TEST_CASE("with --json stdout has one object, whatever the verdict") {
  const Folder folder;
  const Ended good = call({"run", folder.write("good.yaml", good_scenario), "--json"});
  CHECK(good.code == 0);
  const json read = json::parse(good.out);
  CHECK(read.at("georep") == 1);
  CHECK(read.at("passed") == true);
  CHECK(read.at("operations").at(0).at("duration_s") == 0.008);
  CHECK(read.at("operations").at(1).at("duration_s") == 0.004);
  CHECK(read.at("trace_hash").get<std::string>().size() == 16);

  const Ended failing = call({"run", folder.write("failing.yaml", failing_scenario()), "--json"});
  CHECK(failing.code == 1);
  CHECK(json::parse(failing.out).at("operations").at(1).at("outcome") == "MANIFEST_UNKNOWN");
  CHECK(failing.last_err_line().starts_with("georep run "));
}

TEST_CASE("a run that never ends by itself has not passed, and says what to write") {
  const Folder folder;
  const std::string file = folder.write("endless.yaml", R"(version: 1
scenario: a tag that is never replicated
network: {regions: {west: {}, east: {}}, links: [{between: [west, east], rtt: 10 ms}]}
registry: {replication: {order: [blobs, manifest]}}
images: {app: [1 MB]}
hosts: {dev: {region: west}, prod: {region: east}}
timeline:
  - {at: 0 s, push: app, to: "app:v1", on: dev}
  - {at: 1 s, pull: "app:v1", on: prod, retry: {first: 1 d, factor: 1, most: 1 d, attempts: unlimited}}
)");
  const Ended ended = call({"run", file});
  CHECK(ended.code == 1);
  CHECK(ended.out.find("The run has no end: at 3653 d something was still being tried again, long after the last moment "
                       "that the scenario names. State a 'duration'.") != std::string::npos);
  CHECK(json::parse(call({"run", file, "--json"}).out).at("endless") == true);
  const Ended tested = call({"test", file});
  CHECK(tested.code == 1);
  CHECK(tested.out.find("endless.yaml  the run has no end") != std::string::npos);
  CHECK(call({"run", file, "--until", "1 h"}).code == 0);
}

TEST_CASE("a run says which verdict rests on a default that nobody has published, and which --set shows it") {
  const Folder folder;
  const std::string written = R"(version: 1
scenario: two layers
network: {local_rtt: 2 ms, regions: {west: {}, east: {}}, links: [{between: [west, east], rtt: 40 ms, bandwidth: 100 Mbps}]}
registry: {config_size: 0 B, replication: {start_delay: 1 ms, round_trips_per_blob: 2, concurrency: 4STREAMS}}
images: {app: [1 KB, 1 KB]}
hosts: {dev: {region: west}}
timeline: [{at: 0 s, push: app, to: "app:v1", on: dev}]
expect:
  - {measure: replication_lag, statistic: max, below: 150 ms}
)";
  const auto file_with = [&](const char* streams) {
    std::string text = written;
    return folder.write("two.yaml", text.replace(text.find("STREAMS"), 7, streams));
  };
  const std::string note =
      "  registry.replication.streams, by default 4, is an assumption: nobody has published it. With --set\n"
      "  registry.replication.streams=1 'measure replication_lag statistic max below 150 ms' would fail.\n";
  const std::string file = file_with("");
  CHECK(call({"run", file}).out.find(note) != std::string::npos);
  CHECK(call({"run", file, "--set", "registry.replication.streams=1"}).code == 1);
  // What somebody has written is no default, even where it is the same.
  CHECK(call({"run", file, "--set", "registry.replication.streams=4"}).out.find("assumption") == std::string::npos);
  CHECK(call({"run", file_with(", streams: 4")}).out.find("assumption") == std::string::npos);
  CHECK(call({"run", file_with(", \"streams\": 4")}).out.find("assumption") == std::string::npos);
  // What stands in a comment is not written.
  file_with("");
  const std::string commented = folder.write("commented.yaml", folder.read("two.yaml") + "# streams: 4\n");
  CHECK(call({"run", commented}).out.find(note) != std::string::npos);
}

TEST_CASE("--seed, --set and --until change the run that they are given to") {
  const Folder folder;
  const std::string file = folder.write("good.yaml", good_scenario);
  const auto run = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"run", file, "--json"});
    return json::parse(call(more).out);
  };
  CHECK(run({"--seed", "18446744073709551615"}).at("seed") == 18446744073709551615U);
  CHECK(run({"--set", "network.local_rtt=20 ms"}).at("operations").at(0).at("duration_s") == 0.08);
  CHECK(run({"--seed", "7", "--set", "seed=8"}).at("seed") == 7);
  CHECK(run({"--until", "1 s"}).at("ended_at_s") == 1.0);
  CHECK(run({"--until", "1 s"}).at("operations").at(1).at("outcome") == "unfinished");
}

TEST_CASE("a scenario can come from the standard input") {
  const Folder folder;
  const std::string file = folder.write("good.yaml", good_scenario);
  const Ended piped = shell("georep run - --json < " + shell_quoted(file));
  CHECK(piped.code == 0);
  CHECK(piped.out == call({"run", file, "--json"}).out);
  CHECK(shell("echo 'version: 2' | georep check -").err.starts_with("-:1:10: error[E018]"));
}

TEST_CASE("the same command gives the same bytes") {
  const Folder folder;
  const std::string file = folder.write("good.yaml", good_scenario);
  CHECK(call({"run", file, "--json"}).out == call({"run", file, "--json"}).out);
  CHECK(call({"run", file}).out == call({"run", file}).out);
}

TEST_CASE("wrong arguments end with 2 and say what was probably meant") {
  const Folder folder;
  const std::string file = folder.write("good.yaml", good_scenario);
  const struct {
    std::vector<std::string> arguments;
    std::string message;
  } cases[] = {
      {{"rum", file}, "georep: there is no command 'rum'; did you mean 'run'?\n`georep --help` tells more.\n"},
      {{"run"}, "georep: FILE is required\n`georep run --help` tells more.\n"},
      {{"run", file, "--sed", "1"},
       "georep: there is no option '--sed'; did you mean '--seed'?\n`georep run --help` tells more.\n"},
      {{"run", "--sed=1"}, "georep: there is no option '--sed=1'; did you mean '--seed'?\n`georep run --help` tells more.\n"},
      {{"run", file, "two"}, "georep: 'two' is one argument too many\n`georep run --help` tells more.\n"},
      {{"--seed", "1", "run"}, "georep: a command comes first, then '--seed'\n`georep --help` tells more.\n"},
      {{"list", "imagse"},
       "georep: WHAT: 'imagse' is none of presets, regions, images, measures, invariants or examples; did you mean "
       "'images'?\n`georep list --help` tells more.\n"},
      {{"run", file, "--until", "5"},
       "georep run: --until: '5' has no unit; expected a duration such as '250 ms', in ns, us, ms, s, min, h or d\n"},
      {{"run", file, "--until", "-1 s"}, "georep run: --until: a run cannot end before it begins\n"},
      {{"run", file, "--seed", "-1"},
       "georep: --seed: '-1' is not a seed; expected a whole number from 0 to 18446744073709551615\n"
       "`georep run --help` tells more.\n"},
      {{"run", file, "--seed", "18446744073709551616"},
       "georep: --seed: '18446744073709551616' is not a seed; expected a whole number from 0 to 18446744073709551615\n"
       "`georep run --help` tells more.\n"},
  };
  for (const auto& [arguments, message] : cases) {
    const Ended ended = call(arguments);
    CAPTURE(message);
    CHECK(ended.code == 2);
    CHECK(ended.out == "");
    CHECK(ended.err == message);
  }
}

TEST_CASE("an invalid scenario ends with 3, every mistake in its place") {
  const Folder folder;
  folder.write("bad.yaml", replaced(replaced(good_scenario, "hosts:", "hosst:"), "1 MB", "1"));
  const Ended ended = shell("cd " + folder.path("") + " && georep run bad.yaml");
  CHECK(ended.code == 3);
  CHECK(ended.out == "");
  CHECK(ended.err.find("bad.yaml:8:18: error[E013]") != std::string::npos);
  CHECK(ended.err.find("bad.yaml:9:1: error[E010]: unknown key 'hosst'") != std::string::npos);
  const Ended set = call({"run", folder.write("good.yaml", good_scenario), "--set", "network.bandwith=1 Gbps"});
  CHECK(set.code == 3);
  CHECK(set.err.find("did you mean 'bandwidth'?") != std::string::npos);
  const Ended no_value = call({"run", folder.path("good.yaml"), "--set", "network.bandwidth"});
  CHECK(no_value.code == 3);
  CHECK(no_value.err.find("--set takes path=value, not 'network.bandwidth'") != std::string::npos);
}

TEST_CASE("what cannot be read or written ends with 4") {
  const Folder folder;
  const std::string file = folder.write("good.yaml", good_scenario);
  const Ended missing = call({"run", folder.path("missing.yaml")});
  CHECK(missing.code == 4);
  CHECK(missing.err == "georep: cannot read " + folder.path("missing.yaml") + ": No such file or directory\n");
  CHECK(call({"run", folder.path("")}).code == 4);
  CHECK(call({"run", file, "--trace", folder.path("missing/trace.json")}).code == 4);
  CHECK(call({"run", file, "--report", folder.path("missing/report.html")}).code == 4);
  const Ended full = shell("georep run " + file + " >/dev/full");
  CHECK(full.code == 4);
  CHECK(full.err == "georep: cannot write to standard output\n");
  CHECK(call({"run", file, "--trace", "/dev/full"}).code == 4);
}

TEST_CASE("a first interrupt stops the run at an event, writes what there is, and ends with 130") {
  const Folder folder;
  const std::string endless =
      replaced(good_scenario, "expect:", "workloads:\n  - {poll: \"app:v1\", on: prod, every: 1 us}\nexpect:");
  const std::string file = folder.write("endless.yaml", replaced(endless, "scenario: A push", "duration: 100000 h\nscenario: A push"));
  // The trace grows once the run is under way.
  const Ended ended = shell("cd " + folder.path("") + "\n" + GEOREP_PROGRAM +
                            " run endless.yaml --trace trace.json --json >out.json & pid=$!\n"
                            "until [ -s trace.json ]; do :; done; kill -INT $pid; wait $pid");
  CHECK(ended.code == 130);
  CHECK(ended.last_err_line() == "georep run endless.yaml --seed 1");
  const json read = json::parse(folder.read("out.json"));
  CHECK(read.at("interrupted") == true);
  CHECK(read.at("ended_at_s") < 3.6e8);
  CHECK(json::accept(folder.read("trace.json")));
}

TEST_CASE("reports, traces and diagrams are written where they are asked for") {
  const Folder folder;
  const std::string file = folder.write("good.yaml", good_scenario);
  const Ended ended = call({"run", file, "--report", folder.path("r.html"), "--trace", folder.path("t.json")});
  CHECK(ended.code == 0);
  CHECK(folder.read("r.html").starts_with("<!DOCTYPE html>"));
  CHECK(folder.read("r.html").find("A push and a pull") != std::string::npos);
  CHECK(json::parse(folder.read("t.json")).at("traceEvents").size() > 10);
  const Ended diagram = call({"run", file, "--sequence", "app:v1"});
  CHECK(diagram.code == 0);
  CHECK(diagram.out.starts_with("sequenceDiagram\n"));
  // What observes a run does not change it.
  CHECK(ended.out == call({"run", file}).out);
}

TEST_CASE("what egress costs is not known where the price of a way is not, and no bound holds then") {
  const Folder folder;
  const auto ran = [&](const std::string& network) {
    return call({"run", folder.write("priced.yaml", R"(version: 1
scenario: a push in a cloud
network: {preset: azure)" + network + R"(}
registry: {replicas: [eastus, westeurope, francecentral]}
images: {one: [1 GB]}
hosts: {ci: {region: eastus}}
timeline: [{at: 0 s, push: one, to: "app:v1", on: ci}]
expect:
  - {measure: egress_cost, statistic: sum, below: 5 USD}
)")});
  };
  const Ended unknown = ran("");
  CHECK(unknown.code == 1);
  CHECK(unknown.out.find("no list price of egress from eastus to francecentral is known; network.price.egress sets one") != std::string::npos);
  CHECK(ran(", price: {egress: 0.02 USD/GB}").code == 0);
}

TEST_CASE("a run with a transfer that outlasts all time has no end, and says so, and says why it failed") {
  const Folder folder;
  const Ended ended = call({"run", folder.write("centuries.yaml", R"(
version: 1
scenario: A copy of centuries
network: {bandwidth: 1 bps, regions: {w: {}, e: {}}, links: [{between: [w, e], rtt: 100 ms}]}
registry: {replicas: [w, e]}
images: {i1: [10 GB]}
hosts: {dw: {region: w}, x: {region: e, endpoint: w}}
timeline:
  - {at: 0 s, push: i1, to: "r:v1", on: dw}
  - {at: 1 s, pull: "r:v1", on: x, as: far}
expect: [{operation: far, succeeds: true}]
)")});
  CHECK(ended.code == 1);
  CHECK((ended.out + ended.err).find("The run has no end.") != std::string::npos);
}
