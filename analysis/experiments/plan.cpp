#include "analysis/experiments/plan.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/slack.hpp"

namespace georep {
namespace {

constexpr double kSecondsPerMonth = 30.0 * 24 * 3600;

// Asks for the cost beside what the scenario expects, and can always be met.
ExpectationSpec cost_of_egress() {
  MeasureExpectation cost;
  cost.measure = "egress_cost";
  cost.statistic = "sum";
  cost.bound = AboveBound{Quantity{Quantity::Dimension::number, -1}};
  return {cost, {}};
}

bool has_prices(const Scenario& scenario) {
  return scenario.world.network.price.egress.has_value() ||
         scenario.world.network.preset.has_value();
}

class Planner {
 public:
  Planner(const Scenario& scenario, const PlanRequest& request)
      : scenario_(scenario), request_(request), priced_(has_prices(scenario)) {
    if (priced_) scenario_.expect.push_back(cost_of_egress());
  }

  std::expected<CompiledPtr, std::vector<Diagnostic>> compiled_at(const Magnitude& value) const {
    return compile_point(scenario_, {{request_.path, value.text()}}, request_.samples);
  }

  std::vector<Trial> trials(const Magnitude& value, std::int64_t first, std::int64_t count) {
    auto compiled = compiled_at(value);
    if (!compiled) {
      problems_ = std::move(compiled.error());
      return {};
    }
    std::vector<Trial> trials;
    RunsRequest runs;
    runs.seed = request_.seed;
    runs.first = first;
    runs.runs = count;
    runs.jobs = request_.jobs;
    runs.all_measures = false;
    runs.interrupted = request_.interrupted;
    runs.watch = request_.watch;
    runs.each = [&](std::int64_t, const RunResult& run) {
      trials.push_back(trial_of(*compiled.value(), run));
    };
    independent_runs(*compiled, runs);
    if (request_.progress) request_.progress(value, first + count);
    return trials;
  }

  std::vector<Diagnostic>& problems() { return problems_; }

 private:
  Trial trial_of(const CompiledScenario& compiled, const RunResult& run) const {
    Trial trial;
    trial.slack = slack_of(compiled.scenario, run, request_.share);
    for (const ExpectationResult& each : run.expectations) trial.figure.push_back(each.figure);
    trial.trace_hash = run.trace_hash;
    if (priced_) {
      const double seconds = run.ended_at.seconds();
      // Without a price of each way that bytes took there is no sample, and the sum is 0.
      if (trial.figure.back().value_or(0) > 0 && seconds > 0) {
        trial.monthly_egress_usd = *trial.figure.back() * kSecondsPerMonth / seconds;
      }
      trial.slack.pop_back();
      trial.figure.pop_back();
    }
    trial.passed =
        std::all_of(run.expectations.begin(),
                    run.expectations.begin() + static_cast<std::ptrdiff_t>(trial.slack.size()),
                    [](const ExpectationResult& each) { return each.passed; });
    return trial;
  }

  Scenario scenario_;
  const PlanRequest& request_;
  bool priced_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

std::expected<PlanResult, std::vector<Diagnostic>> plan(const Scenario& scenario,
                                                        const PlanRequest& request) {
  Planner planner{scenario, request};
  for (const Magnitude& end : {request.goal.low, request.goal.high}) {
    auto compiled = planner.compiled_at(end);
    if (!compiled) return std::unexpected(std::move(compiled.error()));
  }
  PlanResult result = search_plan(
      request.goal, [&](const Magnitude& value, std::int64_t first, std::int64_t count) {
        return planner.trials(value, first, count);
      });
  if (!planner.problems().empty()) return std::unexpected(std::move(planner.problems()));
  return result;
}

}  // namespace georep
