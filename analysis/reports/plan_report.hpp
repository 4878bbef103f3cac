// What a plan found, as text and as JSON.
#pragma once

#include <string>

#include "analysis/experiments/plan_search.hpp"
#include "analysis/experiments/scenario.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

struct PlanReport {
  const Scenario& scenario;
  std::string path;
  const PlanGoal& goal;
  const PlanResult& result;
  std::vector<std::string> expectations;  ///< in words, in the order of the scenario
};

/// The answer, then the curve: each value tried with what was least met there.
std::string plan_text(const PlanReport& report, const TextStyle& style);
/// Values in seconds, bytes, bits per second, per second or plain.
std::string plan_json(const PlanReport& report);

}  // namespace georep
