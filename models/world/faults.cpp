// Faults and other interventions of the timeline: what fails, for how long, and what comes back.
#include <algorithm>

#include <fmt/format.h>

#include "models/facts/event_kinds.hpp"
#include "models/registry/shared_objects.hpp"
#include "models/world/world.hpp"

namespace georep {

namespace {

std::string name_of(const FaultTarget& target) {
  if (const auto* link = std::get_if<LinkFault>(&target)) {
    const auto& [a, b] = link->regions;
    return fmt::format("link {}-{}", std::min(a, b), std::max(a, b));
  }
  if (const auto* region = std::get_if<RegionFault>(&target)) return "region " + region->region;
  if (const auto* replica = std::get_if<ReplicaFault>(&target)) return "replica " + replica->region;
  if (const auto* agent = std::get_if<ReplicationFault>(&target))
    return "replication " + agent->region;
  if (const auto* webhook = std::get_if<WebhookFault>(&target)) return "webhook " + webhook->webhook;
  const auto& node = std::get<NodeFault>(target);
  return fmt::format("node {}/{}", node.cluster, node.node);
}

}  // namespace

// A node is replaced at once where no duration is written; other faults last to the end.
Task<void> World::run_fault(const FaultTarget& target, std::optional<Duration> lasts) {
  strike(target, true);
  if (std::holds_alternative<NodeFault>(target) && !lasts) lasts = Duration{};
  if (!lasts) co_return;
  co_await simulation_.delay(*lasts);
  strike(target, false);
}

// Several faults may hold the same thing down; it comes back when the last one ends.
void World::strike(const FaultTarget& target, bool begins) {
  const auto* crash = std::get_if<ReplicaFault>(&target);
  simulation_.note_write(crash == nullptr ? shared::conditions
                                          : shared::object(shared::Kind::health, *plan_.region(crash->region), 0));
  const auto [held, unused] = down_.try_emplace(name_of(target), 0);
  held->second += begins ? 1 : -1;
  if (begins ? held->second != 1 : held->second != 0) return;
  const std::string_view name = held->first;
  facts_.tell([&] { return FaultChanged{simulation_.now(), name, begins}; });
  if (const auto* link = std::get_if<LinkFault>(&target)) {
    const RegionId a = *plan_.region(link->regions[0]);
    const RegionId b = *plan_.region(link->regions[1]);
    if (begins) {
      network_.fail_link(a, b);
    } else {
      network_.restore_link(a, b);
    }
  } else if (const auto* region = std::get_if<RegionFault>(&target)) {
    strike_replica(region->region, begins);
    Replica* served = registry_.replica(*plan_.region(region->region));
    if (begins && served != nullptr) served->redirected.clear();
  } else if (const auto* replica = std::get_if<ReplicaFault>(&target)) {
    strike_replica(replica->region, begins);
  } else if (const auto* agent = std::get_if<ReplicationFault>(&target)) {
    if (begins) {
      replication_.pause(*plan_.region(agent->region));
    } else {
      replication_.resume(*plan_.region(agent->region));
    }
  } else if (const auto* webhook = std::get_if<WebhookFault>(&target)) {
    strike_webhook(webhook->webhook, begins);
  } else {
    const auto& node = std::get<NodeFault>(target);
    const auto number = static_cast<std::uint32_t>(node.node);
    if (begins) {
      clusters_.lose(plan_.cluster(node.cluster), number);
    } else {
      clusters_.replace(plan_.cluster(node.cluster), number);
    }
  }
}

void World::strike_replica(const std::string& region, bool begins) {
  int& faults = replica_faults_[region];
  faults += begins ? 1 : -1;
  Replica* replica = registry_.replica(*plan_.region(region));
  if (replica == nullptr) return;
  if (begins) {
    registry_.crash(*replica);
    replication_.interrupt(replica->region);
    webhooks_.interrupt(replica->region);
  } else if (faults == 0) {
    registry_.recover(*replica);
  }
}

void World::strike_webhook(const std::string& name, bool begins) {
  const std::uint32_t webhook = plan_.webhook(name);
  if (begins) {
    webhooks_.fail(webhook);
  } else {
    webhooks_.restore(webhook);
  }
}

void World::degrade(const DegradeAction& action) {
  network_.degrade_link(*plan_.region(action.link[0]), *plan_.region(action.link[1]),
                        action.bandwidth, action.rtt, action.loss);
}

// Of several that concern one link the one that began last counts; when it ends, those before it do again.
Task<void> World::run_degradation(const DegradeAction& action) {
  simulation_.note_write(shared::conditions);
  tell_of_change();
  degradations_.push_back(&action);
  degrade(action);
  if (!action.lasts) co_return;
  co_await simulation_.delay(*action.lasts);
  simulation_.note_write(shared::conditions);
  tell_of_change();
  degradations_.erase(std::find(degradations_.begin(), degradations_.end(), &action));
  network_.restore_link_quality(*plan_.region(action.link[0]), *plan_.region(action.link[1]));
  for (const DegradeAction* other : degradations_) degrade(*other);
}

}  // namespace georep
