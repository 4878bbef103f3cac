// Reports that observe a run: traces, sequence diagrams, curves over time, pages.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "analysis/reports/html_report.hpp"
#include "analysis/reports/perfetto.hpp"
#include "analysis/reports/sequence.hpp"
#include "analysis/reports/series.hpp"
#include "tests/analysis/reports/example_run.hpp"
#include "tests/support/golden.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

WorldSpec pushed_and_pulled() {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.push(0_s, "one", "app:v1", "west", "push").pull(10_ms, "app:v1", "east", "early");
  builder.pull(5_s, "app:v1", "east", "late").push(6_s, "two", "app:v1", "west", "again");
  builder.pull(9_s, "app:v1", "east", "updated");
  return builder.spec;
}

json traced(const WorldSpec& spec) {
  const Plan plan = *compile(spec);
  World world{plan};
  std::string text;
  PerfettoTrace trace{world, [&](std::string_view piece) { text += piece; }};
  world.run();
  trace.finish(world.simulation().now());
  return json::parse(text);
}

}  // namespace

TEST_CASE("every span of a trace that begins ends, and not before") {
  std::map<int, double> begun;
  std::size_t spans = 0;
  const json trace = traced(pushed_and_pulled());
  for (const json& event : trace.at("traceEvents")) {
    if (event.at("ph") == "b") begun[event.at("id")] = event.at("ts");
    if (event.at("ph") != "e") continue;
    ++spans;
    REQUIRE(begun.contains(event.at("id")));
    CHECK(event.at("ts") >= begun[event.at("id")]);
    begun.erase(event.at("id"));
  }
  CHECK(begun.empty());
  CHECK(spans == 5 + 2);  // the operations, and each push copied to the other replica
}

TEST_CASE("every arrow of a trace starts and ends on a slice of its track") {
  const json trace = traced(pushed_and_pulled());
  const json& events = trace.at("traceEvents");
  const auto on_slice = [&](const json& arrow) {
    for (const json& event : events)
      if (event.at("ph") == "X" && event.at("ts") == arrow.at("ts") && event.at("pid") == arrow.at("pid") &&
          event.at("tid") == arrow.at("tid"))
        return true;
    return false;
  };
  std::multiset<std::int64_t> starts;
  std::multiset<std::int64_t> ends;
  for (const json& event : events) {
    if (event.at("ph") != "s" && event.at("ph") != "f") continue;
    CHECK(on_slice(event));
    (event.at("ph") == "s" ? starts : ends).insert(event.at("id").get<std::int64_t>());
  }
  CHECK(starts.size() == 2);
  CHECK(starts == ends);
}

TEST_CASE("what is under way when a run is cut off ends with it") {
  WorldSpec spec = pushed_and_pulled();
  const Plan plan = *compile(spec);
  World world{plan};
  std::string text;
  PerfettoTrace trace{world, [&](std::string_view piece) { text += piece; }};
  const Instant cut = Instant::at(100_ms);
  world.run(cut);
  trace.finish(cut);
  std::size_t unfinished = 0;
  const json read = json::parse(text);
  for (const json& event : read.at("traceEvents"))
    if (event.contains("args") && event.at("args").contains("unfinished")) ++unfinished;
  CHECK(unfinished == 1);
}

TEST_CASE("a sequence diagram tells what befell one tag") {
  const WorldSpec spec = pushed_and_pulled();
  const Plan plan = *compile(spec);
  World world{plan};
  const SequenceDiagram diagram{world, "app:v1"};
  world.run();
  check_golden("sequence.mmd", diagram.text());
}

TEST_CASE("a diagram of a tag that nothing befell says so") {
  const Plan plan = *compile(pushed_and_pulled());
  World world{plan};
  const SequenceDiagram diagram{world, "other:v1"};
  world.run();
  CHECK(diagram.text() == "sequenceDiagram\n  participant p1 as other:v1\n  Note over p1: nothing befell it\n");
}

TEST_CASE("windows grow with the run, and lose nothing that they counted") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  for (int i = 1; i <= 200; ++i) builder.pull(i * 7_s, "app:v1", "east");
  const Plan plan = *compile(builder.spec);
  World world{plan};
  const SeriesRecorder series{world};
  world.run();
  const std::vector<double> starts = series.window_starts();
  REQUIRE(starts.size() > 2);
  CHECK(starts.size() <= SeriesRecorder::most_windows);
  const double length = starts[1] - starts[0];
  const auto curves = series.curves(SeriesRecorder::Figure::requests_per_second);
  REQUIRE(curves.size() == 1);
  CHECK(curves[0].replica == "east");
  double all = 0;
  for (const auto& value : curves[0].values) all += value.value_or(0) * length;
  CHECK(all == doctest::Approx(200).epsilon(1e-9));
  CHECK(series.copies().at("east").size() == 1);
}

TEST_CASE("a page needs nothing from anywhere else, whatever a scenario is called") {
  ExampleRun run;
  run.scenario.world.scenario = "</script><script>alert(1)</script>";
  run.result.operations[0].name = "</script><b>";
  World world{run.plan};
  const SeriesRecorder series{world};
  const std::string page = html_report(run.report(), series);
  CHECK(page.find("alert(1)</script>") == std::string::npos);
  CHECK(page.find("</script><b>") == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("<link") == std::string::npos);

  // Each chart's data is JSON that can be read.
  std::size_t charts = 0;
  const std::string begin = "type=\"application/json\"";
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
    const std::size_t data = page.find('>', at) + 1;
    CHECK(json::accept(page.substr(data, page.find("</script>", data) - data)));
    ++charts;
  }
  CHECK(charts == 1);
}
