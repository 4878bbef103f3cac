#include "analysis/reports/plan_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/reports/expectation_column.hpp"
#include "sim/fields/figures.hpp"

namespace georep {
namespace {

using Json = nlohmann::ordered_json;

double plain(const Magnitude& magnitude) {
  constexpr double nanoseconds_per_second = 1e9;
  return magnitude.unit == Magnitude::Unit::duration ? magnitude.value / nanoseconds_per_second
                                                     : magnitude.value;
}

// Rates all in one unit, which the language would choose for each.
std::string shown(const PlanReport& report, const Magnitude& magnitude) {
  if (magnitude.unit != Magnitude::Unit::rate) return rounded(magnitude, 4).text();
  const double least = report.goal.low.value;
  const auto [unit, seconds] = least >= 1 ? std::pair{"s", 1} : least * 60 >= 1 ? std::pair{"min", 60} : std::pair{"h", 3600};
  return fmt::format("{:.4g} /{}", magnitude.value * seconds, unit);
}

std::string interval_text(const PlanReport& report) {
  return fmt::format("{} … {}", shown(report, report.result.interval_low),
                     shown(report, report.result.interval_high));
}

std::string answer(const PlanReport& report) {
  const PlanResult& result = report.result;
  const std::string range =
      fmt::format("{} … {}", shown(report, report.goal.low), shown(report, report.goal.high));
  const std::string_view extreme = result.least ? "least" : "greatest";
  switch (result.verdict) {
    case PlanVerdict::found:
      if (result.deterministic) {
        return fmt::format("The {} {} that meets every expectation: {}. No chance takes part.",
                           extreme, report.path, shown(report, result.value));
      }
      return fmt::format("The {} {} that meets every expectation: {}, {:g}% interval {}.", extreme,
                         report.path, shown(report, result.value), report.goal.confidence * 100,
                         interval_text(report));
    case PlanVerdict::all_meet:
      return fmt::format("Every {} of {} meets every expectation; the {} that was asked about is enough.", report.path, range,
                         result.least ? "least" : "greatest");
    case PlanVerdict::none_meets:
      return fmt::format("No {} of {} meets every expectation.", report.path, range);
    case PlanVerdict::undecided:
      return fmt::format(
          "Undecided: the {} {} lies in {}, which is wider than {:g}% of it or reaches the end of "
          "the range. More runs (--runs) or a wider range tell.",
          extreme, report.path, interval_text(report), report.goal.precision * 100);
    case PlanVerdict::interrupted:
      return "Interrupted before there was an answer.";
  }
  return {};
}

// The point of the curve nearest to the answer; where all values meet, the end that was asked for.
const PlanPoint* at_answer(const PlanResult& result) {
  if (result.verdict == PlanVerdict::all_meet)
    return result.curve.empty() ? nullptr : result.least ? &result.curve.front() : &result.curve.back();
  const PlanPoint* nearest = nullptr;
  for (const PlanPoint& point : result.curve) {
    if (nearest == nullptr || std::abs(point.value.value - result.value.value) <
                                  std::abs(nearest->value.value - result.value.value)) {
      nearest = &point;
    }
  }
  return nearest;
}

std::string_view word_of(PlanVerdict verdict) {
  switch (verdict) {
    case PlanVerdict::found: return "found";
    case PlanVerdict::all_meet: return "all-meet";
    case PlanVerdict::none_meets: return "none-meets";
    case PlanVerdict::undecided: return "undecided";
    case PlanVerdict::interrupted: return "interrupted";
  }
  return {};
}

bool has_value(PlanVerdict verdict) {
  return verdict == PlanVerdict::found || verdict == PlanVerdict::undecided;
}

std::string dollars(double usd) {
  return usd < 100 ? figure_of_number(usd) : fmt::format("{:.0f}", usd);
}

// What a month costs at the answer, or why that is not known; nothing where no price is asked for, or there is no answer.
std::string cost_text(const PlanReport& report) {
  const PlanResult& result = report.result;
  if (!has_value(result.verdict) && result.verdict != PlanVerdict::all_meet) return "";
  if (!result.cost_unknown.empty()) return fmt::format("What egress there costs is not known: {}.", result.cost_unknown);
  const PlanPoint* nearest = at_answer(result);
  if (nearest == nullptr || !nearest->monthly_egress_usd) return "";
  return fmt::format("Egress there costs {} USD a month of thirty days{}.",
                     dollars(*nearest->monthly_egress_usd),
                     report.scenario.world.network.price.egress ? "" : " at list prices");
}

Json json_of(const PlanReport& report, const PlanPoint& point) {
  Json json = {{"value", plain(point.value)},
               {"runs", point.runs},
               {"passed", point.passed},
               {"tightest", report.expectations[point.tightest]},
               {"slack", point.slack.value},
               {"slack_interval", Json::array({point.slack.low, point.slack.high})}};
  if (point.figure.samples > 0) json["figure"] = point.figure.value;
  if (point.predicted_slack) json["predicted_slack"] = *point.predicted_slack;
  if (point.monthly_egress_usd) json["monthly_egress_usd"] = *point.monthly_egress_usd;
  return json;
}

std::string slack_text(double slack) {
  return fmt::format("{:+.1f}%", slack * 100);
}

TextTable curve_table(const PlanReport& report) {
  const std::vector<PlanPoint>& curve = report.result.curve;
  const bool has_theory = std::any_of(curve.begin(), curve.end(),
                                      [](const PlanPoint& point) { return point.predicted_slack.has_value(); });
  const bool several = report.expectations.size() > 1;
  std::vector<Align> columns(has_theory ? 5 : 4, Align::right);
  if (several) columns.push_back(Align::left);
  TextTable table{columns};
  std::vector<TextTable::Cell> head{{report.path}, {"runs"}, {"met in"}, {"slack"}};
  if (has_theory) head.push_back({"in theory"});
  if (several) head.push_back({"tightest"});
  table.add(std::move(head));
  for (const PlanPoint& point : curve) {
    const double half = point.slack.half_width();
    const std::string slack =
        slack_text(point.slack.value) + (std::isfinite(half) && half > 0 ? fmt::format(" ± {:.1f}%", half * 100) : "");
    std::vector<TextTable::Cell> row{{shown(report, point.value)},
                                     {fmt::format("{}", point.runs)},
                                     {fmt::format("{}", point.passed)},
                                     {slack, point.slack.value >= 0 ? Ink::good : Ink::bad}};
    if (has_theory) row.push_back({point.predicted_slack ? slack_text(*point.predicted_slack) : "", Ink::quiet});
    if (several) row.push_back({column_of(report.scenario, report.scenario.expect[point.tightest])});
    table.add(std::move(row));
  }
  return table;
}

}  // namespace

std::string plan_text(const PlanReport& report, const TextStyle& style) {
  const PlanResult& result = report.result;
  const bool good = result.verdict == PlanVerdict::found || result.verdict == PlanVerdict::all_meet;
  std::string text = report.scenario.world.scenario + "\n\n";
  for (const std::string& line : wrapped(answer(report), style.width)) {
    text += paint(style, good ? Ink::good : Ink::bad, line) + "\n";
  }
  for (const std::string& line : wrapped(cost_text(report), style.width)) text += line + "\n";
  if (result.predicted)
    text += fmt::format("Theory ({}) puts it at {}.\n", result.law, shown(report, *result.predicted));
  if (!result.monotone) {
    for (const std::string& line : wrapped(
             "The curve is not monotone: a value is worse than a smaller one beyond noise, as can be "
             "where flows share bandwidth fairly. The answer is that of the fit through all values.",
             style.width)) {
      text += paint(style, Ink::warning, line) + "\n";
    }
  }
  text += "\n" + curve_table(report).text(style, 2);
  return text + fmt::format("\n{} runs.\n", result.evaluations);
}

std::string plan_json(const PlanReport& report) {
  const PlanResult& result = report.result;
  Json json = {{"georep", 1}, {"scenario", report.scenario.world.scenario}, {"path", report.path}};
  json["verdict"] = word_of(result.verdict);
  if (has_value(result.verdict)) {
    json["value"] = plain(result.value);
    json["interval"] = Json::array({plain(result.interval_low), plain(result.interval_high)});
  } else if (result.verdict == PlanVerdict::all_meet) {
    // Within the range that was asked for this end is the answer; beyond it nobody looked.
    const double end = plain(result.least ? report.goal.low : report.goal.high);
    json["value"] = end;
    json["interval"] = Json::array({end, end});
  } else {
    json["value"] = nullptr;
    json["interval"] = nullptr;
  }
  json["met"] = result.verdict == PlanVerdict::found || result.verdict == PlanVerdict::all_meet;
  json["least"] = result.least;
  json["monotone"] = result.monotone;
  json["deterministic"] = result.deterministic;
  json["evaluations"] = result.evaluations;
  if (result.predicted) {
    json["predicted"] = plain(*result.predicted);
    json["law"] = result.law;
  }
  const PlanPoint* nearest = at_answer(result);
  if (!result.cost_unknown.empty()) {
    json["monthly_egress_unknown"] = result.cost_unknown;
  } else if (nearest != nullptr && nearest->monthly_egress_usd) {
    json["monthly_egress_usd"] = *nearest->monthly_egress_usd;
  }
  json["curve"] = Json::array();
  for (const PlanPoint& point : result.curve) json["curve"].push_back(json_of(report, point));
  return json.dump(2) + "\n";
}

}  // namespace georep
