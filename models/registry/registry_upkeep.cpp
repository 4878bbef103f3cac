// What changes in a registry besides its content: its members, its settings, and what retention purges.
#include <algorithm>
#include <limits>
#include <set>

#include "models/facts/event_kinds.hpp"
#include "models/registry/registry.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

// ---- Members -----------------------------------------------------------------------------------------------------

Replica& Registry::add(const Member& member) {
  Replica* before = replica(member.region);
  if (before != nullptr) {
    start_empty(*before, member);
    for (ManifestCache* cache : before->caches)
      if (!cache->is_shared()) cache->reset();
  }
  Replica& added = before == nullptr ? place(member) : *before;
  settings_changed();
  return added;
}

void Registry::remove(Replica& replica) {
  replica.present = replica.routed = false;
  replica.serving.clear();
  replica.redirected.clear();
  empty_own_caches(replica);
}

// The nearest live replica that has something; the nearest one that is down where none is up; none where nobody has it.
RegionId Registry::nearest_of(const Replica& asking, const std::function<bool(Replica&)>& has) {
  RegionId nearest = RegionId::none;
  bool alive = false;
  Duration least = Duration::max();
  for (const auto& candidate : replicas_) {
    if (candidate.get() == &asking || !candidate->present) continue;
    const Duration round_trip = network_.reachable(asking.region, candidate->region)
                                    ? network_.round_trip(asking.region, candidate->region)
                                    : Duration::max();
    const bool better = nearest == RegionId::none || (candidate->alive && !alive) ||
                        (candidate->alive == alive && round_trip < least);
    if (!better || !has(*candidate)) continue;
    nearest = candidate->region;
    alive = candidate->alive;
    least = round_trip;
  }
  return nearest;
}

std::vector<Registry::Held> Registry::held_elsewhere(const Replica& added) {
  std::vector<Held> held;
  add_tags(added, held);
  add_untagged(added, held);
  const auto age = [](const Held& one) {
    return one.change.commit == CommitId::none ? 0 : std::uint64_t{index(one.change.commit)} + 1;
  };
  std::stable_sort(held.begin(), held.end(),
                   [&](const Held& a, const Held& b) { return age(a) < age(b); });
  return held;
}

// Of each tag what the replicas will agree on, removals that are remembered included.
void Registry::add_tags(const Replica& added, std::vector<Held>& held) {
  for (std::uint32_t id = 0; id < names_.tag_count(); ++id) {
    const TagId tag{id};
    std::optional<TagRecord> newest;
    for (const auto& other : replicas_) {
      if (other.get() == &added || !other->present) continue;
      const TagRecord record = other->storage.tag(tag);
      if (record.commit == CommitId::none && record.manifest == ManifestId::none) continue;
      const bool later =
          !newest || newest->commit == CommitId::none ||
          (record.commit != CommitId::none &&
           (conflict_rule().last_writer_wins ? beats(simulation_, record.stamp, newest->stamp)
                                             : index(record.commit) > index(newest->commit)));
      if (later) newest = record;
    }
    if (!newest) continue;
    Held one;
    one.change.commit = newest->commit;
    one.change.kind = newest->manifest == ManifestId::none ? ChangeKind::untag : ChangeKind::push;
    one.change.repository = names_.repository_of(tag);
    one.change.tag = tag;
    one.change.manifest = newest->manifest;
    one.change.stamp = newest->stamp;
    const CommitId commit = newest->commit;
    one.source = nearest_of(added, [tag, commit](Replica& other) {
      return other.storage.tag(tag).commit == commit;
    });
    held.push_back(one);
  }
}

// Manifests that no tag leads to. What an index lists comes with it.
void Registry::add_untagged(const Replica& added, std::vector<Held>& held) {
  std::set<std::pair<RepositoryId, ManifestId>> named;
  const auto name = [&](RepositoryId repository, ManifestId manifest) {
    named.insert({repository, manifest});
    for (const ManifestId below : content_.descendants(manifest)) named.insert({repository, below});
  };
  for (const Held& one : held)
    if (one.change.manifest != ManifestId::none) name(one.change.repository, one.change.manifest);
  std::set<std::pair<RepositoryId, ManifestId>> untagged;
  for (const auto& other : replicas_) {
    if (other.get() == &added || !other->present) continue;
    other->storage.for_each_manifest([&](RepositoryId repository, ManifestId manifest) {
      if (!named.contains({repository, manifest})) untagged.insert({repository, manifest});
    });
  }
  for (const auto& [repository, manifest] : untagged) {
    const RepositoryId where = repository;
    const ManifestId what = manifest;
    Held one;
    one.source = nearest_of(added, [where, what](Replica& other) {
      return other.storage.has_manifest(where, what);
    });
    one.change.repository = repository;
    one.change.manifest = manifest;
    one.change.stamp = replica(one.source)->storage.manifest_stamp(repository, manifest);
    one.change.commit = one.change.stamp.commit;
    held.push_back(one);
  }
}

// ---- Settings ----------------------------------------------------------------------------------------------------

void Registry::settings_changed() {
  const std::size_t servers =
      spec_.storage.servers ? static_cast<std::size_t>(*spec_.storage.servers)
                            : std::numeric_limits<std::size_t>::max();
  for (const auto& replica : replicas_) {
    replica->storage_servers.resize(servers);
    replica->reads.change(simulation_, spec_.limits.reads);
    replica->writes.change(simulation_, spec_.limits.writes);
  }
  choose_caches();
  for (const auto& replica : replicas_) {
    // Those that became untagged before there was a retention to heed.
    if (spec_.retention.untagged != retained_for_)
      for (const UntaggedManifest& old : replica->storage.untagged())
        if (spec_.retention.untagged)
          purges_.start(purge_when_due(*replica, old.repository, old.manifest, old.since,
                                       *spec_.retention.untagged),
                        event_kind::retention, entity(replica->region), Ground::background);
    replica->storage.take_newly_untagged();
  }
  retained_for_ = spec_.retention.untagged;
}

void Registry::choose_caches() {
  for (const auto& replica : replicas_) replica->caches.clear();
  choose_caches(CacheTier::manifest_cache, spec_.manifest_cache);
  choose_caches(CacheTier::parent_cache, spec_.parent_cache);
}

// One cache for each replica or one for all; what they held is lost when that changes.
void Registry::choose_caches(CacheTier tier, const std::optional<ManifestCacheSpec>& spec) {
  auto& [made_for, caches] = tiers_[static_cast<std::size_t>(tier)];
  const std::optional<CacheScope> scope = spec ? std::optional{spec->scope} : std::nullopt;
  if (scope != made_for) {
    for (const auto& cache : caches) cache->clear(EvictionCause::settings);
    caches.clear();
  }
  made_for = scope;
  if (!scope) return;
  const bool shared = *scope == CacheScope::registry;
  const std::size_t wanted = shared ? 1 : replicas_.size();
  while (caches.size() < wanted) {
    const RegionId owner = shared ? RegionId::none : replicas_[caches.size()]->region;
    caches.push_back(
        std::make_unique<ManifestCache>(simulation_, facts_, names_, *spec, tier, owner));
  }
  for (const auto& cache : caches) cache->settings_changed();
  for (std::size_t i = 0; i < replicas_.size(); ++i)
    replicas_[i]->caches.push_back(caches[shared ? 0 : i].get());
}

// ---- Retention ---------------------------------------------------------------------------------------------------

// Each replica purges for itself what it has seen untagged for so long.
void Registry::schedule_purges(Replica& replica) {
  for (const UntaggedManifest& manifest : replica.storage.take_newly_untagged())
    if (spec_.retention.untagged)
      purges_.start(purge_when_due(replica, manifest.repository, manifest.manifest,
                                   manifest.since, *spec_.retention.untagged),
                    event_kind::retention, entity(replica.region), Ground::background);
}

Task<void> Registry::purge_when_due(Replica& replica, RepositoryId repository, ManifestId manifest,
                                    Deadline since, Duration age) {
  Deadline due = since;
  due.at = due.at + age;
  co_await simulation_.until(due);
  const std::optional<Deadline> untagged = replica.storage.untagged_since(repository, manifest);
  const bool unchanged = untagged && untagged->at == since.at && untagged->set_by == since.set_by;
  // It was tagged again meanwhile, or the retention is another by now.
  if (!unchanged || spec_.retention.untagged != age) co_return;
  replica.storage.purge(repository, manifest);
  for (ManifestCache* cache : replica.caches)
    if (cache->settings().invalidate_on_delete)
      cache->invalidate({TagId::none, manifest}, EvictionCause::removal);
  schedule_purges(replica);  // what an index listed
}

}  // namespace georep
