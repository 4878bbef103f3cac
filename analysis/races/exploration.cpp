#include "analysis/races/exploration.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "analysis/experiments/in_order.hpp"
#include "analysis/exploration/exhaustive.hpp"
#include "analysis/races/reservations.hpp"
#include "analysis/races/sampling.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "analysis/races/shrink.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

class Explorer {
 public:
  Explorer(const Scenario& scenario, const Plan& plan, const ExplorationOptions& options)
      : scenario_{scenario}, plan_{plan}, options_{options}, concrete_{scenario, plan} {
    cut_runs(concrete_, 1);
  }

  Exploration explore() {
    const bool automatic = options_.strategy == SearchStrategy::automatic;
    const auto wants = [&](SearchStrategy strategy) {
      return !result_.race && !result_.interrupted && !absent_ &&
             (automatic || options_.strategy == strategy);
    };
    if (wants(SearchStrategy::exhaustive)) visit_all(automatic ? 0.5 : 1);
    if (wants(SearchStrategy::delay_bounded)) deviate(automatic ? 0.65 : 1);
    if (wants(SearchStrategy::priorities)) sample("priorities", automatic ? 0.85 : 1);
    if (wants(SearchStrategy::random)) sample("random", 1);
    result_.verdict = result_.race ? SearchVerdict::race
                      : absent_    ? SearchVerdict::absent
                                   : SearchVerdict::unresolved;
    if (result_.verdict == SearchVerdict::unresolved && result_.reservation.empty() && !result_.interrupted)
      result_.reservation = "this strategy does not try every schedule";
    merge_goals(concrete_.subject());
    return std::move(result_);
  }

 private:
  bool goes_on(double share) {
    if (options_.interrupted()) result_.interrupted = true;
    return !result_.interrupted && options_.spent() < share;
  }

  // From a budget of that share on, a run is stopped in its midst.
  void cut_runs(ScheduleRunner& runner, double share) const {
    runner.cut_runs([this, share] { return options_.interrupted() || options_.spent() >= share; });
  }

  // Nothing is known of a run that did not come to its end but that it is long.
  void saw_cut(const ScheduleRunner& runner, Instant at) {
    const std::size_t events = runner.trace().events.size() - 1;
    result_.reservation = events >= ScheduleRunner::most_events
                              ? fmt::format("a run of more than {} events, which is too long", events)
                              : fmt::format("the search ended in the midst of a run, at {} of its time and after {} events",
                                            figure_in_one_unit(at), events);
  }

  void merge_goals(ScenarioSubject& subject) {
    const std::vector<SearchGoal>& seen = subject.goals();
    if (result_.goals.empty()) result_.goals = seen;
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (seen[i].reached) result_.goals[i].reached = true;
  }

  void saw_end(ScenarioSubject& subject) {
    result_.latest_end = std::max(result_.latest_end, subject.simulation().now());
  }

  // ---- One of each --------------------------------------------------------------------------------------------------

  /// What one search over all runs came to.
  struct Visited {
    SearchStage stage{"exhaustive", 0, false};
    ExhaustiveSearch::Result result;
    bool only_abstract = false;   // a violation was not there when its schedule was run by itself
    bool shared = false;          // a transfer took as long as the others made it
    bool more_transfers = false;  // than the bounds of their durations had allowed for
  };

  Visited search_all(ScenarioSubject& subject, double share) {
    const Network& network = subject.runner().world().network();
    Visited visited;
    std::uint64_t& schedules = visited.stage.schedules;
    ExhaustiveSearch search{subject, concrete_.freedom()};
    visited.result = search.run([&](const Trace& trace, const SchedulePlan&) {
      visited.more_transfers = network.had_more_transfers();
      if (visited.more_transfers) return false;
      ++schedules;
      saw_end(subject);
      visited.shared = visited.shared || network.had_transfers();
      if (schedules % 256 == 0) options_.progress(schedules);
      if (!subject.violations().empty()) {
        const Violation violation = subject.violations().front();
        if (confirm(schedule_of(trace, search.names()), violation)) return false;
        visited.only_abstract = true;
      }
      return true;
    }, [&] { return goes_on(share); });
    return visited;
  }

  void visit_all(double share) {
    ScenarioSubject subject{scenario_, plan_};
    // Where a transfer's duration is uncertain of itself it is taken as it comes.
    if (!scenario_.uncertainty.bandwidth) subject.runner().world().network().take_any_share();
    Visited visited;
    do {
      visited = search_all(subject, share);
    } while (visited.more_transfers);
    merge_goals(subject);
    SearchStage& stage = visited.stage;
    const ExhaustiveSearch::Result& result = visited.result;
    stage.complete = result.complete && result.all_noted && !result_.race;
    const std::string unsure = reservation_about(scenario_);
    absent_ = stage.complete && !visited.only_abstract && !visited.shared && unsure.empty();
    if (result_.race || absent_) {
      // Nothing to excuse.
    } else if (visited.only_abstract) {
      result_.reservation = "a violation with transfers that take any share of their links, which the replay of its schedule does not show";
    } else if (result.too_long) {
      result_.reservation = fmt::format("runs of more than {} events, which are too long to visit one of each kind",
                                        ExhaustiveSearch::most_events);
    } else if (!result.all_noted) {
      result_.reservation = "the model used something that the search could not follow";
    } else if (result.unsettled > 0) {
      result_.reservation = std::to_string(result.unsettled) +
                            " reversals of which it stayed open whether they are possible";
    } else if (stage.complete) {
      result_.reservation =
          visited.shared ? "transfers share bandwidth, whose durations were taken as they came" : unsure;
    } else if (!result_.interrupted) {
      result_.reservation =
          result.traces == 0
              ? "the budget ended before one run did"
              : fmt::format("the budget for visiting all schedules ended, with {} of {} still to be searched for what differs from them",
                            result.unexpanded, result.traces);
    }
    result_.stages.push_back(stage);
  }

  // Runs the schedule again, by itself. If the violation is there, makes it small.
  bool confirm(const Schedule& schedule, const Violation& violation) {
    concrete_.cut_runs([] { return false; });
    const ScheduleRunner::Ran ran = concrete_.run(schedule);
    const auto again = ScheduleRunner::find(*ran.violations, violation);
    if (!again) return false;
    FoundRace race;
    race.found_with = schedule.deviations();
    cut_runs(concrete_, 1);
    race.schedule = shrink(concrete_, schedule, violation, [this] { return goes_on(1); });
    concrete_.cut_runs([] { return false; });
    const ScheduleRunner::Ran shrunk = concrete_.run(race.schedule);
    race.violation = *ScheduleRunner::find(*shrunk.violations, violation);
    race.violated = concrete_.subject().runner().verdict(violation.expectation);
    result_.race = std::move(race);
    return true;
  }

  // Runs by decisions made as it goes; true if nothing more is to be run, because that shows a race or did not come to its end.
  bool try_run(Decisions& decisions, SearchStage& stage, double share) {
    const ScheduleRunner::Ran ran = concrete_.run(decisions);
    if (ran.cut) {
      saw_cut(concrete_, concrete_.subject().simulation().now());
      return true;
    }
    // The first run may take all of the budget: without one nothing is known.
    if (stage.schedules == 0) cut_runs(concrete_, share);
    ++stage.schedules;
    saw_end(concrete_.subject());
    if (stage.schedules % 256 == 0) options_.progress(stage.schedules);
    if (ran.violations->empty()) return false;
    return confirm(ran.schedule, Violation{ran.violations->front()});
  }

  // ---- A few deviations from the ordinary run (Emmi, Qadeer & Rakamarić, "Delay-Bounded Scheduling", POPL 2011) -----------

  void deviate(double share) {
    constexpr std::size_t most_deviations = 3;
    SearchStage stage{"delay-bounded", 0, false};
    std::deque<std::vector<DeviatingDecisions::Deviation>> waiting{{}};
    while (!waiting.empty() && goes_on(share)) {
      DeviatingDecisions decisions{std::move(waiting.front()), concrete_.freedom()};
      waiting.pop_front();
      if (try_run(decisions, stage, share)) break;
      const auto& made = decisions.deviations();
      if (made.size() == most_deviations) continue;
      const std::uint32_t first = made.empty() ? 0 : made.back().decision + 1;
      for (std::uint32_t i = first; i < decisions.alternatives().size(); ++i)
        for (std::uint32_t k = 1; k <= decisions.alternatives()[i] && waiting.size() < 1'000'000; ++k) {
          waiting.push_back(made);
          waiting.back().push_back({i, k});
        }
    }
    result_.stages.push_back(stage);
  }

  // ---- At random -------------------------------------------------------------------------------------------------------

  /// What a run by some decisions came to, on whatever thread.
  struct Sample {
    std::optional<Violation> violation;
    Schedule schedule;  ///< where there is one
    Instant end;
    std::vector<bool> goals;  ///< which it reached
    bool cut = false;         ///< it did not come to its end
  };

  static Sample sample_of(ScheduleRunner& runner, Decisions& decisions) {
    runner.subject().forget_goals();
    ScheduleRunner::Ran ran = runner.run(decisions);
    Sample sample;
    sample.cut = ran.cut;
    sample.end = runner.subject().simulation().now();
    for (const SearchGoal& goal : runner.subject().goals()) sample.goals.push_back(goal.reached);
    if (ran.violations->empty()) return sample;
    sample.violation = ran.violations->front();
    sample.schedule = std::move(ran.schedule);
    return sample;
  }

  void count(const Sample& sample, SearchStage& stage) {
    ++stage.schedules;
    if (stage.schedules % 256 == 0) options_.progress(stage.schedules);
    result_.latest_end = std::max(result_.latest_end, sample.end);
    if (result_.goals.empty()) merge_goals(concrete_.subject());
    for (std::size_t i = 0; i < sample.goals.size(); ++i)
      if (sample.goals[i]) result_.goals[i].reached = true;
  }

  // Run k tries the same on any thread, and the first that shows a race, by number, is the one that counts.
  void sample(const char* name, double share) {
    if (!goes_on(share)) return;
    SearchStage stage{name, 0, false};
    const bool by_priorities = stage.name == "priorities";
    DeviatingDecisions ordinary{{}, concrete_.freedom()};
    cut_runs(concrete_, 1);
    if (concrete_.run(ordinary).cut) {
      saw_cut(concrete_, concrete_.subject().simulation().now());
      return;
    }
    const std::uint64_t decisions = ordinary.alternatives().size();
    const auto make_worker = [&] {
      auto runner = std::make_shared<ScheduleRunner>(scenario_, plan_);
      cut_runs(*runner, share);
      return [this, runner, by_priorities, decisions](std::int64_t index) {
        const auto run = static_cast<std::uint64_t>(index);
        if (by_priorities && run % 10 < 7) {
          PriorityDecisions tried{options_.seed, run, runner->freedom(), runner->names(),
                                  static_cast<std::uint32_t>(2 + run % 4), decisions};
          return sample_of(*runner, tried);
        }
        RandomDecisions tried{options_.seed, run, runner->freedom()};
        return sample_of(*runner, tried);
      };
    };
    const auto consume = [&](std::int64_t, const Sample& sample) {
      if (sample.cut) return false;
      count(sample, stage);
      if (sample.violation && confirm(sample.schedule, *sample.violation)) return false;
      return goes_on(share);
    };
    in_order(static_cast<std::int64_t>(options_.most_samples), options_.jobs, make_worker, consume);
    result_.stages.push_back(stage);
  }

  const Scenario& scenario_;
  const Plan& plan_;
  const ExplorationOptions& options_;
  ScheduleRunner concrete_;
  Exploration result_;
  bool absent_ = false;
};

}  // namespace

std::uint64_t Exploration::schedules() const {
  std::uint64_t sum = 0;
  for (const SearchStage& stage : stages) sum += stage.schedules;
  return sum;
}

bool Exploration::goals_reached() const {
  return std::all_of(goals.begin(), goals.end(), [](const SearchGoal& goal) { return goal.reached; });
}

Exploration explore(const Scenario& scenario, const Plan& plan,
                    const ExplorationOptions& options) {
  return Explorer{scenario, plan, options}.explore();
}

std::string_view text(SearchVerdict verdict) {
  switch (verdict) {
    case SearchVerdict::race: return "race";
    case SearchVerdict::absent: return "absent";
    case SearchVerdict::unresolved: return "unresolved";
  }
  return "";
}

}  // namespace georep
