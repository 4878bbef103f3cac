#include "analysis/races/reservations.hpp"

#include <algorithm>
#include <variant>

#include "models/registry/error_code.hpp"

namespace georep {

namespace {

// Whether what decides about the expectation is noted where it happens, so that all runs of one kind agree on it.
bool is_followed(const Scenario& scenario, const ExpectationSpec& expectation) {
  if (std::holds_alternative<OperationExpectation>(expectation.what) ||
      std::holds_alternative<WebhookExpectation>(expectation.what))
    return true;
  if (const auto* running = std::get_if<RunningExpectation>(&expectation.what)) return !running->at;
  // What a replica answers changes also when something remembered expires, which is no event.
  const bool remembers = scenario.world.registry.manifest_cache.has_value();
  if (const auto* never = std::get_if<NeverExpectation>(&expectation.what))
    return error_code(never->what) || never->what == "stale-read" || !remembers;
  return std::holds_alternative<EventuallyExpectation>(expectation.what) && !remembers;
}

}  // namespace

std::string reservation_about(const Scenario& scenario) {
  if (scenario.world.duration) return "what the end of the run cuts off was taken as it came";
  if (scenario.world.routing.probe) return "probes after the last operation were not looked at";
  const bool all_followed = std::all_of(scenario.expect.begin(), scenario.expect.end(),
                  [&](const ExpectationSpec& one) { return is_followed(scenario, one); });
  return all_followed ? "" : "an expectation was judged at one timing of each schedule, where another may differ";
}

}  // namespace georep
