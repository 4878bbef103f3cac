// Independent runs of a scenario on several threads. Run k draws the same chance under every
// setting of the scenario (common random numbers), so that differences between settings are not
// noise.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "analysis/experiments/across_runs.hpp"
#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/run.hpp"

namespace georep {

/// When the runs are enough before they are all made.
struct StoppingRule {
  double relative_half_width = 0.01;  ///< of the mean of every measure that an expectation asks for
  double confidence = 0.95;
};

struct RunsRequest {
  std::uint64_t seed = 1;
  std::int64_t runs = 1;  ///< the most, where a stopping rule is given
  int jobs = 1;           ///< threads; changes no result
  bool all_measures = true;
  std::optional<StoppingRule> stopping;
  /// Asked between runs; whoever says yes gets what there is. Empty: never.
  std::function<bool()> interrupted;
  /// Hears of each run in order.
  std::function<void(std::int64_t run, const RunResult& result)> each;
};

struct RunsOutcome {
  RunsSummary summary;
  bool goal_met = true;  ///< false where a stopping rule was not met by all the runs
};

RunsOutcome independent_runs(const CompiledPtr& compiled, const RunsRequest& request);

}  // namespace georep
