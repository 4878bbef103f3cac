// A scenario of the library, compiled, with the schedule that the search finds.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/explanation/explanation.hpp"
#include "analysis/races/exploration.hpp"
#include "scenarios/reader/reader.hpp"

namespace georep::test {

struct Compiled {
  explicit Compiled(const std::string& path, const std::vector<Setting>& settings = {})
      : scenario{*read_scenario(GEOREP_SOURCE "/scenarios/" + path + ".yaml", settings)->scenario},
        plan{*compile(scenario.world)} {}
  explicit Compiled(Scenario read) : scenario{std::move(read)}, plan{*compile(scenario.world)} {}
  Scenario scenario;
  Plan plan;
};

inline FoundRace race_of(const Compiled& compiled) {
  ExplorationOptions options;
  options.strategy = SearchStrategy::exhaustive;
  const Exploration found = explore(compiled.scenario, compiled.plan, options);
  REQUIRE(found.race.has_value());
  return *found.race;
}

inline Explanation explain_race(const Compiled& racy, const FoundRace& race, std::uint64_t events) {
  ExplanationOptions options;
  options.events = events;
  return explain(racy.scenario, racy.plan, question_about(racy.scenario, race.violated.index), race.schedule, options);
}

inline Explanation explain_operation(Compiled& compiled, const std::string& name, std::uint64_t events) {
  const auto question = find_question(compiled.scenario, compiled.plan, name);
  REQUIRE(question.has_value());
  ExplanationOptions options;
  options.events = events;
  return explain(compiled.scenario, compiled.plan, *question, Schedule{}, options);
}

}  // namespace georep::test
