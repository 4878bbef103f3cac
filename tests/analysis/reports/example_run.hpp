// A run made by hand, with one of everything that a report shows.
#pragma once

#include <string>

#include "analysis/reports/run_report.hpp"
#include "tests/support/world_builder.hpp"

namespace georep::test {

class ExampleRun {
 public:
  explicit ExampleRun(std::string file = "scenarios/example.yaml")
      : scenario{make_scenario()}, plan{*compile(scenario.world)}, file_{std::move(file)} {
    result.seed = 7;
    result.passed = false;
    result.ended_at = Instant::at(61_s);
    result.events = 12'345;
    result.trace_hash = 0xc0ffee;
    add_operations();
    result.deliveries = {
        {"eu-arrivals", "1", "push", "app:v1", "sha256:ab", Instant::at(2_s), 3, 504, Instant::at(17_s)},
        {"eu-arrivals", "2", "push", "app:v2", "sha256:cd", Instant::at(60_s), 1, 200, Instant::at(60_s) + 50_ms},
        {"eu-arrivals", "3", "push", "app:v3", "sha256:ef", Instant::at(61_s), 1, 0, std::nullopt}};
    add_measures();
    result.expectations = {
        {0, "operation first-push succeeds", 12, true, "one from west after 0.25 s, begun at 0 s on west", {}},
        {1, "operation too-early gets one", 13, false, "MANIFEST_UNKNOWN from east after 0.1 s", {}},
        {2, "never BLOB_UNKNOWN", 14, true, "", {}},
        {3, "measure replication_lag of app:v1 region east statistic max below 2 s", 15, false,
         "3.1 s over 1 sample", 3.1}};
  }

  RunReport report() const {
    return {scenario, plan, result, file_, "georep run " + file_ + " --seed 7", {}};
  }

  Scenario scenario;
  Plan plan;
  RunResult result;

 private:
  static Scenario make_scenario() {
    Scenario scenario;
    scenario.world = WorldBuilder{{"west", "east"}}.spec;
    scenario.world.scenario = "A push in the west, <pulled> & \"waited for\" in the east";
    MeasureExpectation lag;
    lag.measure = "replication_lag";
    lag.of = "app:v1";
    lag.region = "east";
    lag.statistic = "max";
    scenario.expect.push_back({lag, {15, 3}});
    return scenario;
  }

  // In the order of the file, which is not that of time.
  void add_operations() {
    const std::string digest = plan.content.manifest(plan.images.at("one")).digest.text();
    OperationResult push{"first-push", "push", "app:v1", "west", "", "west", {}, 250_ms, 1, "ok", digest};
    OperationResult patient{"patient", "pull", "app:v1", "east", "", "east", Instant::at(1_s), 3_s, 4, "ok", digest};
    OperationResult early{"too-early", "pull", "app:v1", "east", "west", "east", Instant::at(250_ms), 100_ms,
                          1, "MANIFEST_UNKNOWN", std::nullopt};
    OperationResult late{"late", "pull", "app:v1", "east", "", "", Instant::at(60_s), 1_s, 1, "unfinished", std::nullopt};
    result.operations = {push, patient, early, late};
  }

  void add_measures() {
    MeasureRow lag;
    lag.name = "replication_lag";
    lag.labels = {{"region", "east"}, {"of", "app:v1"}};
    lag.unit = "s";
    lag.count = 1;
    lag.sum = lag.mean = lag.min = lag.max = lag.p50 = lag.p90 = lag.p95 = lag.p99 = lag.p999 = 3.1;
    MeasureRow ratio;
    ratio.name = "cache_hit_ratio";
    ratio.labels = {{"region", "east"}};
    ratio.count = 1;
    ratio.sum = ratio.mean = ratio.min = ratio.max = ratio.p50 = ratio.p90 = ratio.p95 = ratio.p99 = ratio.p999 = 0.9983;
    MeasureRow none;
    none.name = "staleness";
    none.unit = "s";
    result.measures = {lag, ratio, none};
  }

  std::string file_;
};

}  // namespace georep::test
