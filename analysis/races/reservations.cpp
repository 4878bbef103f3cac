#include "analysis/races/reservations.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include "analysis/verdicts/judge.hpp"

namespace georep {

namespace {

// Whether the search sees all that decides about the expectation. Of workloads it is not shown yet.
bool is_followed(const Scenario& scenario, const ExpectationSpec& expectation) {
  const auto* measure = std::get_if<MeasureExpectation>(&expectation.what);
  return measure == nullptr ||
         (scenario.world.workloads.empty() && is_judged_at_every_timing(*measure, scenario.world.registry));
}

// Whoever goes by a setting, a link or a webhook's receiver does not note that it does.
bool changes_unnoted(const TimelineEntry& entry) {
  if (const auto* fail = std::get_if<FailAction>(&entry.action))
    return !std::holds_alternative<ReplicaFault>(fail->target);
  return std::holds_alternative<SetAction>(entry.action) || std::holds_alternative<DegradeAction>(entry.action);
}

}  // namespace

std::string reservation_about(const Scenario& scenario) {
  if (scenario.world.duration) return "what the end of the run cuts off was taken as it came";
  if (scenario.world.routing.probe) return "probes after the last operation were not looked at";
  const std::vector<TimelineEntry>& timeline = scenario.world.timeline;
  if (std::any_of(timeline.begin(), timeline.end(), &changes_unnoted))
    return "who was there before a `set`, a `degrade` or a `fail`, and who after, was not followed";
  const bool all_followed = std::all_of(scenario.expect.begin(), scenario.expect.end(),
                  [&](const ExpectationSpec& one) { return is_followed(scenario, one); });
  return all_followed ? "" : "an expectation was judged at one timing of each schedule, where another may differ";
}

}  // namespace georep
