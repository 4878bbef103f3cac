// The commands beside `run` and `test`.
#include <filesystem>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

TEST_CASE("every command has a page of help with an example, and the overview names it") {
  const Ended overview = call({});
  CHECK(overview.code == 0);
  CHECK(overview.out == call({"--help"}).out);
  std::size_t commands = 0;
  bool listed = false;
  for (const std::string& line : overview.out_lines()) {
    if (line == "Commands:") {
      listed = true;
      continue;
    }
    if (!listed || !line.starts_with("  ")) {
      listed = listed && !line.empty();
      continue;
    }
    ++commands;
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    CAPTURE(name);
    const Ended help = call({name, "--help"});
    CHECK(help.code == 0);
    CHECK(help.out == call({"help", name}).out);
    const std::size_t examples = help.out.find("Examples:\n");
    CHECK(examples != std::string::npos);
    CHECK(help.out.find("georep " + name, examples) != std::string::npos);
  }
  CHECK(commands >= 7);
}

TEST_CASE("the version names the program's and the model's") {
  const Ended ended = call({"--version"});
  CHECK(ended.code == 0);
  CHECK(ended.out.starts_with("georep "));
  CHECK(ended.out.find(" (model ") != std::string::npos);
}

TEST_CASE("check says nothing of good files, and everything of bad ones") {
  const Folder folder;
  folder.write("some/good.yaml", good_scenario);
  const Ended good = call({"check", folder.path("some")});
  CHECK(good.code == 0);
  CHECK(good.out == "");
  CHECK(good.err == "");
  folder.write("some/bad.yaml", replaced(good_scenario, "images:", "imags:"));
  folder.write("some/worse.yaml", "version: 1\n\t- [");
  const Ended bad = call({"check", folder.path("some")});
  CHECK(bad.code == 3);
  CHECK(bad.err.find("bad.yaml:8:1: error[E010]: unknown key 'imags'") != std::string::npos);
  CHECK(bad.err.find("worse.yaml:2:1: error") != std::string::npos);
  CHECK(call({"check", folder.path("missing")}).code == 4);
}

TEST_CASE("check --json lists each mistake with its place") {
  const Folder folder;
  folder.write("good.yaml", good_scenario);
  folder.write("bad.yaml", replaced(good_scenario, "images:", "imags:"));
  const Ended ended = call({"check", folder.path(""), "--json"});
  CHECK(ended.code == 3);
  const json read = json::parse(ended.out);
  CHECK(read.at("georep") == 1);
  CHECK(read.at("valid") == false);
  REQUIRE(read.at("files").size() == 2);
  const json& bad = read.at("files").at(0);
  CHECK(bad.at("valid") == false);
  CHECK(bad.at("diagnostics").at(0).at("code") == "E010");
  CHECK(bad.at("diagnostics").at(0).at("line") == 8);
  CHECK(bad.at("diagnostics").at(0).at("column") == 1);
  CHECK(read.at("files").at(1).at("valid") == true);
}

TEST_CASE("init writes a scenario that passes, and never overwrites one") {
  const Folder folder;
  const Ended made = shell("cd " + folder.path("") + " && georep init first && georep run first.yaml");
  CHECK(made.code == 0);
  CHECK(made.out.starts_with("georep run first.yaml\n"));
  CHECK(made.err == "wrote first.yaml; next:\n");
  const std::string text = folder.read("first.yaml");
  folder.write("first.yaml", text + "# mine\n");
  const Ended again = shell("cd " + folder.path("") + " && georep init first.yaml");
  CHECK(again.code == 4);
  CHECK(again.err == "georep init: cannot write 'first.yaml': File exists\n");
  CHECK(folder.read("first.yaml") == text + "# mine\n");
  // As its comment says, the preview does not keep what it expects.
  CHECK(call({"run", folder.path("first.yaml"), "--set", "registry.preset=acr-preview"}).code == 1);
}

TEST_CASE("list names what a scenario may use") {
  for (const char* what : {"presets", "regions", "images", "measures", "invariants", "examples"}) {
    CAPTURE(what);
    const Ended text = call({"list", what});
    CHECK(text.code == 0);
    const json names = json::parse(call({"list", what, "--json"}).out).at(what);
    CHECK(names.size() == text.out_lines().size());
    CHECK(names.size() >= 5);
  }
}

TEST_CASE("the examples that are listed are there, and valid") {
  const json examples = json::parse(call({"list", "examples", "--json"}).out).at("examples");
  for (const json& file : examples)
    CHECK(call({"check", std::string{GEOREP_SOURCE "/"} + file.get<std::string>()}).code == 0);
}

TEST_CASE("the schema is a JSON Schema of draft 7") {
  const json schema = json::parse(call({"schema"}).out);
  CHECK(schema.at("$schema") == "http://json-schema.org/draft-07/schema#");
  CHECK(schema.at("properties").contains("timeline"));
}

TEST_CASE("bash completes commands, options, words, paths of settings and files") {
  const Folder folder;
  folder.write("scenario.yaml", "");
  folder.write("notes.txt", "");
  folder.write("script", call({"completion", "bash"}).out);
  // What bash offers where the last word is being typed.
  const auto offered = [&](const std::string& words) {
    std::string out = shell("cd " + folder.path("") + " && bash -c '. ./script; COMP_WORDS=(" + words +
                            "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _georep; echo \"${COMPREPLY[*]}\"'")
                          .out;
    return out;
  };
  CHECK(offered("georep ru") == "run\n");
  CHECK(offered("georep run --se") == "--seed --set --sequence\n");
  CHECK(offered("georep run --set registry.replication.str") == "registry.replication.streams=\n");
  CHECK(offered("georep run --color a") == "auto always\n");
  CHECK(offered("georep list im") == "images\n");
  CHECK(offered("georep run s") == "scenario.yaml\n");
  CHECK(offered("georep run --report n") == "notes.txt\n");
}

TEST_CASE("zsh and fish get completions of every option, too") {
  const std::string zsh = call({"completion", "zsh"}).out;
  const std::string fish = call({"completion", "fish"}).out;
  CHECK(zsh.starts_with("#compdef georep\n"));
  for (const char* option : {"junit", "filter", "seed", "until"}) {
    CHECK(zsh.find(std::string{"--"} + option + "[") != std::string::npos);
    CHECK(fish.find(std::string{" -l "} + option + " ") != std::string::npos);
  }
}

TEST_CASE("a recorded log is imported, says what was left out, and is replayed by a scenario beside it") {
  const Folder folder;
  folder.write("log.json", R"([
{"timestamp": "2017-07-01T00:00:01.000Z", "http.request.method": "GET", "http.request.remoteaddr": "c1",
 "http.request.uri": "v2/u/r/manifests/t", "http.response.status": 200, "http.response.written": 500},
{"timestamp": "2017-07-01T00:00:02.000Z", "http.request.method": "GET", "http.request.remoteaddr": "c1",
 "http.request.uri": "v2/u/r/blobs/base", "http.response.status": 200, "http.response.written": 1000000},
{"timestamp": "2017-07-01T00:00:03.000Z", "http.request.method": "HEAD", "http.request.remoteaddr": "c2",
 "http.request.uri": "v2/u/r/blobs/base", "http.response.status": 200, "http.response.written": 0}
])");
  const Ended imported = shell("cd " + folder.path("") + " && georep import ibm log.json --out log.txt");
  CHECK(imported.code == 0);
  CHECK(imported.out ==
        "3 records: 1 pulls, 0 polls, 0 pushes of 1 images\n"
        "1 left out: questions whether a layer is there, which every push asks by itself\n");
  folder.write("replay.yaml", R"(version: 1
scenario: the log again
network: {local_rtt: 2 ms, regions: {west: {}}}
registry: {config_size: 0 B, manifest_size: 0 B}
hosts: {clients: {region: west, download: 8 Mbps}}
workloads: [{trace: log.txt, format: georep, on: clients}]
expect:
  # A round trip for the manifest, one for the layer, and its 1 MB at 1 MB a second.
  - {measure: pull_duration, statistic: max, equals: 1004 ms}
)");
  CHECK(call({"run", folder.path("replay.yaml")}).code == 0);

  const Ended missing = call({"import", "ibm", folder.path("nowhere.json"), "--out", folder.path("out")});
  CHECK(missing.code == 4);
  folder.write("broken.json", "[{\"timestamp\": ");
  const Ended broken = call({"import", "ibm", folder.path("log.json"), folder.path("broken.json"), "--out", folder.path("out")});
  CHECK(broken.code == 4);
  CHECK(broken.err.find("broken.json: parse error at line 1") != std::string::npos);
  const Ended a_folder = call({"import", "ibm", folder.path(""), "--out", folder.path("out")});
  CHECK(a_folder.code == 4);
  CHECK_FALSE(std::filesystem::exists(folder.path("out")));
}
