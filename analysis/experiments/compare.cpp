#include "analysis/experiments/compare.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "analysis/experiments/run_figures.hpp"

namespace georep {
namespace {

struct Pairs {
  bool in_both = false;  // the measure, of one pair at least
  std::vector<double> first, second, first_p99, second_p99;
};

const MeasureRow* row_like(const MeasureRow& row, const RunResult& run) {
  const auto found = std::find_if(run.measures.begin(), run.measures.end(), [&](const MeasureRow& other) {
    return other.name == row.name && other.labels == row.labels && other.count > 0;
  });
  return found == run.measures.end() ? nullptr : &*found;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The measures of all runs, in the order of first appearance.
std::vector<MeasureRow> measures_of(std::span<const RunResult> first, std::span<const RunResult> second) {
  std::vector<MeasureRow> result;
  std::set<std::pair<std::string, MeasureLabels>> known;
  for (const std::span<const RunResult> runs : {first, second})
    for (const RunResult& run : runs)
      for (const MeasureRow& row : run.measures)
        if (known.emplace(row.name, row.labels).second) result.push_back(row);
  return result;
}

Pairs pairs_of(const MeasureRow& names, std::span<const RunResult> first, std::span<const RunResult> second) {
  Pairs pairs;
  const MeasureRow zero;
  const bool zero_where_absent = is_zero_where_absent(names.name);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const MeasureRow* one = row_like(names, first[i]);
    const MeasureRow* other = row_like(names, second[i]);
    if (!zero_where_absent && (one == nullptr || other == nullptr)) continue;
    pairs.in_both = pairs.in_both || (one != nullptr && other != nullptr);
    const MeasureRow a = figure_of_run(one == nullptr ? zero : *one);
    const MeasureRow b = figure_of_run(other == nullptr ? zero : *other);
    pairs.first.push_back(a.mean);
    pairs.second.push_back(b.mean);
    pairs.first_p99.push_back(a.p99);
    pairs.second_p99.push_back(b.p99);
  }
  return pairs;
}

}  // namespace

Comparison compare_runs(std::span<const RunResult> first, std::span<const RunResult> second,
                        double confidence) {
  Comparison result;
  const std::size_t count = std::min(first.size(), second.size());
  result.runs = static_cast<std::int64_t>(count);
  first = first.first(count);
  second = second.first(count);
  const auto passed = [](const RunResult& run) { return run.passed; };
  result.first_passed = std::count_if(first.begin(), first.end(), passed);
  result.second_passed = std::count_if(second.begin(), second.end(), passed);
  bool alike = false;
  for (const MeasureRow& names : measures_of(first, second)) {
    const Pairs pairs = pairs_of(names, first, second);
    if (pairs.first.empty()) continue;
    alike = alike || pairs.in_both;
    result.measures.push_back({names.name, names.labels, names.unit,
                               static_cast<std::int64_t>(pairs.first.size()), mean_of(pairs.first),
                               mean_of(pairs.second),
                               paired_difference(pairs.second, pairs.first, confidence),
                               paired_difference(pairs.second_p99, pairs.first_p99, confidence)});
  }
  // Two that have no measure in common are of different things, and neither has none of what the other counts.
  if (!alike) result.measures.clear();
  return result;
}

}  // namespace georep
