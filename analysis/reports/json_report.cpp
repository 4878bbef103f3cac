#include "analysis/reports/json_report.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

// Braces around one value would make a list of it.
template <class Value>
Json value_or_null(bool there_is, const Value& value) {
  return there_is ? Json(value) : Json(nullptr);
}

Json json_of(const ExpectationResult& expectation) {
  Json json = {{"index", expectation.index},
               {"text", expectation.text},
               {"line", expectation.line},
               {"passed", expectation.passed},
               {"detail", expectation.detail}};
  if (expectation.figure) json["figure"] = *expectation.figure;
  return json;
}

Json json_of(const OperationResult& operation) {
  return {{"name", operation.name},
          {"kind", operation.kind},
          {"reference", operation.reference},
          {"host", operation.host},
          {"issued_from", operation.issued_from.empty() ? operation.host : operation.issued_from},
          {"replica", value_or_null(!operation.replica.empty(), operation.replica)},
          {"at_s", operation.at.seconds()},
          {"duration_s", operation.duration.seconds()},
          {"attempts", operation.attempts},
          {"outcome", operation.outcome},
          {"digest", value_or_null(operation.digest.has_value(), operation.digest.value_or(""))}};
}

Json json_of(const DeliveryResult& delivery) {
  return {{"webhook", delivery.webhook},
          {"event", delivery.event},
          {"action", delivery.action},
          {"reference", delivery.reference},
          {"digest", delivery.digest},
          {"fired_at_s", delivery.fired_at.seconds()},
          {"attempts", delivery.attempts},
          {"status", value_or_null(delivery.status != 0, delivery.status)},
          {"ended_at_s", value_or_null(delivery.ended_at.has_value(), delivery.ended_at.value_or(Instant{}).seconds())}};
}

Json json_of(const MeasureRow& row) {
  Json labels = Json::object();
  for (const auto& [label, value] : row.labels) labels[label] = value;
  Json json = {{"name", row.name},   {"labels", std::move(labels)}, {"unit", row.unit},
               {"exact", row.exact}, {"count", row.count},          {"sum", row.sum}};
  const std::pair<const char*, double> statistics[] = {
      {"mean", row.mean}, {"min", row.min}, {"max", row.max}, {"stddev", row.stddev}, {"p50", row.p50},
      {"p90", row.p90},   {"p95", row.p95}, {"p99", row.p99}, {"p99.9", row.p999}};
  for (const auto& [name, value] : statistics) json[name] = value_or_null(row.count > 0, value);
  return json;
}

// What a user wrote may hold bytes that are no UTF-8 only through a fault of ours; they become U+FFFD then.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Item>
std::string list_of(const std::vector<Item>& items) {
  if (items.empty()) return "[]";
  std::string text = "[";
  for (const Item& item : items) text += (text.size() == 1 ? "\n  " : ",\n  ") + dumped(json_of(item));
  return text + "\n]";
}

}  // namespace

std::string json_report(const Scenario& scenario, const RunResult& result) {
  std::string text = "{\n";
  const auto member = [&](const char* key, const std::string& value, bool last = false) {
    text += fmt::format("\"{}\": {}{}\n", key, value, last ? "" : ",");
  };
  member("georep", "1");
  member("scenario", dumped(scenario.world.scenario));
  member("seed", std::to_string(result.seed));
  member("passed", result.passed ? "true" : "false");
  if (result.interrupted) member("interrupted", "true");
  if (result.endless) member("endless", "true");
  member("ended_at_s", dumped(result.ended_at.seconds()));
  member("events", std::to_string(result.events));
  member("trace_hash", fmt::format("\"{:016x}\"", result.trace_hash));
  member("expectations", list_of(result.expectations));
  member("operations", list_of(result.operations));
  member("deliveries", list_of(result.deliveries));
  member("measures", list_of(result.measures), true);
  return text + "}\n";
}

}  // namespace georep
