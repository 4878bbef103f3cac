#include "analysis/experiments/sweep.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "analysis/experiments/in_order.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {
namespace {

// Runs are written together until they have cost about a second, so that neither a kill nor the
// disk costs more than that.
constexpr std::uint64_t events_written_together = 2'000'000;
constexpr std::size_t runs_written_together = 256;

}  // namespace

PointRunner::PointRunner(const Scenario& scenario, std::vector<PointSettings> points,
                         const SampleReader* samples, WatchRunner watch)
    : scenario_(scenario),
      points_(std::move(points)),
      samples_(samples),
      watch_(std::move(watch)) {}

StoredRun PointRunner::run(const SweepTask& task) {
  if (!runner_ || task.point != point_) prepare(task.point);
  StoredRun done{task.point, task.run,
                 runner_->run(compiled_->scenario.world.seed, static_cast<std::uint64_t>(task.run))};
  done.result.operations.clear();
  done.result.deliveries.clear();
  return done;
}

void PointRunner::prepare(std::int64_t point) {
  watched_.reset();
  runner_.reset();
  auto compiled = compile_point(scenario_, points_[static_cast<std::size_t>(point)], samples_);
  GEOREP_ASSERT(compiled, "every point of a sweep was found valid before");
  compiled_ = std::move(*compiled);
  RunOptions options;
  options.all_measures = true;
  options.by_tag = false;
  runner_ = std::make_unique<Runner>(compiled_->scenario, compiled_->plan, options);
  if (watch_) watched_ = watch_(*runner_);
  point_ = point;
}

MissingRuns missing_runs(const ResultsStore& store, const SweepRequest& request) {
  MissingRuns missing;
  const auto points = static_cast<std::int64_t>(store.points().size());
  for (std::int64_t point = request.shard.index; point < points; point += request.shard.count) {
    for (std::int64_t run = 0; run < request.runs; ++run) {
      if (store.contains(point, run)) {
        ++missing.found;
      } else {
        missing.tasks.push_back({point, run});
      }
    }
  }
  return missing;
}

SweepWriter::SweepWriter(ResultsStore& store, const SweepRequest& request, std::int64_t found,
                         std::int64_t all)
    : store_(store), request_(request), all_(all) {
  outcome_.found = found;
}

bool SweepWriter::take(StoredRun run) {
  // A run that was cut short is none.
  if (run.result.interrupted) {
    outcome_.interrupted = true;
    return false;
  }
  unwritten_events_ += run.result.events;
  unwritten_.push_back(std::move(run));
  if (unwritten_events_ >= events_written_together || unwritten_.size() >= runs_written_together) {
    write();
  }
  const auto waiting = static_cast<std::int64_t>(unwritten_.size());
  if (request_.progress) request_.progress(outcome_.found + outcome_.made + waiting, all_);
  if (request_.interrupted && request_.interrupted()) outcome_.interrupted = true;
  return problem_.empty() && !outcome_.interrupted;
}

OrProblem<SweepOutcome> SweepWriter::finish() {
  if (problem_.empty() && !unwritten_.empty()) write();
  if (!problem_.empty()) return std::unexpected(problem_);
  return outcome_;
}

void SweepWriter::write() {
  if (const auto added = store_.add(unwritten_); !added) problem_ = added.error();
  outcome_.made += static_cast<std::int64_t>(unwritten_.size());
  unwritten_.clear();
  unwritten_events_ = 0;
}

OrProblem<SweepOutcome> sweep(const Scenario& scenario, ResultsStore& store,
                              const SweepRequest& request, const SampleReader* samples) {
  const MissingRuns missing = missing_runs(store, request);
  const auto count = static_cast<std::int64_t>(missing.tasks.size());
  SweepWriter writer(store, request, missing.found, missing.found + count);
  const auto make_worker = [&] {
    auto runner =
        std::make_shared<PointRunner>(scenario, store.points(), samples, request.watch);
    return [runner, &missing](std::int64_t index) {
      return runner->run(missing.tasks[static_cast<std::size_t>(index)]);
    };
  };
  in_order(count, request.jobs, make_worker,
           [&](std::int64_t, StoredRun run) { return writer.take(std::move(run)); });
  return writer.finish();
}

}  // namespace georep
