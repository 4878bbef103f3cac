#include "analysis/races/scenario_subject.hpp"

#include "analysis/exploration/causality.hpp"

namespace georep {

ScenarioSubject::ScenarioSubject(const Scenario& scenario, const Plan& plan)
    : seed_{scenario.world.seed}, runner_{scenario, plan} {}

std::uint64_t ScenarioSubject::execute() {
  violations_ = &runner_.judge(seed_, 0);
  std::uint64_t outcome = 0;
  // In the order of time, which may differ where nothing depends on it.
  for (const Violation& violation : *violations_)
    outcome += mix_identity(violation.identity, violation.expectation);
  return outcome;
}

}  // namespace georep
