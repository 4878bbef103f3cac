#include "analysis/experiments/compiled_scenario.hpp"

#include <utility>

#include "analysis/experiments/scenario_fields.hpp"
#include "sim/fields/path.hpp"

namespace georep {

std::expected<CompiledPtr, std::vector<Diagnostic>> compile_point(Scenario scenario,
                                                                  const PointSettings& settings,
                                                                  const SampleReader* samples) {
  std::vector<Diagnostic> wrong;
  for (const auto& [path, value] : settings) {
    for (Diagnostic& problem :
         set_path<Scenario>(scenario_fields(), scenario, path, value, samples)) {
      wrong.push_back(std::move(problem));
    }
  }
  if (!wrong.empty()) return std::unexpected(std::move(wrong));
  auto plan = compile(scenario.world);
  if (!plan) {
    for (const PlanProblem& problem : plan.error()) {
      Diagnostic diagnostic;
      diagnostic.code = Code::contradiction;
      diagnostic.message = problem.message;
      diagnostic.place = problem.place;
      wrong.push_back(std::move(diagnostic));
    }
    return std::unexpected(std::move(wrong));
  }
  return std::make_shared<const CompiledScenario>(
      CompiledScenario{std::move(scenario), std::move(*plan)});
}

}  // namespace georep
