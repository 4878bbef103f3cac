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

TEST_CASE("what is no schedule is refused with the reason") {
  CHECK_FALSE(read_schedule("nonsense"));
  CHECK_FALSE(read_schedule("{}"));
  CHECK(read_schedule(R"({"georep_schedule": 1, "model_version": -1})").error().find("version") !=
        std::string::npos);
}
