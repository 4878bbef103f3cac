#include "analysis/races/scenario_shrink.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "analysis/exploration/exhaustive.hpp"
#include "analysis/races/ddmin.hpp"
#include "analysis/races/rounder_figures.hpp"
#include "analysis/races/scenario_document.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "analysis/races/shrink.hpp"
#include "sim/fields/flow_text.hpp"

namespace georep {

namespace {

/// A scenario that shows the race, and how.
struct Shown {
  Scenario scenario;
  Schedule schedule;
};

/// Whether other scenarios have the race that was found in one.
class SameRace {
 public:
  SameRace(const Scenario& scenario, const FoundRace& race, const ExplorationOptions& options)
      : expectation_{scenario.expect[race.violation.expectation]},
        identity_{race.violation.identity},
        options_{options} {
    const auto plan = compile(scenario.world);
    ScheduleRunner runner{scenario, *plan};
    const Violations& ordinary = *runner.run(Schedule{}).violations;
    is_ordinarily_fine_ = ordinary.empty();
    is_ordinary_ = ScheduleRunner::find(ordinary, race.violation).has_value();
    patience_ = 60_s + runner.subject().simulation().now().since_start();
  }

  bool goes_on() const { return !options_.interrupted() && options_.spent() < 1; }

  /// The violation as another scenario numbers it.
  std::optional<Violation> wanted(const Scenario& scenario) const {
    const auto found = std::find(scenario.expect.begin(), scenario.expect.end(), expectation_);
    if (found == scenario.expect.end()) return std::nullopt;
    return Violation{static_cast<std::size_t>(found - scenario.expect.begin()), identity_, {}};
  }

  /// A schedule that shows it, with no more deviations than the known one.
  std::optional<Schedule> find(const Scenario& scenario, const Plan& plan, const Schedule& known) const {
    const std::optional<Violation> violation = wanted(scenario);
    if (!violation) return std::nullopt;
    ScheduleRunner runner{scenario, plan};
    runner.cut_runs([this] { return !goes_on(); });
    runner.subject().runner().world().give_up_after(patience_);
    if (!ordinary_is_fine(runner, *violation)) return std::nullopt;
    ScheduleRunner::Ran ran = runner.run(known);
    if (ScheduleRunner::find(*ran.violations, *violation) && ran.schedule.deviations() <= known.deviations() &&
        is_allowed(ran.schedule, scenario))
      return std::move(ran.schedule);
    return search(scenario, plan, runner, *violation, known.deviations());
  }

 private:
  // Else what is left could violate the expectation for some other reason, at whatever times, or wait for what no longer comes.
  bool ordinary_is_fine(ScheduleRunner& runner, const Violation& violation) const {
    const Violations& ordinary = *runner.run(Schedule{}).violations;
    if (runner.subject().runner().endless()) return false;
    if (is_ordinary_) return true;
    return is_ordinarily_fine_ ? ordinary.empty() : !ScheduleRunner::find(ordinary, violation);
  }

  static bool is_allowed(const Schedule& schedule, const Scenario& scenario) {
    return schedule.turns.empty() || scenario.uncertainty.ties;
  }

  std::optional<Schedule> search(const Scenario& scenario, const Plan& plan, ScheduleRunner& runner,
                                 const Violation& violation, std::size_t most_deviations) const {
    constexpr int most_runs = 100;
    ScenarioSubject subject{scenario, plan};
    subject.runner().world().give_up_after(patience_);
    ExhaustiveSearch search{subject, runner.freedom()};
    std::optional<Schedule> found;
    int runs = 0;
    const std::function<bool()> runs_on = [&] { return ++runs < most_runs && goes_on(); };
    const auto visit = [&](const Trace& trace, const SchedulePlan&) {
      if (ScheduleRunner::find(subject.violations(), violation)) {
        const Schedule schedule = schedule_of(trace, search.names());
        if (ScheduleRunner::find(*runner.run(schedule).violations, violation))
          found = shrink(runner, schedule, violation, runs_on);
      }
      return !found;
    };
    search.run(visit, runs_on);
    if (found && (found->deviations() > most_deviations || !is_allowed(*found, scenario))) found.reset();
    return found;
  }

  ExpectationSpec expectation_;
  std::uint64_t identity_;
  const ExplorationOptions& options_;
  bool is_ordinarily_fine_ = true;
  bool is_ordinary_ = false;
  Duration patience_;  ///< with scenarios that have no end
};

class ScenarioShrinking {
 public:
  ScenarioShrinking(const Scenario& scenario, const FoundRace& race, const DocumentReader& read,
                    const ExplorationOptions& options)
      : read_{read}, options_{options}, race_{scenario, race, options}, best_{scenario, race.schedule} {}

  SmallestScenario shrink_all() {
    SmallestScenario result;
    result.parts_before = document().parts();
    // A rounder figure may make a part unnecessary.
    while (take_out_parts() || round_figures()) {
    }
    result.parts = document().parts();
    result.tried = tried_;
    result.complete = race_.goes_on();
    show(result);
    return result;
  }

 private:
  ScenarioDocument document() const {
    return ScenarioDocument{best_.scenario, race_.wanted(best_.scenario)->expectation};
  }

  // ---- Parts ------------------------------------------------------------------------------------------------------------

  // Whether any went.
  bool take_out_parts() {
    const ScenarioDocument all = document();
    ScenarioDocument::Out out = all.nothing_out();
    const ScenarioDocument::Out whole = out;
    for (bool smaller = true; smaller;) {
      const ScenarioDocument::Out before = out;
      for (std::size_t depth = 1; take_out_level(all, depth, out); ++depth) {
      }
      smaller = out != before;
    }
    return out != whole;
  }

  // Whether there are parts of that depth.
  bool take_out_level(const ScenarioDocument& all, std::size_t depth, ScenarioDocument::Out& out) {
    bool any = false;
    std::vector<std::size_t> level;
    for (std::size_t part = 1; part < all.parts(); ++part) {
      any = any || all.depth(part) == depth;
      if (all.depth(part) == depth && all.may_go(part) && all.is_in(part, out)) level.push_back(part);
    }
    ddmin(level.size(), [&](const Elements& kept) {
      ScenarioDocument::Out candidate = out;
      for (const std::size_t part : level) candidate[part] = true;
      // What went along with others stays out.
      for (const std::size_t element : kept) candidate[level[element]] = out[level[element]];
      if (!accept(all, candidate)) return false;
      out = std::move(candidate);
      return true;
    });
    return any;
  }

  // Whether the race is still there; takes out what cannot be without what was taken out as well.
  bool accept(const ScenarioDocument& all, ScenarioDocument::Out& out) {
    while (race_.goes_on()) {
      const Value candidate = all.without(out);
      if (!seen_.insert(flow_text(candidate)).second) return false;
      ReadDocument read = read_(candidate);
      if (read.scenario) {
        auto plan = compile(read.scenario->world);
        if (plan) return accept(std::move(*read.scenario), *plan);
        for (const PlanProblem& problem : plan.error()) read.faults.push_back(problem.place);
      }
      if (!take_out_faults(all, read.faults, out)) return false;
    }
    return false;
  }

  // False where something at fault has to stay.
  static bool take_out_faults(const ScenarioDocument& all, const std::vector<Place>& faults,
                              ScenarioDocument::Out& out) {
    for (const Place& fault : faults) {
      const std::size_t part = ScenarioDocument::part_at(fault);
      if (part == 0 || !all.may_go(part)) return false;
      out[part] = true;
    }
    return !faults.empty();
  }

  bool accept(Scenario scenario, const Plan& plan) {
    ++tried_;
    if (tried_ % 16 == 0) options_.progress(tried_);
    std::optional<Schedule> schedule = race_.find(scenario, plan, best_.schedule);
    if (!schedule) return false;
    best_ = {std::move(scenario), std::move(*schedule)};
    return true;
  }

  // ---- Figures ----------------------------------------------------------------------------------------------------------

  // Whether any became rounder.
  bool round_figures() {
    bool any = false;
    for (std::size_t part = 1; round_figure(part, any); ++part) {
    }
    return any;
  }

  // False beyond the last part. A document may lose parts where a figure becomes the one by default.
  bool round_figure(std::size_t part, bool& any) {
    const ScenarioDocument all = document();
    if (part >= all.parts()) return false;
    const std::string* const text = all.scalar(part);
    if (text == nullptr || !all.may_go(part)) return true;
    for (const std::string& rounder : rounder_figures(*text)) {
      const Value candidate = all.with(part, rounder);
      if (!race_.goes_on() || !seen_.insert(flow_text(candidate)).second) continue;
      ReadDocument read = read_(candidate);
      if (!read.scenario) continue;
      const auto plan = compile(read.scenario->world);
      if (!plan || !accept(std::move(*read.scenario), *plan)) continue;
      any = true;
      break;
    }
    return true;
  }

  void show(SmallestScenario& result) {
    const auto plan = compile(best_.scenario.world);
    ScheduleRunner runner{best_.scenario, *plan};
    const Violation violation = *race_.wanted(best_.scenario);
    best_.schedule = shrink(runner, best_.schedule, violation, [this] { return race_.goes_on(); });
    runner.run(best_.schedule);
    result.violated = runner.subject().runner().verdict(violation.expectation);
    result.trace_hash = runner.subject().simulation().trace_hash();
    result.scenario = std::move(best_.scenario);
    result.schedule = std::move(best_.schedule);
  }

  const DocumentReader& read_;
  const ExplorationOptions& options_;
  SameRace race_;
  Shown best_;
  std::set<std::string> seen_;  // documents, whatever came of them
  std::uint64_t tried_ = 0;
};

}  // namespace

SmallestScenario shrink_scenario(const Scenario& scenario, const FoundRace& race, const DocumentReader& read,
                                 const ExplorationOptions& options) {
  return ScenarioShrinking{scenario, race, read, options}.shrink_all();
}

}  // namespace georep
