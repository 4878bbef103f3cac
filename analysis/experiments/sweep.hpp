// Every combination of the values that some paths take, a number of runs each, into one store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/runs.hpp"
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
  WatchRunner watch;
  /// Hears how many of the runs asked for are in the store.
  std::function<void(std::int64_t done, std::int64_t all)> progress;
};

struct SweepOutcome {
  std::int64_t made = 0;   ///< runs
  std::int64_t found = 0;  ///< runs that the store had already
  bool interrupted = false;
};

struct SweepTask {
  std::int64_t point = 0;
  std::int64_t run = 0;
};

/// Makes the runs of a sweep on one thread. Those of a point come best one after another, since its
/// plan and its runner serve them all.
class PointRunner {
 public:
  /// The scenario must outlive it; every point is valid.
  PointRunner(const Scenario& scenario, std::vector<PointSettings> points,
              const SampleReader* samples, WatchRunner watch);

  StoredRun run(const SweepTask& task);

 private:
  void prepare(std::int64_t point);

  const Scenario& scenario_;
  std::vector<PointSettings> points_;
  const SampleReader* samples_;
  WatchRunner watch_;
  std::int64_t point_ = -1;
  CompiledPtr compiled_;
  std::unique_ptr<Runner> runner_;
  std::shared_ptr<void> watched_;
};

struct MissingRuns {
  std::vector<SweepTask> tasks;
  std::int64_t found = 0;  ///< runs that the store has
};
MissingRuns missing_runs(const ResultsStore& store, const SweepRequest& request);

/// Takes the runs of a sweep as they are made and writes some at a time.
class SweepWriter {
 public:
  /// `all`: how many runs the store is to have in the end.
  SweepWriter(ResultsStore& store, const SweepRequest& request, std::int64_t found,
              std::int64_t all);

  /// Whether more are wanted.
  bool take(StoredRun run);
  OrProblem<SweepOutcome> finish();

 private:
  void write();

  ResultsStore& store_;
  const SweepRequest& request_;
  std::int64_t all_;
  SweepOutcome outcome_;
  std::vector<StoredRun> unwritten_;
  std::uint64_t unwritten_events_ = 0;
  std::string problem_;
};

/// Makes those runs that the store lacks. A killed sweep that is called again makes what is
/// missing, and ends with the rows of one that was not killed.
OrProblem<SweepOutcome> sweep(const Scenario& scenario, ResultsStore& store,
                              const SweepRequest& request, const SampleReader* samples = nullptr);

}  // namespace georep
