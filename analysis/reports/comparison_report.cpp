#include "analysis/reports/comparison_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analysis/reports/run_report.hpp"

namespace georep {

namespace {

// Less than that share of what is compared comes from the rounding of sums.
constexpr double next_to_nothing = 1e-6;

double scale_of(const ComparedMeasure& row) { return std::max(std::abs(row.first), std::abs(row.second)); }

bool is_nothing(double value, double scale) { return std::abs(value) <= next_to_nothing * scale; }

bool is_nothing(const Estimate& difference, double scale) {
  const bool one_run = !std::isfinite(difference.half_width());
  return is_nothing(difference.value, scale) && (one_run || is_nothing(difference.half_width(), scale));
}

// Figures of durations are of lengths; the sign of a difference stands before them.
std::string signed_figure(const std::string& measure, double value, double scale) {
  if (is_nothing(value, scale)) return figure_of(measure, 0);
  return (value < 0 ? "-" : "+") + figure_of(measure, std::abs(value));
}

std::string difference_text(const std::string& measure, const Estimate& difference, double scale) {
  if (is_nothing(difference, scale)) return "equal";
  const std::string value = signed_figure(measure, difference.value, scale);
  if (!std::isfinite(difference.half_width())) return value;
  return value + " ± " + figure_of(measure, difference.half_width());
}

}  // namespace

std::string comparison_text(const std::vector<ComparedPoint>& points, const TextStyle& style) {
  std::string text;
  for (const ComparedPoint& point : points) {
    const Comparison& comparison = point.comparison;
    if (!point.settings.empty()) text += paint(style, Ink::strong, text_of(point.settings)) + "\n";
    text += fmt::format("{} runs each under the same chance; all expectations held in {} of the first, {} of the second\n\n",
                        comparison.runs, comparison.first_passed, comparison.second_passed);
    TextTable table{{Align::left, Align::left, Align::right, Align::right, Align::right, Align::right}};
    table.add({{"", Ink::plain}, {"", Ink::plain}, {"first", Ink::quiet}, {"second", Ink::quiet},
               {"second - first", Ink::quiet}, {"of the p99", Ink::quiet}});
    std::size_t alike = 0;
    for (const ComparedMeasure& row : comparison.measures) {
      const double scale = scale_of(row);
      if (is_nothing(row.difference, scale) && is_nothing(row.p99_difference, scale)) {
        ++alike;
        continue;
      }
      std::string labels;
      for (const auto& [label, value] : row.labels) labels += (labels.empty() ? "" : ", ") + value;
      const bool differs = !row.difference.covers(0);
      table.add({{row.name, Ink::plain},
                 {labels, Ink::quiet},
                 {figure_of(row.name, row.first), Ink::plain},
                 {figure_of(row.name, row.second), Ink::plain},
                 {difference_text(row.name, row.difference, scale), differs ? Ink::strong : Ink::quiet},
                 {difference_text(row.name, row.p99_difference, scale), row.p99_difference.covers(0) ? Ink::quiet : Ink::strong}});
    }
    if (comparison.measures.empty()) text += "  no measure has samples in both\n\n";
    if (alike < comparison.measures.size()) text += table.uncut(style, 2) + "\n";
    if (alike > 0) text += fmt::format("{} of {} figures are equal in both and left out\n\n", alike, comparison.measures.size());
  }
  return text + "Means over pairs of runs ± half of the 95% interval of the mean difference\n";
}

}  // namespace georep
