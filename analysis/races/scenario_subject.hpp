// A scenario as what a search runs again and again.
#pragma once

#include <cstdint>

#include "analysis/experiments/run.hpp"
#include "analysis/exploration/subject.hpp"

namespace georep {

class ScenarioSubject : public Subject {
 public:
  /// Scenario and plan must outlive the subject.
  ScenarioSubject(const Scenario& scenario, const Plan& plan);

  Simulation& simulation() override { return runner_.world().simulation(); }
  /// Yields a hash of what was violated.
  std::uint64_t execute() override;

  /// What the latest run violated, first of all.
  const Violations& violations() const { return *violations_; }
  Runner& runner() { return runner_; }

 private:
  std::uint64_t seed_;
  Runner runner_;
  const Violations* violations_ = nullptr;
};

}  // namespace georep
