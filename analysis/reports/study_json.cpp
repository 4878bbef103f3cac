#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/reports/comparison_report.hpp"
#include "analysis/reports/study_report.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

Json object_of(const std::vector<std::pair<std::string, std::string>>& texts) {
  Json json = Json::object();
  for (const auto& [name, value] : texts) json[name] = value;
  return json;
}

Json interval_of(const Estimate& estimate) {
  Json interval = Json::array();
  interval.push_back(estimate.low);
  interval.push_back(estimate.high);
  return interval;
}

Json json_of(const Estimate& estimate) {
  return {{"value", estimate.value}, {"interval", interval_of(estimate)}};
}

Json json_of(const MeasureAcrossRuns& row) {
  Json json = {{"name", row.name}, {"labels", object_of(row.labels)}, {"unit", row.unit}, {"samples", row.samples}};
  if (row.samples == 0) return json;
  json["mean"] = row.mean.value;
  json["half_width"] = row.mean.half_width();
  json["min"] = row.min;
  json["max"] = row.max;
  for (const auto& [name, estimate] : {std::pair{"sum", &row.sum}, {"p50", &row.p50}, {"p90", &row.p90}, {"p99", &row.p99}})
    json[name] = json_of(*estimate);
  if (row.median_of_runs) json["median_of_runs"] = json_of(*row.median_of_runs);
  if (row.p90_of_runs) json["p90_of_runs"] = json_of(*row.p90_of_runs);
  return json;
}

Json measures_of(const RunsSummary& summary) {
  Json list = Json::array();
  for (const MeasureAcrossRuns& row : summary.measures) list.push_back(json_of(row));
  return list;
}

Json expectations_of(const RunsSummary& summary, const std::vector<std::optional<Prediction>>& predictions = {}) {
  Json list = Json::array();
  for (std::size_t i = 0; i < summary.expectations.size(); ++i) {
    const ExpectationAcrossRuns& each = summary.expectations[i];
    Json json = {{"index", i},
                 {"text", each.text},
                 {"line", each.line},
                 {"passed", each.passed.value == 1},
                 {"share", each.passed.value},
                 {"share_interval", interval_of(each.passed)}};
    if (each.figure) json["figure"] = json_of(*each.figure);
    if (i < predictions.size() && predictions[i])
      json["predicted"] = {{"value", predictions[i]->value}, {"law", predictions[i]->law}};
    list.push_back(std::move(json));
  }
  return list;
}

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string runs_json(const RunsReport& report) {
  const RunsSummary& summary = report.summary;
  Json json = {{"georep", 1},
               {"scenario", report.scenario.world.scenario},
               {"seed", report.scenario.world.seed},
               {"passed", summary.passed == summary.runs},
               {"runs", summary.runs},
               {"runs_passed", summary.passed},
               {"precise", report.goal_met},
               {"interrupted", summary.interrupted},
               {"events", summary.events},
               {"trace_hash", fmt::format("{:016x}", summary.trace_hash)},
               {"expectations", expectations_of(summary)},
               {"measures", measures_of(summary)}};
  if (!report.notes.empty()) json["notes"] = report.notes;
  return dumped(json);
}

std::string sweep_json(const SweepReport& report) {
  Json points = Json::array();
  for (const SweptPoint& point : report.points) {
    points.push_back({{"set", object_of(point.settings)},
                      {"runs", point.summary.runs},
                      {"runs_passed", point.summary.passed},
                      {"trace_hash", fmt::format("{:016x}", point.summary.trace_hash)},
                      {"expectations", expectations_of(point.summary, point.predictions)},
                      {"measures", measures_of(point.summary)}});
  }
  Json json = {{"georep", 1},
               {"scenario", report.scenario.world.scenario},
               {"seed", report.scenario.world.seed},
               {"interrupted", report.interrupted}};
  json["points"] = std::move(points);
  return dumped(json);
}

std::string comparison_json(const std::vector<ComparedPoint>& points) {
  Json list = Json::array();
  for (const ComparedPoint& point : points) {
    Json measures = Json::array();
    for (const ComparedMeasure& row : point.comparison.measures) {
      measures.push_back({{"name", row.name},
                          {"labels", object_of(row.labels)},
                          {"unit", row.unit},
                          {"pairs", row.pairs},
                          {"first", row.first},
                          {"second", row.second},
                          {"difference", json_of(row.difference)},
                          {"p99_difference", json_of(row.p99_difference)}});
    }
    list.push_back({{"set", object_of(point.settings)},
                    {"runs", point.comparison.runs},
                    {"first_passed", point.comparison.first_passed},
                    {"second_passed", point.comparison.second_passed},
                    {"measures", std::move(measures)}});
  }
  Json json = {{"georep", 1}};
  json["points"] = std::move(list);
  return dumped(json);
}

}  // namespace georep
