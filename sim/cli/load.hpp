// From a file and the options that change it to a scenario and its plan, or the text that says what is wrong.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analysis/experiments/scenario.hpp"
#include "models/world/plan.hpp"
#include "scenarios/reader/reader.hpp"
#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"

namespace georep {

/// A scenario and what it compiles to, or why there is none.
struct Loaded {
  std::optional<Scenario> scenario;
  std::optional<Plan> plan;
  SourceText source;
  std::vector<Diagnostic> diagnostics;  ///< all that is wrong with the scenario
  std::string problem;                  ///< the same as a user reads it, or why the file cannot be read
  ExitCode code = ExitCode::ok;         ///< `invalid` or `unreadable` where there is no plan

  bool ok() const { return code == ExitCode::ok; }
};

Loaded load(const std::string& file, const ScenarioOptions& options);

}  // namespace georep
