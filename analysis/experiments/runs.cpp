#include "analysis/experiments/runs.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "analysis/experiments/in_order.hpp"
#include "analysis/experiments/run_figures.hpp"
#include "analysis/statistics/precision.hpp"

namespace georep {
namespace {

// Whether the figures that expectations compare with bounds are as precise as the rule wants them; the
// means of all measures where none does.
class Precision {
 public:
  explicit Precision(const StoppingRule& rule)
      : goal_{rule.relative_half_width, rule.confidence, 10} {}

  void add(const RunResult& run) {
    bool any_figure = false;
    for (const ExpectationResult& each : run.expectations) {
      if (!each.figure) continue;
      any_figure = true;
      figures_.try_emplace(each.index, goal_).first->second.add(*each.figure);
    }
    if (any_figure) return;
    for (const MeasureRow& row : run.measures) {
      if (row.count == 0) continue;
      SequentialMean& mean = means_.try_emplace({row.name, row.labels}, goal_).first->second;
      if (is_zero_where_absent(row.name)) fill_with_zeros(mean);
      mean.add(figure_of_run(row).mean);
    }
    ++runs_;
    for (auto& [measure, mean] : means_)
      if (is_zero_where_absent(measure.first)) fill_with_zeros(mean);
  }
  bool met() const {
    const auto is_met = [](const auto& mean) { return mean.second.met(); };
    if (!figures_.empty()) return std::all_of(figures_.begin(), figures_.end(), is_met);
    return !means_.empty() && std::all_of(means_.begin(), means_.end(), is_met);
  }

 private:
  void fill_with_zeros(SequentialMean& mean) const {
    while (mean.runs() < runs_) mean.add(0);
  }

  PrecisionGoal goal_;
  std::int64_t runs_ = 0;
  std::map<std::size_t, SequentialMean> figures_;
  std::map<std::pair<std::string, MeasureLabels>, SequentialMean> means_;
};

}  // namespace

RunsOutcome independent_runs(const CompiledPtr& compiled, const RunsRequest& request) {
  RunOptions options;
  options.all_measures = request.all_measures;
  options.by_tag = false;
  const auto make_worker = [&] {
    auto runner = std::make_shared<Runner>(compiled->scenario, compiled->plan, options);
    auto watch = request.watch ? request.watch(*runner) : nullptr;
    return [runner, watch, &request](std::int64_t index) {
      return runner->run(request.seed, static_cast<std::uint64_t>(request.first + index));
    };
  };

  AcrossRuns across;
  std::optional<Precision> precision;
  if (request.stopping) precision.emplace(*request.stopping);
  bool interrupted = false;
  const auto consume = [&](std::int64_t index, const RunResult& result) {
    // A run that was cut short would bend every mean.
    if (result.interrupted) {
      interrupted = true;
      return false;
    }
    across.add(result);
    if (request.each) request.each(request.first + index, result);
    if (precision) precision->add(result);
    interrupted = request.interrupted && request.interrupted();
    return !interrupted && !(precision && precision->met());
  };
  in_order(request.runs, request.jobs, make_worker, consume);

  const double confidence = request.stopping ? request.stopping->confidence : 0.95;
  RunsOutcome outcome{across.summary(confidence), !precision || precision->met()};
  outcome.summary.interrupted = outcome.summary.interrupted || interrupted;
  return outcome;
}

}  // namespace georep
