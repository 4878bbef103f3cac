// Independent runs of a scenario on several threads. Run k draws the same chance under every
// setting of the scenario (common random numbers), so that differences between settings are not
// noise.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "analysis/experiments/across_runs.hpp"
#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/run.hpp"

namespace georep {

/// When the runs are enough before they are all made.
struct StoppingRule {
  double relative_half_width = 0.01;  ///< of every figure that an expectation bounds
  double confidence = 0.95;
};

/// Hears of each runner before its first run; what it gives is kept as long as the runner. For
/// whoever stops runners.
using WatchRunner = std::function<std::shared_ptr<void>(Runner& runner)>;

struct RunsRequest {
  std::uint64_t seed = 1;
  std::int64_t first = 0;  ///< the number of the first run
  std::int64_t runs = 1;   ///< the most, where a stopping rule is given
  int jobs = 1;            ///< threads; changes no result
  bool all_measures = true;
  std::optional<StoppingRule> stopping;
  /// Asked between runs; whoever says yes gets what there is. Empty: never.
  std::function<bool()> interrupted;
  WatchRunner watch;
  /// Hears of each run in order.
  std::function<void(std::int64_t run, const RunResult& result)> each;
};

struct RunsOutcome {
  RunsSummary summary;
  bool goal_met = true;  ///< false where a stopping rule was not met by all the runs
};

RunsOutcome independent_runs(const CompiledPtr& compiled, const RunsRequest& request);

}  // namespace georep
