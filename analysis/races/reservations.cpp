#include "analysis/races/reservations.hpp"

#include <algorithm>
#include <variant>

namespace georep {

namespace {

// Whether what decides about the expectation is noted where it happens, so that all runs of one kind agree on it.
bool is_followed(const ExpectationSpec& expectation) {
  return !std::holds_alternative<MeasureExpectation>(expectation.what);
}

}  // namespace

std::string reservation_about(const Scenario& scenario) {
  if (scenario.world.duration) return "what the end of the run cuts off was taken as it came";
  if (scenario.world.routing.probe) return "probes after the last operation were not looked at";
  const bool all_followed = std::all_of(scenario.expect.begin(), scenario.expect.end(), &is_followed);
  return all_followed ? "" : "an expectation was judged at one timing of each schedule, where another may differ";
}

}  // namespace georep
