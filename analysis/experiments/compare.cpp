#include "analysis/experiments/compare.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace georep {
namespace {

struct Pairs {
  const MeasureRow* row = nullptr;  // its names
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

}  // namespace

Comparison compare_runs(std::span<const RunResult> first, std::span<const RunResult> second,
                        double confidence) {
  Comparison result;
  const std::size_t count = std::min(first.size(), second.size());
  result.runs = static_cast<std::int64_t>(count);
  std::vector<Pairs> all;
  std::map<std::pair<std::string, MeasureLabels>, std::size_t> place_of;
  for (std::size_t i = 0; i < count; ++i) {
    if (first[i].passed) ++result.first_passed;
    if (second[i].passed) ++result.second_passed;
    for (const MeasureRow& row : first[i].measures) {
      const MeasureRow* other = row.count > 0 ? row_like(row, second[i]) : nullptr;
      if (other == nullptr) continue;
      const auto [place, added] = place_of.try_emplace(std::pair(row.name, row.labels), all.size());
      if (added) all.push_back({&row, {}, {}, {}, {}});
      Pairs& pairs = all[place->second];
      pairs.first.push_back(row.mean);
      pairs.second.push_back(other->mean);
      pairs.first_p99.push_back(row.p99);
      pairs.second_p99.push_back(other->p99);
    }
  }
  for (const Pairs& pairs : all) {
    result.measures.push_back({pairs.row->name, pairs.row->labels, pairs.row->unit,
                               static_cast<std::int64_t>(pairs.first.size()), mean_of(pairs.first),
                               mean_of(pairs.second),
                               paired_difference(pairs.second, pairs.first, confidence),
                               paired_difference(pairs.second_p99, pairs.first_p99, confidence)});
  }
  return result;
}

}  // namespace georep
