#include "analysis/reports/study_report.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "analysis/reports/expectation_column.hpp"
#include "analysis/reports/run_report.hpp"
#include "analysis/verdicts/vocabulary.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

std::set<std::string> asked_names(const Scenario& scenario) {
  std::set<std::string> names;
  for (const ExpectationSpec& expectation : scenario.expect)
    if (const auto* measure = std::get_if<MeasureExpectation>(&expectation.what)) names.insert(measure->measure);
  return names;
}

std::string where_of(const MeasureLabels& labels) {
  std::string text;
  for (const auto& [label, value] : labels) text += (text.empty() ? "" : ", ") + value;
  return text;
}

/// What the figure of an expectation is measured in: a count is a plain number.
std::string figure_measure(const MeasureExpectation& expectation) {
  return expectation.statistic == "count" ? "count" : expectation.measure;
}

std::string share_text(const Estimate& share) {
  const auto held = static_cast<std::int64_t>(std::llround(share.value * static_cast<double>(share.samples)));
  return fmt::format("{} of {}", held, share.samples);
}

std::string headline(const RunsReport& report) {
  const RunsSummary& summary = report.summary;
  const std::string runs = counted(static_cast<std::uint64_t>(summary.runs), "run");
  if (report.scenario.expect.empty()) return runs + ", nothing was expected";
  if (summary.passed == summary.runs) return fmt::format("every expectation held in {}", runs);
  return fmt::format("an expectation failed in {} of {}", summary.runs - summary.passed, runs);
}

void add_measures(const RunsReport& report, TextTable& table) {
  const std::set<std::string> asked = asked_names(report.scenario);
  for (const MeasureAcrossRuns& row : report.summary.measures) {
    if (row.samples == 0 || (!report.all_measures && !asked.contains(row.name))) continue;
    table.add({{row.name, Ink::plain},
               {where_of(row.labels), Ink::quiet},
               {estimate_text(row.name, row.mean), Ink::plain},
               {estimate_text(row.name, row.p50), Ink::plain},
               {estimate_text(row.name, row.p99), Ink::plain},
               {figure_of(row.name, row.max), Ink::plain},
               {grouped(static_cast<std::uint64_t>(row.samples)), Ink::quiet}});
  }
}

bool is_predicted(const SweepReport& report, std::size_t expectation) {
  return std::any_of(report.points.begin(), report.points.end(), [&](const SweptPoint& point) {
    return expectation < point.predictions.size() && point.predictions[expectation];
  });
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

}  // namespace

std::string estimate_text(const std::string& measure, const Estimate& estimate) {
  const std::string value = figure_of(measure, estimate.value);
  if (!std::isfinite(estimate.half_width())) return value;
  return value + " ± " + figure_of(measure, estimate.half_width());
}

std::string runs_text(const RunsReport& report, const TextStyle& style) {
  const RunsSummary& summary = report.summary;
  std::string text = paint(style, Ink::strong, report.scenario.world.scenario) + "\n\n";
  TextTable verdicts{{Align::left, Align::left, Align::left, Align::right}};
  for (std::size_t i = 0; i < summary.expectations.size(); ++i) {
    const ExpectationAcrossRuns& each = summary.expectations[i];
    const bool held = each.passed.value == 1;
    const auto* measure = std::get_if<MeasureExpectation>(&report.scenario.expect[i].what);
    verdicts.add({{held ? "held" : "failed", held ? Ink::good : Ink::bad},
                  {each.text, Ink::plain},
                  {share_text(each.passed), Ink::quiet},
                  {each.figure && measure != nullptr ? estimate_text(figure_measure(*measure), *each.figure) : "",
                   Ink::plain}});
  }
  if (!verdicts.empty()) text += "Expectations, in how many runs they held\n" + verdicts.text(style, 2) + "\n";
  TextTable measures{{Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right}};
  measures.add({{"", Ink::plain}, {"", Ink::plain}, {"mean", Ink::quiet}, {"p50", Ink::quiet}, {"p99", Ink::quiet},
                {"max", Ink::quiet}, {"samples", Ink::quiet}});
  const std::size_t bare = measures.uncut(style, 2).size();
  add_measures(report, measures);
  if (const std::string rows = measures.uncut(style, 2); rows.size() > bare)
    text += "Measures: mean over runs ± half of its 95% interval\n" + rows + "\n";
  for (const std::string& note : report.notes)
    for (const std::string& line : wrapped(note, style.width)) text += line + "\n";
  if (!report.goal_met) text += "The precision asked for was not reached.\n";
  if (summary.interrupted) text += "Interrupted: the figures are of the runs made until then.\n";
  text += paint(style, summary.passed == summary.runs ? Ink::good : Ink::bad, headline(report));
  return text + fmt::format(" ({} events, trace {:016x})\n", grouped(summary.events), summary.trace_hash);
}

namespace {

// A value may be a whole section of a scenario.
constexpr std::size_t longest_value = 60;

}  // namespace

std::string sweep_text(const SweepReport& report, const TextStyle& style) {
  std::string text = paint(style, Ink::strong, report.scenario.world.scenario) + "\n\n";
  if (report.points.empty()) return text + "no run was made\n";
  const std::size_t varied = report.points.front().settings.size();
  std::vector<Align> columns(varied + 1, Align::right);
  std::vector<TextTable::Cell> head;
  for (const auto& [path, value] : report.points.front().settings) head.push_back({path, Ink::quiet});
  head.push_back({"runs that met all", Ink::quiet});
  for (std::size_t i = 0; i < report.scenario.expect.size(); ++i) {
    const auto* measure = std::get_if<MeasureExpectation>(&report.scenario.expect[i].what);
    if (measure == nullptr) continue;
    columns.push_back(Align::right);
    head.push_back({column_of(report.scenario, report.scenario.expect[i]), Ink::quiet});
    if (!is_predicted(report, i)) continue;
    columns.push_back(Align::right);
    head.push_back({"in theory", Ink::quiet});
  }
  TextTable table{columns};
  table.add(head);
  for (const SweptPoint& point : report.points) {
    std::vector<TextTable::Cell> row;
    for (const auto& [path, value] : point.settings) row.push_back({shortened(value, longest_value), Ink::plain});
    const bool held = point.summary.passed == point.summary.runs;
    row.push_back({fmt::format("{} of {}", point.summary.passed, point.summary.runs), held ? Ink::good : Ink::bad});
    for (std::size_t i = 0; i < report.scenario.expect.size(); ++i) {
      const auto* measure = std::get_if<MeasureExpectation>(&report.scenario.expect[i].what);
      if (measure == nullptr) continue;
      const auto& figure = point.summary.expectations[i].figure;
      row.push_back({figure ? estimate_text(figure_measure(*measure), *figure) : "no sample", Ink::plain});
      if (!is_predicted(report, i)) continue;
      const auto& predicted = point.predictions[i];
      row.push_back({predicted ? figure_of(figure_measure(*measure), predicted->value) : "", Ink::quiet});
    }
    table.add(std::move(row));
  }
  text += table.uncut(style, 0);
  if (report.interrupted) text += "\nInterrupted: some runs are missing.\n";
  return text;
}

std::string sweep_csv(const SweepReport& report) {
  std::string text;
  if (!report.points.empty())
    for (const auto& [path, value] : report.points.front().settings) text += csv_cell(path) + ",";
  text += "runs,passed,measure,labels,unit,samples,mean,half_width,p50,p90,p99,min,max\r\n";
  for (const SweptPoint& point : report.points) {
    std::string settings;
    for (const auto& [path, value] : point.settings) settings += csv_cell(value) + ",";
    settings += fmt::format("{},{},", point.summary.runs, point.summary.passed);
    for (const MeasureAcrossRuns& row : point.summary.measures) {
      if (row.samples == 0) continue;
      std::string labels;
      for (const auto& [label, value] : row.labels) labels += (labels.empty() ? "" : " ") + label + "=" + value;
      text += settings + fmt::format("{},{},{},{}", csv_cell(row.name), csv_cell(labels), row.unit, row.samples);
      for (const double figure : {row.mean.value, row.mean.half_width(), row.p50.value, row.p90.value, row.p99.value,
                                  row.min, row.max})
        text += "," + csv_number(figure);
      text += "\r\n";
    }
    if (point.summary.measures.empty()) text += settings + ",,,,,,,,,,\r\n";
  }
  return text;
}

}  // namespace georep
