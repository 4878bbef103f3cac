#include "analysis/reports/comparison_report.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analysis/reports/run_report.hpp"

namespace georep {

namespace {

// Figures of durations are of lengths; the sign of a difference stands before them.
std::string signed_figure(const std::string& measure, double value) {
  return (value < 0 ? "-" : "+") + figure_of(measure, std::abs(value));
}

std::string difference_text(const std::string& measure, const Estimate& difference) {
  const std::string value = signed_figure(measure, difference.value);
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
    for (const ComparedMeasure& row : comparison.measures) {
      std::string labels;
      for (const auto& [label, value] : row.labels) labels += (labels.empty() ? "" : ", ") + value;
      const bool differs = !row.difference.covers(0);
      table.add({{row.name, Ink::plain},
                 {labels, Ink::quiet},
                 {figure_of(row.name, row.first), Ink::plain},
                 {figure_of(row.name, row.second), Ink::plain},
                 {difference_text(row.name, row.difference), differs ? Ink::strong : Ink::quiet},
                 {difference_text(row.name, row.p99_difference), row.p99_difference.covers(0) ? Ink::quiet : Ink::strong}});
    }
    text += table.text(style, 2) + "\n";
  }
  return text + "Means over pairs of runs ± half of the 95% interval of the mean difference\n";
}

}  // namespace georep
