#include "analysis/experiments/compiled_scenario.hpp"

#include <utility>

#include "analysis/experiments/scenario_fields.hpp"
#include "sim/fields/path.hpp"

namespace georep {

std::vector<Diagnostic> diagnostics_of(const std::vector<PlanProblem>& problems) {
  std::vector<Diagnostic> diagnostics;
  for (const PlanProblem& problem : problems) {
    Diagnostic diagnostic;
    diagnostic.code = Code::contradiction;
    diagnostic.message = problem.message;
    diagnostic.place = problem.place;
    diagnostics.push_back(std::move(diagnostic));
  }
  return diagnostics;
}

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
  if (!plan) return std::unexpected(diagnostics_of(plan.error()));
  return std::make_shared<const CompiledScenario>(
      CompiledScenario{std::move(scenario), std::move(*plan)});
}

}  // namespace georep
