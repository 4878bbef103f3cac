// What a run looks like on a terminal.
#include <doctest/doctest.h>

#include <sstream>

#include "analysis/reports/story.hpp"
#include "tests/analysis/reports/example_run.hpp"
#include "tests/support/golden.hpp"

using namespace georep;
using namespace georep::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// What is left when the escape sequences are gone.
std::string without_colours(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      result += text[i];
  }
  return result;
}

}  // namespace

TEST_CASE("a story tells operations in the order of time, measures asked for, and each verdict") {
  const ExampleRun run;
  check_golden("story.txt", story(run.report(), {false, 100}));
}

TEST_CASE("where a line is too narrow for an operation it takes two") {
  const ExampleRun run;
  check_golden("story-narrow.txt", story(run.report(), {false, 60}));
}

TEST_CASE("colours change nothing but the colour") {
  const ExampleRun run;
  const std::string coloured = story(run.report(), {true, 100});
  CHECK(coloured != story(run.report(), {false, 100}));
  CHECK(without_colours(coloured) == story(run.report(), {false, 100}));
}

TEST_CASE("no line of a story is wider than asked, nor ends in blanks") {
  ExampleRun run;
  run.result.operations[1].reference = "a/very/long/name/of/a/repository/that/nobody/would/write/twice:v1";
  run.result.expectations[1].detail = std::string(30, 'x') + " " + std::string(50, 'y') + " and some more words";
  for (const std::size_t width : {60, 72, 80, 100, 140}) {
    CAPTURE(width);
    for (const std::string& line : lines_of(story(run.report(), {false, width}))) {
      CAPTURE(line);
      CHECK(columns_of(line) <= width);
      CHECK((line.empty() || line.back() != ' '));
    }
  }
}

TEST_CASE("a run that was interrupted says so first") {
  ExampleRun run;
  run.result.interrupted = true;
  CHECK(lines_of(story(run.report(), {}))[2] == "Interrupted at 61 s: this is what there was until then.");
}

TEST_CASE("of very many operations the first are shown and the rest are counted") {
  ExampleRun run;
  const OperationResult one = run.result.operations.front();
  run.result.operations.assign(most_story_lines + 1'000, one);
  const std::string text = story(run.report(), {});
  CHECK(text.find("and 1,000 more of 1,060 operations; --json has them all") != std::string::npos);
  CHECK(lines_of(text).size() < most_story_lines + 40);
}

TEST_CASE("all measures are shown where all are wanted") {
  const ExampleRun run;
  RunReport report = run.report();
  CHECK(story(report, {}).find("cache_hit_ratio") == std::string::npos);
  report.all_measures = true;
  CHECK(story(report, {}).find("cache_hit_ratio") != std::string::npos);
}
