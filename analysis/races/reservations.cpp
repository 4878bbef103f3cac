#include "analysis/races/reservations.hpp"

#include <algorithm>
#include <variant>

#include "models/registry/error_code.hpp"

namespace georep {

namespace {

// Whether all timings of one schedule, which is an order of what depends on one another, agree on the expectation.
bool order_decides(const Scenario& scenario, const ExpectationSpec& expectation) {
  if (const auto* operation = std::get_if<OperationExpectation>(&expectation.what))
    return !operation->within;
  if (const auto* never = std::get_if<NeverExpectation>(&expectation.what)) {
    if (error_code(never->what) || never->what == "divergence") return true;
    return never->what != "stale-read" && !scenario.world.registry.manifest_cache;
  }
  if (const auto* eventually = std::get_if<EventuallyExpectation>(&expectation.what))
    return !eventually->within;
  if (const auto* running = std::get_if<RunningExpectation>(&expectation.what)) return !running->at;
  return false;
}

}  // namespace

std::string reservation_about(const Scenario& scenario) {
  if (!scenario.uncertainty.ties)
    return "the search swaps events at one instant although `ties` does not allow it";
  if (scenario.world.duration) return "what the end of the run cuts off was taken as it came";
  if (scenario.world.routing.probe) return "probes after the last operation were not looked at";
  const bool decided =
      std::all_of(scenario.expect.begin(), scenario.expect.end(),
                  [&](const ExpectationSpec& one) { return order_decides(scenario, one); });
  return decided ? "" : "an expectation depends on durations, and each schedule was judged at one timing";
}

}  // namespace georep
