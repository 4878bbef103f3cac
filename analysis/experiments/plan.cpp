#include "analysis/experiments/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/prediction.hpp"
#include "analysis/experiments/slack.hpp"

namespace georep {
namespace {

constexpr double seconds_per_month = 30.0 * 24 * 3600;

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
  const std::string& cost_unknown() const { return cost_unknown_; }

 private:
  Trial trial_of(const CompiledScenario& compiled, const RunResult& run) {
    Trial trial;
    trial.slack = slack_of(compiled.scenario, run, request_.share);
    for (const ExpectationResult& each : run.expectations) trial.figure.push_back(each.figure);
    trial.trace_hash = run.trace_hash;
    if (priced_) {
      // Nothing is counted before the warm-up is over.
      const double seconds = run.ended_at.seconds() - compiled.scenario.world.warmup.seconds();
      if (!trial.figure.back()) {
        cost_unknown_ = run.expectations.back().detail;
      } else if (seconds > 0) {
        trial.monthly_egress_usd = *trial.figure.back() * seconds_per_month / seconds;
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
  std::string cost_unknown_;
};

// The same question put to theory.
class PlanTheory {
 public:
  PlanTheory(const Scenario& scenario, const Planner& planner) : scenario_(scenario), planner_(planner) {}

  // Nothing where a part of the scenario has no closed form at that value, a load beyond all service included.
  std::optional<double> slack_at(const Magnitude& value, std::optional<std::size_t> expectation) {
    const auto compiled = planner_.compiled_at(value);
    if (!compiled) return std::nullopt;
    std::optional<double> least;
    for (std::size_t i = 0; i < scenario_.expect.size(); ++i) {
      if (expectation && i != *expectation) continue;
      const auto found = predicted_figure((*compiled)->plan, scenario_.expect[i]);
      if (!found) return std::nullopt;
      law_ = found->law;
      const auto& measure = std::get<MeasureExpectation>(scenario_.expect[i].what);
      const double slack = slack_of_bound(measure.bound, found->value);
      least = least ? std::min(*least, slack) : slack;
    }
    return least;
  }

  // By halving, as long as a number of the scenario language lies between.
  std::optional<Magnitude> crossing(const PlanGoal& goal, bool least) {
    const Magnitude& good = least ? goal.high : goal.low;
    const Magnitude& bad = least ? goal.low : goal.high;
    const auto meets = [&](const Magnitude& value) { return slack_at(value, std::nullopt).value_or(-1) >= 0; };
    if (!meets(good) || meets(bad)) return std::nullopt;
    double met = good.value;
    double missed = bad.value;
    constexpr int halvings = 40;
    for (int i = 0; i < halvings; ++i) {
      const double middle = (met + missed) / 2;
      const Magnitude tried{goal.low.unit, goal.low.whole() ? std::floor(middle) : middle};
      if (tried.value == met || tried.value == missed) break;
      (meets(tried) ? met : missed) = tried.value;
    }
    return Magnitude{goal.low.unit, met};
  }

  std::string_view law() const { return law_; }

 private:
  const Scenario& scenario_;
  const Planner& planner_;
  std::string_view law_;
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
  PlanTheory theory{scenario, planner};
  for (PlanPoint& point : result.curve) point.predicted_slack = theory.slack_at(point.value, point.tightest);
  result.predicted = theory.crossing(request.goal, result.least);
  result.law = theory.law();
  result.cost_unknown = planner.cost_unknown();
  return result;
}

}  // namespace georep
