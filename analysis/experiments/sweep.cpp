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
constexpr std::uint64_t kEventsWrittenTogether = 2'000'000;
constexpr std::size_t kRunsWrittenTogether = 256;

struct Assignment {
  std::int64_t point;
  std::int64_t run;
};

// Runs the tasks that one thread is given. Those of a point come one after another, so that its
// plan and its runner serve them all.
class PointRunner {
 public:
  PointRunner(const Scenario& scenario, const ResultsStore& store, const SampleReader* samples)
      : scenario_(scenario),
        points_(store.points()),
        seed_(store.identity().seed),
        samples_(samples) {}

  StoredRun run(const Assignment& task) {
    if (!runner_ || task.point != point_) prepare(task.point);
    StoredRun done{task.point, task.run, runner_->run(seed_, static_cast<std::uint64_t>(task.run))};
    done.result.operations.clear();
    done.result.deliveries.clear();
    return done;
  }

 private:
  void prepare(std::int64_t point) {
    runner_.reset();
    auto compiled = compile_point(scenario_, points_[static_cast<std::size_t>(point)], samples_);
    GEOREP_ASSERT(compiled, "every point of a sweep was found valid before");
    compiled_ = std::move(*compiled);
    RunOptions options;
    options.all_measures = true;
    runner_ = std::make_unique<Runner>(compiled_->scenario, compiled_->plan, options);
    point_ = point;
  }

  const Scenario& scenario_;
  const std::vector<PointSettings>& points_;
  std::uint64_t seed_;
  const SampleReader* samples_;
  std::int64_t point_ = -1;
  CompiledPtr compiled_;
  std::unique_ptr<Runner> runner_;
};

}  // namespace

std::string problem_of_points(const Scenario& scenario, const std::vector<PointSettings>& points,
                              const SampleReader* samples) {
  for (const PointSettings& point : points) {
    const auto compiled = compile_point(scenario, point, samples);
    if (compiled) continue;
    const Diagnostic& first = compiled.error().front();
    return "with " + text_of(point) + ": " + first.message +
           (first.hint.empty() ? "" : "; " + first.hint);
  }
  return {};
}

OrProblem<SweepOutcome> sweep(const Scenario& scenario, ResultsStore& store,
                              const SweepRequest& request, const SampleReader* samples) {
  std::vector<Assignment> tasks;
  SweepOutcome outcome;
  const auto points = static_cast<std::int64_t>(store.points().size());
  for (std::int64_t point = request.shard.index; point < points; point += request.shard.count) {
    for (std::int64_t run = 0; run < request.runs; ++run) {
      if (store.contains(point, run)) {
        ++outcome.found;
      } else {
        tasks.push_back({point, run});
      }
    }
  }

  const auto all = outcome.found + static_cast<std::int64_t>(tasks.size());
  std::string problem;
  const auto make_worker = [&] {
    auto runner = std::make_shared<PointRunner>(scenario, store, samples);
    return [runner, &tasks](std::int64_t index) {
      return runner->run(tasks[static_cast<std::size_t>(index)]);
    };
  };
  std::vector<StoredRun> unwritten;
  std::uint64_t unwritten_events = 0;
  const auto write = [&] {
    if (const auto added = store.add(unwritten); !added) problem = added.error();
    outcome.made += static_cast<std::int64_t>(unwritten.size());
    unwritten.clear();
    unwritten_events = 0;
  };
  const auto consume = [&](std::int64_t index, StoredRun run) {
    unwritten_events += run.result.events;
    unwritten.push_back(std::move(run));
    if (unwritten_events >= kEventsWrittenTogether || unwritten.size() >= kRunsWrittenTogether) {
      write();
    }
    if (request.progress) request.progress(outcome.found + index + 1, all);
    outcome.interrupted = request.interrupted && request.interrupted();
    return problem.empty() && !outcome.interrupted;
  };
  in_order(static_cast<std::int64_t>(tasks.size()), request.jobs, make_worker, consume);
  if (problem.empty() && !unwritten.empty()) write();
  if (!problem.empty()) return std::unexpected(problem);
  return outcome;
}

}  // namespace georep
