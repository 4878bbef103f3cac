// A scenario together with the plan of its world, ready for any number of runs.
#pragma once

#include <expected>
#include <memory>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "analysis/experiments/variation.hpp"
#include "models/world/plan.hpp"
#include "sim/fields/diagnostic.hpp"
#include "sim/fields/kind.hpp"

namespace georep {

/// Immutable, so that the runners of all threads share it.
struct CompiledScenario {
  Scenario scenario;
  Plan plan;
};
using CompiledPtr = std::shared_ptr<const CompiledScenario>;

/// What is wrong with a world that cannot be compiled, as it is told.
std::vector<Diagnostic> diagnostics_of(const std::vector<PlanProblem>& problems);

/// Compiles a scenario with some of its fields set anew. `samples` reads files that the settings
/// name. The error holds all that is wrong.
std::expected<CompiledPtr, std::vector<Diagnostic>> compile_point(
    Scenario scenario, const PointSettings& settings, const SampleReader* samples = nullptr);

}  // namespace georep
