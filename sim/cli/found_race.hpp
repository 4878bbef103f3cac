// What `georep explore --out` writes: the schedule that shows the race in the scenario as it was given, and the smallest scenario that shows
// it, ready to be kept, with its schedule.
#pragma once

#include <expected>
#include <string>

#include "analysis/races/scenario_shrink.hpp"
#include "analysis/reports/exploration_report.hpp"
#include "sim/cli/load.hpp"

namespace georep {

/// Where a race was found, and how to find it again.
struct RaceOrigin {
  std::string file;
  ScenarioOptions scenario;
  std::string command;
};

/// Writes `race.json`, `smallest.yaml` and `smallest.json` into a folder, in place of what is there. The error says why it could not.
std::expected<WrittenRace, std::string> write_race(const std::string& folder, const RaceOrigin& origin,
                                                   const Loaded& loaded, const FoundRace& race,
                                                   const ExplorationOptions& options);

}  // namespace georep
