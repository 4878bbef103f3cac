#include "analysis/races/scenario_subject.hpp"

#include <algorithm>

#include "analysis/exploration/causality.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

ScenarioSubject::ScenarioSubject(const Scenario& scenario, const Plan& plan)
    : seed_{scenario.world.seed}, runner_{scenario, plan} {
  set_goals(scenario);
}

SearchGoal& ScenarioSubject::goal(std::string text) {
  goals_.push_back({std::move(text), false});
  return goals_.back();
}

// Every operation ends well in some run, unless it is expected to fail; changes reach the other replicas; a cache answers.
void ScenarioSubject::set_goals(const Scenario& scenario) {
  World& world = runner_.world();
  const Plan& plan = world.plan();
  goals_.reserve(plan.operations.size() + 2);
  for (const OperationPlan& operation : plan.operations) goal(operation.name + " ends well");
  const std::size_t operations = plan.operations.size();
  world.facts().subscribe<OperationEnded>([this, operations](const OperationEnded& fact) {
    const auto number = static_cast<std::size_t>(fact.operation);
    if (!fact.error && number < operations) goals_[number].reached = true;
  });
  if (plan.replicas.size() > 1) {
    SearchGoal& arrival = goal("a change reaches another replica");
    world.facts().subscribe<ReplicationDone>([&arrival](const ReplicationDone&) { arrival.reached = true; });
  }
  if (scenario.world.registry.manifest_cache) {
    SearchGoal& hit = goal("a cache answers");
    world.facts().subscribe<CacheLookedUp>([&hit](const CacheLookedUp& fact) {
      if (fact.hit) hit.reached = true;
    });
  }
}

std::optional<SharedObject> ScenarioSubject::conditions() {
  const std::vector<TimelineEntry>& timeline = runner_.world().plan().spec.timeline;
  const bool change = std::any_of(timeline.begin(), timeline.end(), [](const TimelineEntry& entry) {
    const auto* fail = std::get_if<FailAction>(&entry.action);
    return std::holds_alternative<SetAction>(entry.action) || std::holds_alternative<DegradeAction>(entry.action) ||
           std::holds_alternative<AddReplicaAction>(entry.action) ||
           std::holds_alternative<RemoveReplicaAction>(entry.action) ||
           (fail != nullptr && !std::holds_alternative<ReplicaFault>(fail->target));
  });
  return change ? std::optional{shared::conditions} : std::nullopt;
}

std::uint64_t ScenarioSubject::execute() {
  violations_ = &runner_.judge(seed_, 0);
  std::uint64_t outcome = 0;
  // In the order of time, which may differ where nothing depends on it.
  for (const Violation& violation : *violations_)
    outcome += mix_identity(violation.identity, violation.expectation);
  return outcome;
}

}  // namespace georep
