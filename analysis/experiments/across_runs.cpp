#include "analysis/experiments/across_runs.hpp"

#include <algorithm>

#include "analysis/experiments/run_figures.hpp"
#include "sim/kernel/assert.hpp"
#include "sim/kernel/trace_hash.hpp"

namespace georep {

void AcrossRuns::add(const RunResult& run) {
  ++runs_;
  if (run.passed) ++passed_;
  events_ += run.events;
  interrupted_ = interrupted_ || run.interrupted;
  TraceHash folded;
  folded.fold(trace_hash_);
  folded.fold(run.trace_hash);
  trace_hash_ = folded.value();

  if (expectations_.empty()) {
    for (const ExpectationResult& each : run.expectations) {
      expectations_.push_back({each.text, each.line, 0, {}});
    }
  }
  GEOREP_ASSERT(expectations_.size() == run.expectations.size(),
                "all runs judge the same expectations");
  for (std::size_t i = 0; i < expectations_.size(); ++i) {
    if (run.expectations[i].passed) ++expectations_[i].passed;
    if (run.expectations[i].figure) expectations_[i].figures.push_back(*run.expectations[i].figure);
  }

  for (const MeasureRow& told : run.measures) {
    const MeasureRow row = figure_of_run(told);
    const auto [place, added] =
        place_of_.try_emplace(std::pair(row.name, row.labels), measures_.size());
    if (added) {
      measures_.emplace_back();
      measures_.back().first = row;
    }
    if (row.count == 0) continue;
    MeasureValues& values = measures_[place->second];
    values.min = values.samples == 0 ? row.min : std::min(values.min, row.min);
    values.max = values.samples == 0 ? row.max : std::max(values.max, row.max);
    values.samples += row.count;
    values.mean.push_back(row.mean);
    values.sum.push_back(row.sum);
    values.p50.push_back(row.p50);
    values.p90.push_back(row.p90);
    values.p99.push_back(row.p99);
  }
}

void AcrossRuns::MeasureValues::fill_with_zeros(std::size_t runs) {
  if (mean.size() == runs) return;
  min = std::min(min, 0.0);
  max = std::max(max, 0.0);
  for (std::vector<double>* figures : {&mean, &sum, &p50, &p90, &p99}) figures->resize(runs, 0);
}

RunsSummary AcrossRuns::summary(double confidence) const {
  RunsSummary result;
  result.runs = runs_;
  result.passed = passed_;
  result.events = events_;
  result.trace_hash = trace_hash_;
  result.interrupted = interrupted_;
  for (const ExpectationCount& each : expectations_) {
    result.expectations.push_back(
        {each.text, each.line, share_interval(each.passed, runs_, confidence), std::nullopt});
    if (!each.figures.empty()) {
      result.expectations.back().figure = mean_interval(each.figures, confidence);
    }
  }
  for (MeasureValues values : measures_) {
    if (is_zero_where_absent(values.first.name)) values.fill_with_zeros(static_cast<std::size_t>(runs_));
    MeasureAcrossRuns row;
    row.name = values.first.name;
    row.labels = values.first.labels;
    row.unit = values.first.unit;
    row.samples = values.samples;
    row.min = values.min;
    row.max = values.max;
    if (values.samples > 0) {
      row.mean = mean_interval(values.mean, confidence);
      row.sum = mean_interval(values.sum, confidence);
      row.p50 = mean_interval(values.p50, confidence);
      row.p90 = mean_interval(values.p90, confidence);
      row.p99 = mean_interval(values.p99, confidence);
      row.median_of_runs = quantile_interval(values.mean, 0.5, confidence);
      row.p90_of_runs = quantile_interval(values.mean, 0.9, confidence);
    }
    result.measures.push_back(std::move(row));
  }
  return result;
}

std::string measure_text(const std::string& name, const MeasureLabels& labels) {
  std::string text = name;
  for (const auto& [label, value] : labels) text += ' ' + label + '=' + value;
  return text;
}

}  // namespace georep
