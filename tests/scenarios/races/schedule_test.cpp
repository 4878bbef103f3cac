#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/races/schedule.hpp"

using namespace georep;

TEST_CASE("a schedule file reads back as it was written") {
  ScheduleFile file;
  file.scenario = "races/a.yaml";
  file.seed = 7;
  file.settings = {"network.jitter=5%"};
  file.violates = "never BLOB_UNKNOWN";
  file.schedule.delays.push_back({0xFEDC'BA98'7654'3210ULL, 2, ChoiceKind::storage, 7_ms, 5_ms});
  file.schedule.values.push_back({42, 0, 1});
  file.schedule.turns.push_back({{0, 3, 1}, {2}});
  const auto read = read_schedule(write_schedule(file));
  REQUIRE(read);
  CHECK(read->scenario == file.scenario);
  CHECK(read->seed == file.seed);
  CHECK(read->settings == file.settings);
  CHECK(read->violates == file.violates);
  CHECK(read->schedule == file.schedule);
}

TEST_CASE("what of a schedule never came up, or lies outside of what the scenario allows, is known after the run") {
  Schedule schedule;
  schedule.delays.push_back({1, 0, ChoiceKind::storage, 7_ms, 5_ms});
  schedule.delays.push_back({1, 1, ChoiceKind::storage, 9_ms, 5_ms});
  schedule.delays.push_back({2, 0, ChoiceKind::latency, 9_ms, 5_ms});
  schedule.values.push_back({3, 0, 1});
  schedule.values.push_back({4, 0, 5});
  schedule.turns.push_back({{0, 3, 1}, {2}});
  EventNames names;
  ScheduledDecisions decisions{schedule, names};
  const Freedom::Range range{6_ms, 8_ms};
  CHECK(decisions.delay(1, ChoiceKind::storage, 5_ms, range) == 7_ms);
  CHECK(decisions.not_allowed().empty());
  CHECK(decisions.delay(1, ChoiceKind::storage, 5_ms, range) == 8_ms);
  CHECK(decisions.delay(1, ChoiceKind::storage, 5_ms, range) == 5_ms);  // not listed
  CHECK(decisions.value(4, ChoiceKind::fault, 2) == 1);
  REQUIRE(decisions.not_allowed().size() == 2);
  CHECK(decisions.not_allowed()[0] == "delay 1 of site 0000000000000001 (storage) is 9 ms, where the scenario allows 6 ms to 8 ms");
  CHECK(decisions.not_allowed()[1] == "fault 0 of site 0000000000000004 has the value 5, which is to be below 2");
  CHECK(decisions.never_came_up() ==
        std::vector<std::string>{"delay 0 of site 0000000000000002 (latency)", "fault 0 of site 0000000000000003", "turn 0"});
}

TEST_CASE("what is no schedule is refused with the reason") {
  CHECK_FALSE(read_schedule("nonsense"));
  CHECK_FALSE(read_schedule("{}"));
  CHECK(read_schedule(R"({"georep_schedule": 1, "model_version": -1})").error().find("version") !=
        std::string::npos);
}
