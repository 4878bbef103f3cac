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

bool sets_probe(const TimelineEntry& entry) {
  const auto* set = std::get_if<SetAction>(&entry.action);
  return set != nullptr && std::any_of(set->settings.begin(), set->settings.end(), [](const Setting& setting) {
    return setting.path.starts_with("routing.probe");
  });
}

}  // namespace

std::string reservation_about(const Scenario& scenario) {
  if (scenario.world.duration) return "what the end of the run cuts off was taken as it came";
  const std::vector<TimelineEntry>& timeline = scenario.world.timeline;
  if (scenario.world.routing.probe || std::any_of(timeline.begin(), timeline.end(), &sets_probe))
    return "probes after the last operation were not looked at";
  const bool all_followed = std::all_of(scenario.expect.begin(), scenario.expect.end(),
                  [&](const ExpectationSpec& one) { return is_followed(scenario, one); });
  return all_followed ? "" : "an expectation was judged at one timing of each schedule, where another may differ";
}

}  // namespace georep
