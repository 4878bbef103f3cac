// What a search came to, as text and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "analysis/experiments/variation.hpp"
#include "analysis/explanation/explanation.hpp"
#include "analysis/races/exploration.hpp"
#include "analysis/races/scenario_shrink.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

/// A race as it was written to files.
struct WrittenRace {
  std::string schedule;           ///< of the scenario as it was given
  std::string smallest_scenario;
  std::string smallest_schedule;  ///< of that scenario
  SmallestScenario smallest;
};

struct ExplorationReport {
  const Scenario& scenario;
  const Exploration& exploration;
  const std::optional<WrittenRace>& written;
  const std::optional<Explanation>& why;  ///< of the race's violation, under its smallest schedule
};

std::string exploration_text(const ExplorationReport& report, const TextStyle& style);
std::string exploration_json(const ExplorationReport& report);

/// Each way in which a schedule differs from the ordinary run, in words.
std::vector<std::string> describe_schedule(const Scenario& scenario, const Schedule& schedule);

/// The verdicts for several settings, one to a line.
struct VariedVerdict {
  PointSettings settings;  ///< the same paths for all
  Exploration exploration;
  std::optional<WrittenRace> written;
};
std::string varied_text(const std::vector<VariedVerdict>& verdicts, const TextStyle& style);
std::string varied_json(const std::vector<VariedVerdict>& verdicts);

}  // namespace georep
