#include "analysis/experiments/runs.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "analysis/experiments/in_order.hpp"
#include "analysis/statistics/precision.hpp"

namespace georep {
namespace {

// The names of the measures that expectations ask for; all of a run's where none does.
std::set<std::string> measures_asked_for(const Scenario& scenario) {
  std::set<std::string> names;
  for (const ExpectationSpec& expectation : scenario.expect) {
    if (const auto* measure = std::get_if<MeasureExpectation>(&expectation.what)) {
      names.insert(measure->measure);
    }
  }
  return names;
}

// Whether the means of all measures asked for are as precise as the rule wants them.
class Precision {
 public:
  Precision(const Scenario& scenario, const StoppingRule& rule)
      : names_(measures_asked_for(scenario)),
        goal_{rule.relative_half_width, rule.confidence, 10} {}

  void add(const RunResult& run) {
    for (const MeasureRow& row : run.measures) {
      if (row.count == 0 || (!names_.empty() && !names_.contains(row.name))) continue;
      means_.try_emplace({row.name, row.labels}, goal_).first->second.add(row.mean);
    }
  }
  bool met() const {
    return !means_.empty() && std::all_of(means_.begin(), means_.end(),
                                          [](const auto& mean) { return mean.second.met(); });
  }

 private:
  std::set<std::string> names_;
  PrecisionGoal goal_;
  std::map<std::pair<std::string, MeasureLabels>, SequentialMean> means_;
};

}  // namespace

RunsOutcome independent_runs(const CompiledPtr& compiled, const RunsRequest& request) {
  RunOptions options;
  options.all_measures = request.all_measures;
  const auto make_worker = [&] {
    auto runner = std::make_shared<Runner>(compiled->scenario, compiled->plan, options);
    return [runner, &request](std::int64_t run) {
      return runner->run(request.seed, static_cast<std::uint64_t>(run));
    };
  };

  AcrossRuns across;
  std::optional<Precision> precision;
  if (request.stopping) precision.emplace(compiled->scenario, *request.stopping);
  bool interrupted = false;
  const auto consume = [&](std::int64_t run, const RunResult& result) {
    across.add(result);
    if (request.each) request.each(run, result);
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
