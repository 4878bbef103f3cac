#include "analysis/races/schedule.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/world/model_version.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<ChoiceKind, std::string_view>, 8> kinds{{
    {ChoiceKind::tie, "tie"},
    {ChoiceKind::latency, "latency"},
    {ChoiceKind::bandwidth, "bandwidth"},
    {ChoiceKind::storage, "storage"},
    {ChoiceKind::start_delay, "start-delay"},
    {ChoiceKind::client_start, "client-start"},
    {ChoiceKind::fault, "fault"},
    {ChoiceKind::sharing, "sharing"},
}};

// Sites are 64-bit hashes, more than a JSON number holds everywhere.
std::string site_text(std::uint64_t site) { return fmt::format("{:016x}", site); }
std::string delay_place(const Schedule::Delay& delay) {
  return fmt::format("delay {} of site {} ({})", delay.nth, site_text(delay.site), text(delay.kind));
}
std::string fault_place(const std::pair<std::uint64_t, std::uint32_t>& place) {
  return fmt::format("fault {} of site {}", place.second, site_text(place.first));
}
std::uint64_t site_of(const Json& json) {
  return std::stoull(json.get<std::string>(), nullptr, 16);
}

}  // namespace

std::string_view text(ChoiceKind kind) {
  for (const auto& [known, word] : kinds)
    if (known == kind) return word;
  return "";
}

Schedule schedule_of(const Trace& trace, const EventNames& names) {
  Schedule schedule;
  std::map<std::uint64_t, std::uint32_t> so_far;
  for (const TimeNode& node : trace.nodes) {
    // What others make of a transfer is nobody's decision: it comes of itself when the schedule is run.
    if (!node.drawn || node.kind == ChoiceKind::sharing) continue;
    const std::uint32_t nth = so_far[node.site]++;
    if (node.chosen == node.nominal) continue;
    schedule.delays.push_back({node.site, nth, node.kind, Duration::nanoseconds(node.chosen),
                               Duration::nanoseconds(node.nominal)});
  }
  so_far.clear();
  for (const Step& step : trace.steps) {
    if (step.kind != StepKind::choice) continue;
    const std::uint32_t nth = so_far[step.object]++;
    if (step.value != 0) schedule.values.push_back({step.object, nth, step.value});
  }
  for (const Overtaking& turn : trace.overtakings)
    schedule.turns.push_back({names.path(turn.event), names.path(turn.overtaken)});
  return schedule;
}

ScheduledDecisions::ScheduledDecisions(const Schedule& schedule, EventNames& names) {
  for (const Schedule::Delay& delay : schedule.delays)
    delays_[{delay.site, delay.nth}] = {delay};
  for (const Schedule::Value& value : schedule.values)
    values_[{value.site, value.nth}] = {value.value};
  for (const Schedule::Turn& turn : schedule.turns)
    turns_.push_back({names.at(turn.event), names.at(turn.before)});
}

std::size_t ScheduledDecisions::event(std::span<const EventName> candidates) {
  for (Turn& turn : turns_) {
    if (turn.taken || turn.before != candidates.front()) continue;
    const auto found = std::find(candidates.begin(), candidates.end(), turn.event);
    if (found == candidates.end()) continue;
    turn.taken = true;
    return static_cast<std::size_t>(found - candidates.begin());
  }
  return 0;
}

std::uint32_t ScheduledDecisions::value(std::uint64_t site, ChoiceKind, std::uint32_t count) {
  const auto found = values_.find({site, values_so_far_[site]++});
  if (found == values_.end()) return 0;
  auto& [value, taken] = found->second;
  taken = true;
  if (value >= count)
    not_allowed_.push_back(fmt::format("{} has the value {}, which is to be below {}", fault_place(found->first), value, count));
  return std::min(value, count - 1);
}

Duration ScheduledDecisions::delay(std::uint64_t site, ChoiceKind, Duration nominal,
                                   Freedom::Range range) {
  const auto found = delays_.find({site, delays_so_far_[site]++});
  if (found == delays_.end()) return nominal;
  auto& [delay, taken] = found->second;
  taken = true;
  const Duration held = std::clamp(delay.length, range.least, range.most);
  if (held != delay.length && delay.length != nominal)
    not_allowed_.push_back(fmt::format("{} is {}, where the scenario allows {} to {}", delay_place(delay), figure_in_one_unit(delay.length),
                                       figure_in_one_unit(range.least), figure_in_one_unit(range.most)));
  return delay.length == nominal ? nominal : held;
}

std::vector<std::string> ScheduledDecisions::never_came_up() const {
  std::vector<std::string> result;
  for (const auto& [place, listed] : delays_)
    if (!listed.taken) result.push_back(delay_place(listed.value));
  for (const auto& [place, listed] : values_)
    if (!listed.taken) result.push_back(fault_place(place));
  for (std::size_t i = 0; i < turns_.size(); ++i)
    if (!turns_[i].taken) result.push_back(fmt::format("turn {}", i));
  return result;
}

std::string write_schedule(const ScheduleFile& file) {
  Json json;
  json["georep_schedule"] = 1;
  json["model_version"] = model_version;
  json["scenario"] = file.scenario;
  json["seed"] = file.seed;
  json["set"] = file.settings;
  json["violates"] = file.violates;
  json["delays"] = Json::array();
  for (const Schedule::Delay& delay : file.schedule.delays)
    json["delays"].push_back({{"site", site_text(delay.site)},
                              {"nth", delay.nth},
                              {"kind", text(delay.kind)},
                              {"ns", delay.length.count()},
                              {"nominal_ns", delay.nominal.count()}});
  json["faults"] = Json::array();
  for (const Schedule::Value& value : file.schedule.values)
    json["faults"].push_back(
        {{"site", site_text(value.site)}, {"nth", value.nth}, {"value", value.value}});
  json["turns"] = Json::array();
  for (const Schedule::Turn& turn : file.schedule.turns)
    json["turns"].push_back({{"event", turn.event}, {"before", turn.before}});
  return json.dump(1) + "\n";
}

std::expected<ScheduleFile, std::string> read_schedule(std::string_view text) {
  ScheduleFile file;
  try {
    const Json json = Json::parse(text);
    if (json.value("georep_schedule", 0) != 1) return std::unexpected{"it is no schedule of georep"};
    if (json.at("model_version") != model_version)
      return std::unexpected{fmt::format("it was found with model version {}, this is version {}: explore again",
                                         json.at("model_version").dump(), model_version)};
    file.scenario = json.at("scenario");
    file.seed = json.at("seed");
    file.settings = json.at("set").get<std::vector<std::string>>();
    file.violates = json.at("violates");
    for (const Json& entry : json.at("delays")) {
      Schedule::Delay delay;
      delay.site = site_of(entry.at("site"));
      delay.nth = entry.at("nth");
      delay.length = Duration::nanoseconds(entry.at("ns"));
      delay.nominal = Duration::nanoseconds(entry.at("nominal_ns"));
      for (const auto& [kind, word] : kinds)
        if (entry.at("kind") == word) delay.kind = kind;
      file.schedule.delays.push_back(delay);
    }
    for (const Json& entry : json.at("faults"))
      file.schedule.values.push_back({site_of(entry.at("site")), entry.at("nth"), entry.at("value")});
    for (const Json& entry : json.at("turns"))
      file.schedule.turns.push_back({entry.at("event").get<std::vector<std::uint32_t>>(),
                                     entry.at("before").get<std::vector<std::uint32_t>>()});
  } catch (const std::exception& error) {
    return std::unexpected{std::string{error.what()}};
  }
  return file;
}

}  // namespace georep
