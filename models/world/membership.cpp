// Replicas that come and go in mid-run, and whether hosts are sent to them.
#include <algorithm>

#include "models/registry/shared_objects.hpp"
#include "models/world/world.hpp"

namespace georep {

void World::set_routed(Replica& replica, bool routed) {
  simulation_.note_write(shared::object(shared::Kind::dns_record, replica.region, 0));
  if (replica.routed == routed) return;
  replica.routed = routed;
  facts_.tell([&] { return RoutingChanged{simulation_.now(), replica.region, routed}; });
}

void World::add_replica(const AddReplicaAction& action) {
  simulation_.note_write(shared::conditions);
  const RegionId region = *plan_.region(action.region);
  if (const Replica* there = registry_.replica(region); there != nullptr && there->present) return;
  Replica& added = registry_.add(
      registry_member(plan_, settings_.registry, region, simulation_.chance()));
  if (replica_faults_[action.region] > 0) registry_.crash(added);
  members_.push_back(region);
  replication_.set_routes(replication_routes(plan_, settings_.registry, members_));
  simulation_.note_write(shared::object(shared::Kind::dns_record, region, 0));
  facts_.tell([&] {
    return MembershipChanged{simulation_.now(), region, true};
  });
  if (action.routed == RoutedWhen::when_synced) set_routed(added, false);
  back_fill(added, action);
}

// Everything that there was when the replica was added goes through its queue like changes, but is announced nowhere.
void World::back_fill(Replica& added, const AddReplicaAction& action) {
  std::vector<Registry::Held> held = registry_.held_elsewhere(added);
  if (action.backfill == BackfillOrder::newest_first) std::reverse(held.begin(), held.end());
  const auto missing = std::make_shared<std::size_t>(held.size());
  Replica* replica = &added;
  const bool routed_then = action.routed == RoutedWhen::when_synced;
  const std::function<void()> copied = [this, missing, replica, routed_then] {
    if (--*missing > 0) return;
    facts_.tell([&] { return ReplicaSynced{simulation_.now(), replica->region}; });
    if (routed_then) set_routed(*replica, true);
  };
  if (held.empty()) {
    *missing = 1;
    copied();
    return;
  }
  for (Registry::Held& one : held) {
    const std::uint64_t what = one.change.tag != TagId::none
                                   ? name_hash(names_.text(one.change.tag))
                                   : content_.manifest(one.change.manifest).digest.words[0];
    one.change.backfill = true;
    one.change.origin = one.source;
    one.change.identity = combined_hash(added.name, what);
    replication_.copy(one.change, one.source, added.region, copied);
  }
}

void World::remove_replica(const RemoveReplicaAction& action) {
  simulation_.note_write(shared::conditions);
  Replica* removed = registry_.replica(*plan_.region(action.region));
  if (removed == nullptr || !removed->present) return;
  std::erase(members_, removed->region);
  registry_.remove(*removed);
  replication_.reroute(replication_routes(plan_, settings_.registry, members_));
  replication_.abandon(removed->region);
  webhooks_.interrupt(removed->region);
  simulation_.note_write(shared::object(shared::Kind::dns_record, removed->region, 0));
  facts_.tell([&] {
    return MembershipChanged{simulation_.now(), removed->region, false};
  });
}

}  // namespace georep
