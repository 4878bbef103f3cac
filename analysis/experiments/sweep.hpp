// Every combination of the values that some paths take, a number of runs each, into one store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/store.hpp"

namespace georep {

/// The part of a sweep that one of several processes does: every count-th point, beginning with the
/// index-th, counted from 0.
struct Shard {
  std::int64_t index = 0;
  std::int64_t count = 1;
};

struct SweepRequest {
  std::int64_t runs = 1;  ///< of each point
  int jobs = 1;           ///< threads; changes no result
  Shard shard;
  std::function<bool()> interrupted;  ///< asked between runs
  /// Hears how many of the runs asked for are in the store.
  std::function<void(std::int64_t done, std::int64_t all)> progress;
};

struct SweepOutcome {
  std::int64_t made = 0;   ///< runs
  std::int64_t found = 0;  ///< runs that the store had already
  bool interrupted = false;
};

/// Says what is wrong with any point of a sweep, or nothing.
std::string problem_of_points(const Scenario& scenario, const std::vector<PointSettings>& points,
                              const SampleReader* samples = nullptr);

/// Makes those runs that the store lacks. A killed sweep that is called again makes what is
/// missing, and ends with the rows of one that was not killed.
OrProblem<SweepOutcome> sweep(const Scenario& scenario, ResultsStore& store,
                              const SweepRequest& request, const SampleReader* samples = nullptr);

}  // namespace georep
