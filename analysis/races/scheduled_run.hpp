// Runs a scenario along a schedule.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "analysis/exploration/recorder.hpp"
#include "analysis/races/scenario_subject.hpp"
#include "analysis/races/schedule.hpp"
#include "analysis/races/uncertainty.hpp"

namespace georep {

/// While it lives, the next run of a simulation goes by a schedule.
class ScheduledRun {
 public:
  ScheduledRun(Simulation& simulation, const UncertaintySpec& uncertainty,
               const Schedule& schedule);

  /// How the schedule went with the run, which is over.
  const ScheduledDecisions& decisions() const { return decisions_; }

 private:
  UncertaintyFreedom freedom_;
  Recorder recorder_;
  ScheduledDecisions decisions_;
  Trace trace_;
};

/// Runs a scenario along one schedule after another.
class ScheduleRunner {
 public:
  /// Scenario and plan must outlive it.
  ScheduleRunner(const Scenario& scenario, const Plan& plan);

  struct Ran {
    const Violations* violations;  ///< until the next run
    Schedule schedule;             ///< what of the decisions had an effect
    bool cut = false;              ///< it did not come to its end, and says nothing
  };
  /// What is kept of a run in memory allows no more events.
  static constexpr std::size_t most_events = 2'000'000;
  /// Stops runs in whose course `over` comes to say yes.
  void cut_runs(std::function<bool()> over) { recorder_.cut_runs(std::move(over), most_events); }
  Ran run(Decisions& decisions);
  Ran run(const Schedule& schedule);

  /// The run's violation of that identity, if there is one.
  static std::optional<Violation> find(const Violations& violations, const Violation& wanted);

  const UncertaintyFreedom& freedom() const { return freedom_; }
  EventNames& names() { return recorder_.names(); }
  ScenarioSubject& subject() { return subject_; }
  const Trace& trace() const { return trace_; }

 private:
  ScenarioSubject subject_;
  UncertaintyFreedom freedom_;
  Recorder recorder_;
  Trace trace_;
};

}  // namespace georep
