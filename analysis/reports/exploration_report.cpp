#include "analysis/reports/exploration_report.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/reports/explanation_report.hpp"
#include "models/facts/choice_sites.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

std::string stages_text(const Exploration& exploration) {
  std::string text;
  for (const SearchStage& stage : exploration.stages)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counted(stage.schedules, "schedule"),
                        stage.name == "exhaustive" ? "one of each kind" : "by " + stage.name);
  return text.empty() ? "no schedule" : text;
}

std::string space_of(const Exploration& exploration) {
  return exploration.stages.empty() ? "none" : exploration.stages.back().name;
}

std::string_view fault_text(FaultSite fault) {
  switch (fault) {
    case FaultSite::duplicate_delivery: return "a change is delivered twice";
    case FaultSite::reordered_delivery: return "a record is overtaken by those behind it";
    case FaultSite::replication_crash: return "a copy stops half done and begins again";
    case FaultSite::lost_webhook: return "an attempt at a webhook's delivery is lost";
    case FaultSite::lost_invalidation: return "an invalidation is lost";
  }
  return "a fault strikes";
}

std::string delay_text(const Scenario& scenario, const Schedule::Delay& delay) {
  const auto takes = [&](std::string_view what) {
    return fmt::format("{} {} instead of {}", what, figure_in_one_unit(delay.length),
                       figure_in_one_unit(delay.nominal));
  };
  switch (delay.kind) {
    case ChoiceKind::latency: return takes("a message takes");
    case ChoiceKind::bandwidth: return takes("a transfer takes");
    case ChoiceKind::storage: return takes("an access to storage takes");
    case ChoiceKind::start_delay: return takes("a replication begins after");
    case ChoiceKind::client_start:
      for (const TimelineEntry& entry : scenario.world.timeline) {
        if (entry.as.empty() || name_hash(entry.as) != delay.site) continue;
        if (entry.after.empty()) return takes(entry.as + " begins at");
        return fmt::format("{} begins {} after {} instead of {}", entry.as, figure_in_one_unit(delay.length), entry.after,
                           figure_in_one_unit(delay.nominal));
      }
      return takes("an entry begins at");
    case ChoiceKind::tie:
    case ChoiceKind::fault:
    case ChoiceKind::sharing: break;
  }
  return takes("a delay is");
}

std::string goals_text(const Exploration& exploration) {
  std::string missed;
  for (const SearchGoal& goal : exploration.goals)
    if (!goal.reached) missed += (missed.empty() ? "" : "; ") + goal.text;
  return missed.empty() ? fmt::format("every goal reached ({})", exploration.goals.size())
                        : "never seen: " + missed;
}

Ink ink_of(SearchVerdict verdict) {
  switch (verdict) {
    case SearchVerdict::race: return Ink::bad;
    case SearchVerdict::absent: return Ink::good;
    case SearchVerdict::unresolved: return Ink::warning;
  }
  return Ink::plain;
}

void describe_race(const ExplorationReport& report, std::string& out) {
  const FoundRace& race = *report.exploration.race;
  out += fmt::format("  violated: {}\n", race.violated.text);
  out += fmt::format("  found: {}\n", race.violated.detail);
  out += fmt::format("  the smallest schedule, {} from the ordinary run:\n",
                     counted(race.schedule.deviations(), "deviation"));
  for (const std::string& line : describe_schedule(report.scenario, race.schedule))
    out += "    - " + line + "\n";
  if (race.schedule.deviations() == 0) out += "    (the ordinary run itself)\n";
  if (!report.why) return;
  const std::vector<std::string> causes = explanation_lines(*report.why);
  if (!causes.empty()) out += "  why:\n";
  for (const std::string& line : causes) out += "    - " + line + "\n";
}

void describe_files(const WrittenRace& written, std::string& out) {
  const SmallestScenario& smallest = written.smallest;
  out += "  schedule: " + written.schedule + "\n";
  out += fmt::format("  smallest scenario: {}, {} of {} parts{}; schedule: {}, {}; trace {:016x}\n",
                     written.smallest_scenario, smallest.parts, smallest.parts_before,
                     smallest.complete ? "" : " (not all was tried)", written.smallest_schedule,
                     counted(smallest.schedule.deviations(), "deviation"), smallest.trace_hash);
}

Json smallest_json(const WrittenRace& written) {
  const SmallestScenario& smallest = written.smallest;
  return {{"scenario", written.smallest_scenario},
          {"schedule", written.smallest_schedule},
          {"deviations", smallest.schedule.deviations()},
          {"parts", smallest.parts},
          {"parts_before", smallest.parts_before},
          {"complete", smallest.complete},
          {"tried", smallest.tried},
          {"trace_hash", fmt::format("{:016x}", smallest.trace_hash)}};
}

Json verdict_json(const Exploration& exploration) {
  Json json;
  json["verdict"] = text(exploration.verdict);
  if (exploration.race) json["violated"] = exploration.race->violated.text;
  json["schedules"] = exploration.schedules();
  json["space"] = space_of(exploration);
  if (exploration.race) json["deviations"] = exploration.race->schedule.deviations();
  return json;
}

}  // namespace

std::vector<std::string> describe_schedule(const Scenario& scenario, const Schedule& schedule) {
  std::vector<std::string> lines;
  for (const Schedule::Delay& delay : schedule.delays) lines.push_back(delay_text(scenario, delay));
  for (const Schedule::Value& value : schedule.values)
    lines.emplace_back(fault_text(fault_at(value.site)));
  for (std::size_t i = 0; i < schedule.turns.size(); ++i)
    lines.emplace_back("of two events at one instant, the later one goes first");
  return lines;
}

std::string exploration_text(const ExplorationReport& report, const TextStyle& style) {
  const Exploration& exploration = report.exploration;
  std::string out = paint(style, ink_of(exploration.verdict), text(exploration.verdict)) + "\n";
  switch (exploration.verdict) {
    case SearchVerdict::race: describe_race(report, out); break;
    case SearchVerdict::absent:
      out += "  no schedule within these bounds violates an expectation\n";
      break;
    case SearchVerdict::unresolved:
      out += exploration.interrupted ? "  interrupted before all was searched\n"
                                     : "  nothing was found, but not all was searched\n";
      break;
  }
  out += fmt::format("  searched: {}; runs end by {}\n", stages_text(exploration),
                     figure_in_one_unit(exploration.latest_end));
  if (!exploration.race) out += "  goals: " + goals_text(exploration) + "\n";
  if (!exploration.reservation.empty()) out += "  open: " + exploration.reservation + "\n";
  if (report.written) describe_files(*report.written, out);
  return out;
}

std::string exploration_json(const ExplorationReport& report) {
  const Exploration& exploration = report.exploration;
  Json json{{"georep", 1}};
  json["scenario"] = report.scenario.world.scenario;
  json.update(verdict_json(exploration));
  if (report.written) json["schedule"] = report.written->schedule;
  if (exploration.race) {
    json["detail"] = exploration.race->violated.detail;
    json["differences"] = describe_schedule(report.scenario, exploration.race->schedule);
  }
  if (report.why) {
    json["causes"] = Json::array();
    for (const CriticalRace& cause : report.why->races)
      json["causes"].push_back({{"first", cause.first.empty() ? cause.object : cause.first},
                                {"then", cause.then.empty() ? cause.delays.front().what : cause.then},
                                {"slack_s", cause.delays.front().by.seconds()}});
  }
  if (report.written) json["smallest"] = smallest_json(*report.written);
  json["stages"] = Json::array();
  for (const SearchStage& stage : exploration.stages)
    json["stages"].push_back(
        {{"name", stage.name}, {"schedules", stage.schedules}, {"complete", stage.complete}});
  json["goals"] = Json::array();
  for (const SearchGoal& goal : exploration.goals)
    json["goals"].push_back({{"goal", goal.text}, {"reached", goal.reached}});
  json["latest_end_s"] = exploration.latest_end.since_start().seconds();
  json["interrupted"] = exploration.interrupted;
  if (!exploration.reservation.empty()) json["open"] = exploration.reservation;
  return json.dump(2) + "\n";
}

std::string varied_text(const std::vector<VariedVerdict>& verdicts, const TextStyle& style) {
  if (verdicts.empty()) return "";
  const std::size_t paths = verdicts.front().settings.size();
  std::vector<Align> columns(paths + 3, Align::left);
  columns[paths + 1] = Align::right;
  TextTable table{columns};
  for (const VariedVerdict& varied : verdicts) {
    const Exploration& exploration = varied.exploration;
    std::vector<TextTable::Cell> row(columns.size());
    for (std::size_t i = 0; i < paths; ++i) row[i].text = varied.settings[i].second;
    row[paths].text = text(exploration.verdict);
    row[paths].ink = ink_of(exploration.verdict);
    row[paths + 1].text = counted(exploration.schedules(), "schedule");
    row[paths + 2].text = exploration.race ? exploration.race->violated.text : exploration.reservation;
    table.add(std::move(row));
  }
  std::string heading;
  for (const auto& [path, value] : verdicts.front().settings) heading += (heading.empty() ? "" : ", ") + path;
  std::string out = paint(style, Ink::strong, heading) + "\n" + table.text(style, 2);
  for (const VariedVerdict& varied : verdicts)
    if (varied.written) describe_files(*varied.written, out);
  return out;
}

std::string varied_json(const std::vector<VariedVerdict>& verdicts) {
  Json json{{"georep", 1}, {"settings", Json::array()}};
  for (const VariedVerdict& varied : verdicts) {
    Json entry{{"set", Json::object()}};
    for (const auto& [path, value] : varied.settings) entry["set"][path] = value;
    entry.update(verdict_json(varied.exploration));
    if (!varied.exploration.reservation.empty()) entry["open"] = varied.exploration.reservation;
    if (varied.written) {
      entry["schedule"] = varied.written->schedule;
      entry["smallest"] = smallest_json(*varied.written);
    }
    json["settings"].push_back(entry);
  }
  return json.dump(2) + "\n";
}

}  // namespace georep
