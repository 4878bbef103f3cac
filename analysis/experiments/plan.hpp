// The least, or the greatest, value of one path of a scenario at which everything that it expects is met.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "analysis/experiments/plan_search.hpp"
#include "analysis/experiments/runs.hpp"
#include "analysis/experiments/scenario.hpp"
#include "sim/fields/diagnostic.hpp"
#include "sim/fields/kind.hpp"

namespace georep {

struct PlanRequest {
  std::string path;
  PlanGoal goal;
  /// Of an expectation that is met or not, without a figure: the share of runs that have to meet it.
  double share = 0.99;
  std::uint64_t seed = 1;
  int jobs = 1;
  const SampleReader* samples = nullptr;  ///< reads files that the value names; may be null
  std::function<bool()> interrupted;
  WatchRunner watch;
  std::function<void(const Magnitude& value, std::int64_t runs)> progress;  ///< after each visit
};

/// The error holds what is wrong with the scenario at a value of the range.
std::expected<PlanResult, std::vector<Diagnostic>> plan(const Scenario& scenario,
                                                        const PlanRequest& request);

}  // namespace georep
