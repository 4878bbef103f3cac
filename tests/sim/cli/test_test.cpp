// `georep test`.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

// Three files: one passes, one fails, one is invalid.
void write_three(const Folder& folder) {
  folder.write("suite/a-good.yaml", good_scenario);
  folder.write("suite/b-failing.yaml", failing_scenario());
  folder.write("suite/deep/c-invalid.yaml", replaced(good_scenario, "images:", "imags:"));
  folder.write("suite/notes.txt", "no scenario");
}

}  // namespace

TEST_CASE("a suite of scenarios: a line each, the failures in full, a summary, and 1") {
  const Folder folder;
  write_three(folder);
  const Ended ended = shell("cd " + folder.path("") + " && georep test suite");
  CHECK(ended.code == 1);
  const std::vector<std::string> lines = ended.out_lines();
  REQUIRE(lines.size() > 4);
  CHECK(lines[0] == "✓ suite/a-good.yaml");
  CHECK(lines[1] == "✗ suite/b-failing.yaml  1 of 2 expectations failed");
  CHECK(lines[2] == "✗ suite/deep/c-invalid.yaml  does not run");
  CHECK(lines.back() == "1 passed, 2 failed");
  CHECK(ended.out.find("suite/b-failing.yaml:15\ngeorep run suite/b-failing.yaml\n") != std::string::npos);
  CHECK(ended.out.find("suite/deep/c-invalid.yaml:8:1: error[E010]") != std::string::npos);
}

TEST_CASE("a suite that passes ends with 0, and with -q says only so") {
  const Folder folder;
  folder.write("good.yaml", good_scenario);
  const Ended ended = call({"test", folder.path("good.yaml"), "-q"});
  CHECK(ended.code == 0);
  CHECK(ended.out == "\n1 passed, 0 failed\n");
}

TEST_CASE("the number of jobs changes no byte") {
  const Folder folder;
  for (int i = 0; i < 20; ++i)
    folder.write("many/" + std::to_string(100 + i) + ".yaml", i % 3 == 0 ? failing_scenario() : good_scenario);
  const Ended one = call({"test", folder.path("many"), "--jobs", "1", "--junit", folder.path("one.xml")});
  const Ended eight = call({"test", folder.path("many"), "--jobs", "8", "--junit", folder.path("eight.xml")});
  CHECK(one.out == eight.out);
  CHECK(folder.read("one.xml") == folder.read("eight.xml"));
  CHECK(folder.read("one.xml").find("</testsuites>") != std::string::npos);
  CHECK(one.code == 1);
}

TEST_CASE("a filter chooses files by their path") {
  const Folder folder;
  write_three(folder);
  CHECK(call({"test", folder.path("suite"), "--filter", "*good*"}).code == 0);
  const Ended none = call({"test", folder.path("suite"), "--filter", "*nothing*"});
  CHECK(none.code == 4);
  CHECK(none.err == "georep test: no scenario matches '*nothing*'\n");
}

TEST_CASE("with --json there is one object") {
  const Folder folder;
  write_three(folder);
  const Ended ended = call({"test", folder.path("suite"), "--json"});
  CHECK(ended.code == 1);
  const json read = json::parse(ended.out);
  CHECK(read.at("passed") == 1);
  CHECK(read.at("failed") == 2);
  CHECK(read.at("results").at(0).at("file") == folder.path("suite/a-good.yaml"));
}

TEST_CASE("in a workflow of GitHub's failures become annotations and a summary") {
  const Folder folder;
  write_three(folder);
  const Ended ended = shell("cd " + folder.path("") +
                            " && export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary.md && georep test suite; georep test suite/a-good.yaml");
  CHECK(ended.err.find("::error file=suite/b-failing.yaml,line=15,title=operation pull gets hello::") != std::string::npos);
  CHECK(ended.err.find("::error file=suite/deep/c-invalid.yaml,line=8,title=runs to its end::") != std::string::npos);
  const std::string summary = folder.read("summary.md");
  CHECK(summary.find("### georep: 1 passed, 2 failed\n") != std::string::npos);
  CHECK(summary.find("### georep: 1 passed, 0 failed\n") != std::string::npos);
}

TEST_CASE("settings and seeds reach every file, and its replay") {
  const Folder folder;
  folder.write("good.yaml", good_scenario);
  const Ended ended = call({"test", folder.path("good.yaml"), "--set", "network.links[0].rtt=20 s", "--seed", "3"});
  CHECK(ended.code == 1);
  CHECK(ended.out.find("georep run " + folder.path("good.yaml") + " --seed 3 --set 'network.links[0].rtt=20 s'\n") !=
        std::string::npos);
}
