#include "analysis/races/scheduled_run.hpp"

namespace georep {

ScheduledRun::ScheduledRun(Simulation& simulation, const UncertaintySpec& uncertainty,
                           const Schedule& schedule)
    : freedom_{uncertainty},
      recorder_{simulation, freedom_},
      decisions_{schedule, recorder_.names()} {
  recorder_.prepare(decisions_, trace_);
}

ScheduleRunner::ScheduleRunner(const Scenario& scenario, const Plan& plan)
    : subject_{scenario, plan},
      freedom_{scenario.uncertainty},
      recorder_{subject_.simulation(), freedom_} {}

ScheduleRunner::Ran ScheduleRunner::run(Decisions& decisions) {
  recorder_.prepare(decisions, trace_);
  subject_.execute();
  recorder_.finish();
  static const Violations none;
  const bool cut = recorder_.was_cut();
  return {cut ? &none : &subject_.violations(), schedule_of(trace_, recorder_.names()), cut};
}

ScheduleRunner::Ran ScheduleRunner::run(const Schedule& schedule) {
  ScheduledDecisions decisions{schedule, recorder_.names()};
  return run(decisions);
}

std::optional<Violation> ScheduleRunner::find(const Violations& violations,
                                              const Violation& wanted) {
  for (const Violation& violation : violations)
    if (violation.expectation == wanted.expectation && violation.identity == wanted.identity)
      return violation;
  return std::nullopt;
}

}  // namespace georep
