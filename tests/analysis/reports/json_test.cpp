// The forms that programs read.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "analysis/reports/json_report.hpp"
#include "analysis/reports/test_report.hpp"
#include "tests/analysis/reports/example_run.hpp"
#include "tests/support/golden.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

std::vector<TestedFile> tested_files() {
  TestedFile failed;
  failed.file = "scenarios/example.yaml";
  failed.title = "A push in the west";
  failed.result = ExampleRun{}.result;
  failed.replay = "georep run scenarios/example.yaml";
  TestedFile passed = failed;
  passed.file = "scenarios/good.yaml";
  passed.result.passed = true;
  for (ExpectationResult& expectation : passed.result.expectations) expectation.passed = true;
  TestedFile broken;
  broken.file = "scenarios/broken.yaml";
  broken.problem = "scenarios/broken.yaml:3:1: error[E010]: unknown key 'imags'\n    imags: {}\n    ^~~~~";
  broken.problem_line = 3;
  broken.replay = "georep run scenarios/broken.yaml";
  TestedFile without = passed;
  without.file = "scenarios/no-expectations.yaml";
  without.result.expectations.clear();
  return {failed, passed, broken, without};
}

}  // namespace

TEST_CASE("a run as JSON has the form of the contract") {
  const ExampleRun run;
  const std::string text = json_report(run.scenario, run.result);
  check_golden("run.json", text);
  const json read = json::parse(text);
  CHECK(read.at("georep") == 1);
  CHECK(read.at("trace_hash") == "0000000000c0ffee");
  CHECK(read.at("operations").at(0).at("issued_from") == "west");
  CHECK(read.at("operations").at(2).at("digest").is_null());
  CHECK(read.at("operations").at(3).at("replica").is_null());
  CHECK(read.at("measures").at(2).at("mean").is_null());
  CHECK(read.at("measures").at(2).at("sum") == 0);
  CHECK_FALSE(read.contains("interrupted"));
}

TEST_CASE("an interrupted run says so in JSON") {
  ExampleRun run;
  run.result.interrupted = true;
  CHECK(json::parse(json_report(run.scenario, run.result)).at("interrupted") == true);
}

TEST_CASE("bytes that are no UTF-8 cannot spoil the JSON") {
  ExampleRun run;
  run.result.operations[0].name = "\xff";
  CHECK(json::accept(json_report(run.scenario, run.result)));
}

TEST_CASE("tests as JUnit XML: a suite for each file, a case for each expectation") {
  check_golden("junit.xml", junit_xml(tested_files()));
}

TEST_CASE("tests as annotations of GitHub, on the line of what failed") {
  check_golden("annotations.txt", github_annotations(tested_files()));
}

TEST_CASE("of more failures than GitHub shows the last line counts the rest") {
  std::vector<TestedFile> files(12, tested_files().front());
  const std::string text = github_annotations(files);
  CHECK(std::count(text.begin(), text.end(), '\n') == 10);
  CHECK(text.ends_with("::error::and 15 failures more\n"));
}

TEST_CASE("tests as a summary in Markdown") {
  check_golden("summary.md", github_summary(tested_files()));
}

TEST_CASE("tests as JSON count what passed and failed") {
  const json read = json::parse(test_json(tested_files()));
  CHECK(read.at("passed") == 2);
  CHECK(read.at("failed") == 2);
  CHECK(read.at("results").at(0).at("failures").size() == 2);
  CHECK(read.at("results").at(1).at("passed") == true);
  CHECK(read.at("results").at(2).at("problem").get<std::string>().find("E010") != std::string::npos);
}
