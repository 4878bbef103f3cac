#include "analysis/reports/explanation_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/races/schedule.hpp"
#include "analysis/reports/escape.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_circumstances = 24;
constexpr std::size_t most_races = 4;
constexpr std::size_t most_delays = 3;
constexpr std::size_t most_mechanisms = 10;

std::string becomes(const Explanation& explanation, const AskedOutcome& outcome) {
  if (explanation.about == Question::About::expectation)
    return outcome.good ? "the expectation holds" : "the expectation is violated";
  if (outcome.good) return outcome.text == "ok" ? "it ends well" : "it gets " + outcome.text;
  if (outcome.text.ends_with(", out of date")) return "it gets " + outcome.text;
  if (outcome.text == "unfinished" || outcome.text == "never begun") return "it is " + outcome.text;
  return "it fails with " + outcome.text;
}

std::string change_text(const CriticalDelay& delay) {
  const bool begins = delay.kind == ChoiceKind::client_start || delay.kind == ChoiceKind::start_delay;
  const bool more = delay.by > Duration{};
  return fmt::format("{} {} {} {}", delay.what, begins ? "begins" : "takes",
                     figure_in_one_unit(more ? delay.by : -delay.by), begins ? (more ? "later" : "earlier")
                                                                             : (more ? "longer" : "less"));
}

std::string race_text(const CriticalRace& race) {
  if (race.first.empty()) return race.object;
  std::string text = fmt::format("{}: {} at {}, ", race.object, race.first, figure_in_one_unit(race.first_at));
  if (race.then_at == race.first_at)
    text += race.then + " at the same instant, behind it";
  else if (race.then_at > race.first_at)
    text += fmt::format("{} {} later", race.then, figure_in_one_unit(race.then_at - race.first_at));
  else
    text += fmt::format("{} at {}", race.then, figure_in_one_unit(race.then_at));
  return text;
}

std::string_view bearing_text(Circumstance::Bearing bearing) {
  switch (bearing) {
    case Circumstance::Bearing::cause: return "cause";
    case Circumstance::Bearing::unseen: return "unseen";
    case Circumstance::Bearing::late: return "late";
  }
  return "";
}

std::string setting_text(const Mechanism& mechanism) { return mechanism.path + "=" + mechanism.value; }

// What somebody can decide, where that is among it; one of each kind otherwise.
std::vector<const CriticalDelay*> shown_delays(const CriticalRace& race) {
  std::vector<const CriticalDelay*> shown;
  const auto decided = [](const CriticalDelay& delay) {
    return delay.kind == ChoiceKind::client_start || delay.kind == ChoiceKind::start_delay;
  };
  for (const CriticalDelay& delay : race.delays) {
    if (shown.size() == most_delays) break;
    const bool another = std::any_of(shown.begin(), shown.end(), [&](const CriticalDelay* other) {
      return decided(*other) || other->kind == delay.kind;
    });
    if (decided(delay) || !another) shown.push_back(&delay);
  }
  return shown;
}

class ExplanationText {
 public:
  ExplanationText(const Explanation& explanation, const TextStyle& style) : explanation_{explanation}, style_{style} {}

  std::string text() {
    const AskedOutcome& outcome = explanation_.outcome;
    line(paint(style_, Ink::strong, explanation_.name) + ": " +
         paint(style_, outcome.good ? Ink::good : Ink::bad, outcome.text));
    for (const std::string& part : wrapped(explanation_.detail, style_.width - 2))
      line("  " + paint(style_, Ink::quiet, part));
    circumstances();
    races();
    mechanisms();
    ending();
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + "\n"; }
  void section(std::string_view title) { line("\n" + paint(style_, Ink::strong, title)); }
  // A paragraph whose first line has the margin `first`, and the others as many blanks as `rest`.
  void paragraph(const std::string& first, std::size_t rest, const std::string& text, Ink ink = Ink::plain) {
    std::string margin = first;
    for (const std::string& part : wrapped(text, style_.width - rest)) {
      line(margin + paint(style_, ink, part));
      margin = std::string(rest, ' ');
    }
  }

  void circumstances() {
    const auto& all = explanation_.circumstances;
    if (all.empty()) return;
    section("What happened");
    std::size_t time_width = 0;
    for (const Circumstance& circumstance : all)
      time_width = std::max(time_width, columns_of(figure_in_one_unit(circumstance.happening.at)));
    const std::size_t left_out = all.size() > most_circumstances ? all.size() - most_circumstances : 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      // The beginning and the end say most.
      if (left_out > 0 && i == 4) {
        paragraph("  ", 2, fmt::format("… {} in between; --json has them all", left_out), Ink::quiet);
        i += left_out;
      }
      const Happening& happening = all[i].happening;
      const std::string time = figure_in_one_unit(happening.at);
      const std::string margin = "  " + std::string(time_width - columns_of(time), ' ') + time + "  ";
      const bool cause = all[i].bearing == Circumstance::Bearing::cause;
      std::string text = happening.text;
      if (all[i].bearing == Circumstance::Bearing::unseen) text += " (it did not see this)";
      if (all[i].bearing == Circumstance::Bearing::late) text += " (too late for it)";
      paragraph(margin, columns_of(margin), text, cause ? Ink::plain : Ink::warning);
    }
  }

  void races() {
    if (explanation_.races.empty()) return;
    section(explanation_.outcome.good ? "Races that it won" : "Races that it lost");
    for (std::size_t i = 0; i < std::min(explanation_.races.size(), most_races); ++i) {
      const CriticalRace& race = explanation_.races[i];
      paragraph("  - ", 4, race_text(race));
      for (const CriticalDelay* delay : shown_delays(race))
        paragraph("    ", 6, fmt::format("if {}: {}", change_text(*delay), becomes(explanation_, delay->outcome)),
                  Ink::quiet);
    }
    if (explanation_.races.size() > most_races)
      line(paint(style_, Ink::quiet,
                 fmt::format("  and {} more; --json has them all", explanation_.races.size() - most_races)));
  }

  void mechanisms() {
    section("What would have changed it");
    if (explanation_.mechanisms.empty()) {
      line(paint(style_, Ink::quiet, "  no setting alone, of those that were tried"));
      return;
    }
    std::size_t shown = 0;
    for (const std::vector<const TriedMechanism*>& alike : grouped_mechanisms()) {
      if (shown++ == most_mechanisms) {
        line(paint(style_, Ink::quiet, "  and more; --json has them all"));
        return;
      }
      const TriedMechanism& tried = *alike.front();
      const std::string mark = tried.removes ? paint(style_, Ink::good, "✓") : paint(style_, Ink::warning, "~");
      paragraph("  " + mark + " ", 4,
                "--set " + shell_text(setting_text(tried.mechanism)) + ": " + becomes(explanation_, tried.outcome));
      std::string says = "now: " + tried.mechanism.says;
      for (std::size_t i = 1; i < alike.size(); ++i)
        says += (i == 1 ? "; likewise " : ", ") + alike[i]->mechanism.value;
      paragraph("      ", 6, says, Ink::quiet);
    }
  }

  // Several values of one setting that come to the same are one line.
  std::vector<std::vector<const TriedMechanism*>> grouped_mechanisms() const {
    std::vector<std::vector<const TriedMechanism*>> groups;
    for (const TriedMechanism& tried : explanation_.mechanisms) {
      const auto known = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
        return group.front()->mechanism.path == tried.mechanism.path && group.front()->outcome == tried.outcome;
      });
      if (known == groups.end())
        groups.push_back({&tried});
      else
        known->push_back(&tried);
    }
    return groups;
  }

  // Blanks and brackets mean something to a shell.
  static std::string shell_text(const std::string& setting) {
    return setting.find_first_of(" []{}") == setting.npos ? setting : "'" + setting + "'";
  }

  void ending() {
    line("");
    std::string text = fmt::format("Each was tried by running the scenario again, {} times.", grouped(explanation_.reruns));
    if (!explanation_.all_tried) text += " The scenario is too long to try every delay and setting.";
    paragraph("", 0, text, Ink::quiet);
  }

  const Explanation& explanation_;
  const TextStyle& style_;
  std::string text_;
};

/// A sequence diagram (mermaid.js.org, "Sequence diagrams").
class Diagram {
 public:
  static constexpr std::size_t most_lines = 30;  // beyond, nobody can follow it

  explicit Diagram(const Explanation& explanation) : explanation_{explanation} {}

  std::string text() {
    const auto& all = explanation_.circumstances;
    const std::size_t left_out = all.size() > most_lines ? all.size() - most_lines : 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (left_out > 0 && i == 4) {
        lines_.push_back(fmt::format("Note over p1: {} more in between", left_out));
        i += left_out;
      }
      add(all[i]);
    }
    if (participants_.empty()) participant(explanation_.name);
    const std::string all_over = participants_.size() == 1 ? "p1" : fmt::format("p1,p{}", participants_.size());
    lines_.push_back(fmt::format("Note over {}: {}", all_over,
                                 mermaid_text(explanation_.name + ": " + explanation_.outcome.text)));
    for (std::size_t i = 0; i < std::min(explanation_.races.size(), most_delays); ++i)
      lines_.push_back(fmt::format("Note over {}: {}", all_over, mermaid_text(last_note(explanation_.races[i]))));
    std::string result = "sequenceDiagram\n";
    for (std::size_t i = 0; i < participants_.size(); ++i)
      result += fmt::format("  participant p{} as {}\n", i + 1, mermaid_text(participants_[i]));
    for (const std::string& line : lines_) result += "  " + line + "\n";
    return result;
  }

 private:
  // Mermaid's identifiers are numbers here, so that any name will do.
  std::string participant(const std::string& name) {
    auto found = std::find(participants_.begin(), participants_.end(), name);
    if (found == participants_.end()) found = participants_.insert(participants_.end(), name);
    return "p" + std::to_string(found - participants_.begin() + 1);
  }

  std::string last_note(const CriticalRace& race) const {
    return fmt::format("if {}: {}", change_text(race.delays.front()),
                       becomes(explanation_, race.delays.front().outcome));
  }

  void add(const Circumstance& circumstance) {
    const Happening& happening = circumstance.happening;
    std::string what = fmt::format("{}: {}", figure_in_one_unit(happening.at), happening.text);
    if (circumstance.bearing == Circumstance::Bearing::unseen) what += " (not seen)";
    if (circumstance.bearing == Circumstance::Bearing::late) what += " (too late)";
    if (!happening.from.empty()) {
      const std::string from = participant(happening.from);
      const std::string to = participant(happening.to);
      const bool refused = happening.error || happening.kind == HappeningKind::blob_refused;
      const char* arrow = refused ? "--x" : circumstance.bearing == Circumstance::Bearing::cause ? "->>" : "-->>";
      lines_.push_back(fmt::format("{}{}{}: {}", from, arrow, to, mermaid_text(what)));
    } else {
      lines_.push_back(fmt::format("Note over {}: {}", participant(happening.place), mermaid_text(what)));
    }
  }

  const Explanation& explanation_;
  std::vector<std::string> participants_;
  std::vector<std::string> lines_;
};

Json outcome_json(const AskedOutcome& outcome) { return {{"outcome", outcome.text}, {"good", outcome.good}}; }

Json race_json(const CriticalRace& race) {
  Json json;
  json["object"] = race.object;
  json["first"] = race.first.empty() ? race.object : race.first;
  json["then"] = race.then.empty() ? race.delays.front().what : race.then;
  json["first_at_s"] = race.first_at.since_start().seconds();
  json["then_at_s"] = race.then_at.since_start().seconds();
  json["slack_s"] = race.delays.front().by.seconds();
  json["reversed_by"] = Json::array();
  for (const CriticalDelay& delay : race.delays) {
    Json entry;
    entry["delay"] = delay.what;
    entry["kind"] = text(delay.kind);
    entry["by_ns"] = delay.by.count();
    entry["site"] = fmt::format("{:016x}", delay.shift.site);
    entry["nth"] = delay.shift.nth;
    entry["ns"] = delay.shift.length.count();
    entry["within_uncertainty"] = delay.uncertain;
    entry.update(outcome_json(delay.outcome));
    json["reversed_by"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string explanation_text(const Explanation& explanation, const TextStyle& style) {
  return ExplanationText{explanation, style}.text();
}

std::string explanation_diagram(const Explanation& explanation) {
  return Diagram{explanation}.text();
}

std::string explanation_json(const Explanation& explanation) {
  Json json{{"georep", 1}};
  json["name"] = explanation.name;
  json["about"] = explanation.about == Question::About::operation ? "operation" : "expectation";
  json.update(outcome_json(explanation.outcome));
  json["detail"] = explanation.detail;
  json["circumstances"] = Json::array();
  for (const Circumstance& circumstance : explanation.circumstances)
    json["circumstances"].push_back({{"at_s", circumstance.happening.at.since_start().seconds()},
                                     {"what", circumstance.happening.text},
                                     {"bearing", bearing_text(circumstance.bearing)}});
  json["causes"] = Json::array();
  for (const CriticalRace& race : explanation.races) json["causes"].push_back(race_json(race));
  json["mechanisms"] = Json::array();
  for (const TriedMechanism& tried : explanation.mechanisms) {
    Json entry{{"path", tried.mechanism.path}, {"value", tried.mechanism.value}, {"now", tried.mechanism.says}};
    entry.update(outcome_json(tried.outcome));
    json["mechanisms"].push_back(std::move(entry));
  }
  json["reruns"] = explanation.reruns;
  json["all_tried"] = explanation.all_tried;
  return json.dump(2) + "\n";
}

std::vector<std::string> explanation_lines(const Explanation& explanation) {
  std::vector<std::string> lines;
  if (!explanation.races.empty()) {
    const CriticalRace& race = explanation.races.front();
    if (!race.first.empty()) lines.push_back(race_text(race));
    lines.push_back(fmt::format("if {}: {}", change_text(race.delays.front()),
                                becomes(explanation, race.delays.front().outcome)));
  }
  std::size_t shown = 0;
  for (const TriedMechanism& tried : explanation.mechanisms)
    if (tried.removes && shown++ < 2)
      lines.push_back(fmt::format("with {}: {}", setting_text(tried.mechanism), becomes(explanation, tried.outcome)));
  return lines;
}

}  // namespace georep
