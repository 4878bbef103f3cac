// A scenario as what a search runs again and again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/exploration/subject.hpp"
#include "analysis/races/search_goal.hpp"

namespace georep {

class ScenarioSubject : public Subject {
 public:
  /// Scenario and plan must outlive the subject.
  ScenarioSubject(const Scenario& scenario, const Plan& plan);

  Simulation& simulation() override { return runner_.world().simulation(); }
  /// Yields a hash of what was violated.
  std::uint64_t execute() override;
  std::optional<SharedObject> conditions() override;
  std::vector<SumOfDurations> sums() const override { return runner_.sums(); }

  /// What the latest run violated, first of all.
  const Violations& violations() const { return *violations_; }
  Runner& runner() { return runner_; }
  /// What runs of this subject have come to so far.
  const std::vector<SearchGoal>& goals() const { return goals_; }
  void forget_goals() {
    for (SearchGoal& goal : goals_) goal.reached = false;
  }

 private:
  void set_goals(const Scenario& scenario);
  SearchGoal& goal(std::string text);

  std::vector<SearchGoal> goals_;
  std::uint64_t seed_;
  Runner runner_;
  const Violations* violations_ = nullptr;
};

}  // namespace georep
