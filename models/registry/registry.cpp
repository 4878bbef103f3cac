// The registry's members and what clients change in them.
#include "models/registry/registry.hpp"

#include "models/registry/shared_objects.hpp"


namespace georep {

Registry::Registry(Simulation& simulation, FactBus& facts, Network& network, Content& content,
                   Names& names, const RegistrySpec& spec)
    : simulation_{simulation},
      facts_{facts},
      network_{network},
      content_{content},
      names_{names},
      spec_{spec},
      purges_{simulation} {}

Registry::~Registry() = default;

void Registry::reset(const std::vector<Member>& members) {
  commits_ = 0;
  purges_.clear();
  retained_for_.reset();
  // Replicas of the plan keep their memory; those added in the last run go.
  while (replicas_.size() > members.size()) {
    by_region_[index(replicas_.back()->region)] = nullptr;
    replicas_.pop_back();
  }
  for (Caches& tier : tiers_)
    if (tier.caches.size() > members.size()) tier.caches.resize(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i < replicas_.size()) {
      GEOREP_ASSERT(replicas_[i]->region == members[i].region,
                    "a plan keeps its replicas between runs");
      start_empty(*replicas_[i], members[i]);
    } else {
      place(members[i]);
    }
  }
  for (const Caches& tier : tiers_)
    for (const auto& cache : tier.caches) cache->reset();
  settings_changed();
}

void Registry::start_empty(Replica& replica, const Member& member) {
  replica.storage.reset();
  replica.clock.reset(member.skew);
  replica.reads.reset();
  replica.writes.reset();
  replica.present = replica.alive = replica.routed = true;
}

Replica& Registry::place(const Member& member) {
  replicas_.push_back(std::make_unique<Replica>(simulation_, facts_, content_, member.region,
                                                member.name_rank, member.name));
  replicas_.back()->clock.reset(member.skew);
  if (index(member.region) >= by_region_.size()) by_region_.resize(index(member.region) + 1);
  by_region_[index(member.region)] = replicas_.back().get();
  return *replicas_.back();
}

Replica* Registry::replica(RegionId region) {
  return index(region) < by_region_.size() ? by_region_[index(region)] : nullptr;
}

ConflictRule Registry::conflict_rule() const {
  return ConflictRule{spec_.replication.apply == ApplyKind::last_writer_wins,
                      spec_.replication.tombstones};
}

Stamp Registry::take_stamp(Replica& replica, CommitId commit) {
  const bool hybrid = spec_.replication.stamp == StampKind::hybrid_logical_clock;
  if (hybrid) simulation_.note_write(shared::object(shared::Kind::clock, replica.region, 0));
  return replica.clock.take(hybrid, commit);
}

// A hybrid clock ticks on receipt.
void Registry::hear_stamp(Replica& replica, const Stamp& stamp) {
  if (spec_.replication.stamp != StampKind::hybrid_logical_clock) return;
  simulation_.note_write(shared::object(shared::Kind::clock, replica.region, 0));
  replica.clock.receive(stamp);
}

std::expected<void, Refusal> Registry::begin_upload(Replica& replica) {
  if (const auto wait = replica.writes.take(simulation_))
    return std::unexpected{Refusal{ErrorCode::too_many_requests, *wait}};
  return {};
}

std::expected<void, Refusal> Registry::finish_upload(Replica& replica, BlobId blob) {
  if (auto limited = begin_upload(replica); !limited) return limited;
  replica.storage.store_blob(blob);
  return {};
}

std::expected<void, Refusal> Registry::put_child(Replica& replica, RepositoryId repository,
                                                 ManifestId manifest) {
  if (auto limited = begin_upload(replica); !limited) return limited;
  if (!replica.storage.accepts(repository, manifest))
    return std::unexpected{Refusal{ErrorCode::manifest_blob_unknown, {}}};
  // The child belongs to the change that its index will be, whose number is the next one.
  const Stamp stamp = take_stamp(replica, static_cast<CommitId>(commits_));
  store_manifest(replica, repository, manifest, stamp, CacheEvent::push);
  return {};
}

// The commit of a change: it gets its number and its stamp.
Change Registry::new_change(Replica& replica, const Requester& requester, ChangeKind kind,
                            RepositoryId repository, TagId tag, ManifestId manifest) {
  Change change;
  simulation_.note_write(shared::all_commits);
  change.commit = next_commit();
  change.identity = requester.identity;
  change.kind = kind;
  change.origin = replica.region;
  change.repository = repository;
  change.tag = tag;
  change.manifest = manifest;
  change.stamp = take_stamp(replica, change.commit);
  facts_.tell([&] {
    return ChangeCommitted{simulation_.now(), change.commit, kind, replica.region,
                           requester.host,    tag,           manifest,    change.stamp};
  });
  return change;
}

std::expected<CommitId, Refusal> Registry::put_manifest(Replica& replica,
                                                        const Requester& requester, TagId tag,
                                                        ManifestId manifest, ChangeKind kind) {
  if (auto limited = begin_upload(replica); !limited) return std::unexpected{limited.error()};
  const RepositoryId repository = names_.repository_of(tag);
  if (!replica.storage.accepts(repository, manifest))
    return std::unexpected{Refusal{ErrorCode::manifest_blob_unknown, {}}};
  const Change change = new_change(replica, requester, kind, repository, tag, manifest);
  store_manifest(replica, repository, manifest, change.stamp, CacheEvent::push);
  point_tag(replica, change, true);
  tell_caches(replica, {tag, ManifestId::none}, CacheEvent::push);
  committed(replica, requester, change);
  return change.commit;
}

std::expected<CommitId, Refusal> Registry::delete_tag(Replica& replica, const Requester& requester,
                                                      TagId tag) {
  if (auto limited = begin_upload(replica); !limited) return std::unexpected{limited.error()};
  const TagRecord record = replica.storage.tag(tag);
  if (record.manifest == ManifestId::none)
    return std::unexpected{Refusal{ErrorCode::manifest_unknown, {}}};
  const Change change = new_change(replica, requester, ChangeKind::untag,
                                   names_.repository_of(tag), tag, record.manifest);
  point_tag(replica, change, true);
  tell_caches(replica, {tag, ManifestId::none}, CacheEvent::removal);
  committed(replica, requester, change);
  return change.commit;
}

std::expected<CommitId, Refusal> Registry::delete_manifest(Replica& replica,
                                                           const Requester& requester,
                                                           RepositoryId repository,
                                                           ManifestId manifest) {
  if (auto limited = begin_upload(replica); !limited) return std::unexpected{limited.error()};
  if (!replica.storage.has_manifest(repository, manifest))
    return std::unexpected{Refusal{ErrorCode::manifest_unknown, {}}};
  const Change change = new_change(replica, requester, ChangeKind::remove, repository, TagId::none,
                                   manifest);
  unpoint_all(replica, change, true);
  replica.storage.remove_manifest(repository, manifest, change.stamp, conflict_rule());
  tell_caches(replica, {TagId::none, manifest}, CacheEvent::removal);
  committed(replica, requester, change);
  return change.commit;
}

// What a cache remembers of a digest can have become wrong only where the manifest was not there.
void Registry::store_manifest(Replica& replica, RepositoryId repository, ManifestId manifest,
                              const Stamp& stamp, CacheEvent event) {
  const bool was_there = replica.storage.has_manifest(repository, manifest);
  const bool there = replica.storage.store_manifest(repository, manifest, stamp, conflict_rule());
  if (there && !was_there) tell_caches(replica, {TagId::none, manifest}, event);
}

// Points a tag where the change says, if the change wins. A removal of the manifest that is later by its stamp and came first takes
// the tag with it.
void Registry::point_tag(Replica& replica, const Change& change, bool local) {
  const ConflictRule rule = conflict_rule();
  const ManifestId target = change.removes() ? ManifestId::none : change.manifest;
  const bool moved = replica.storage.point_tag(change.repository, change.tag, target, change.stamp,
                                               rule, local);
  if (moved && !local) tell_caches(replica, {change.tag, ManifestId::none}, CacheEvent::replication);
  if (!moved || target == ManifestId::none) return;
  const std::optional<Stamp> removal =
      replica.storage.later_removal(change.repository, target, change.stamp, rule);
  if (removal)
    replica.storage.unpoint_tag(change.repository, change.tag, *removal, rule, local);
}

// Every tag of the repository that points at the manifest points at nothing from now on.
void Registry::unpoint_all(Replica& replica, const Change& change, bool local) {
  replica.storage.remember_removal(change.repository, change.manifest, change.stamp,
                                   conflict_rule());
  for (const TagId tag : names_.tags_of(change.repository)) {
    if (replica.storage.tag(tag).manifest != change.manifest) continue;
    replica.storage.unpoint_tag(change.repository, tag, change.stamp, conflict_rule(), local);
    tell_caches(replica, {tag, ManifestId::none}, local ? CacheEvent::removal : CacheEvent::replication);
  }
}

void Registry::tell_caches(Replica& replica, ManifestCache::Key key, CacheEvent event) {
  for (ManifestCache* cache : replica.caches) cache->happened(key, event);
}

void Registry::empty_own_caches(Replica& replica) {
  for (ManifestCache* cache : replica.caches)
    if (!cache->is_shared()) cache->clear(EvictionCause::crash);
}

void Registry::committed(Replica& replica, const Requester& requester, const Change& change) {
  schedule_purges(replica);
  simulation_.outcome(static_cast<std::uint64_t>(index(replica.region)) << 48 ^
                      static_cast<std::uint64_t>(index(requester.host)) << 16 ^
                      content_.manifest(change.manifest).digest.words[0]);
  for (const auto& listener : commit_listeners_) listener(change);
}

void Registry::apply_manifest(Replica& replica, const Change& change, bool invalidates) {
  hear_stamp(replica, change.stamp);
  if (change.kind == ChangeKind::untag) return;  // the tag goes, the manifest stays
  if (change.kind == ChangeKind::remove) {
    replica.storage.remove_manifest(change.repository, change.manifest, change.stamp, conflict_rule());
  } else {
    store_manifest(replica, change.repository, change.manifest, change.stamp,
                   invalidates ? CacheEvent::invalidation : CacheEvent::replication);
  }
  schedule_purges(replica);
}

void Registry::apply_tag(Replica& replica, const Change& change) {
  hear_stamp(replica, change.stamp);
  if (change.kind == ChangeKind::remove) {
    unpoint_all(replica, change, false);
  } else if (!change.backfill || conflict_rule().last_writer_wins ||
             replica.storage.tag(change.tag).commit == CommitId::none) {
    // What was there before a replica was does not take the place of what has reached it since.
    point_tag(replica, change, false);
  }
  schedule_purges(replica);
}

void Registry::apply_invalidation(Replica& replica, const Change& change) {
  facts_.tell([&] {
    return InvalidationApplied{simulation_.now(), replica.region, change.commit, change.tag};
  });
  if (change.kind != ChangeKind::remove) {
    tell_caches(replica, {change.tag, ManifestId::none}, CacheEvent::invalidation);
    return;
  }
  // The tags have lost the manifest by now, so the entries to evict are those that still answer with it.
  for (ManifestCache* cache : replica.caches)
    for (const TagId tag : names_.tags_of(change.repository)) {
      const auto entry = cache->lookup({tag, ManifestId::none});
      if (entry && entry->manifest == change.manifest)
        cache->happened({tag, ManifestId::none}, CacheEvent::invalidation);
    }
  tell_caches(replica, {TagId::none, change.manifest}, CacheEvent::invalidation);
}

bool Registry::serves(Replica& replica, RepositoryId repository, ManifestId manifest) {
  return replica.storage.has_manifest(repository, manifest) &&
         replica.storage.holds_closure(repository, manifest);
}

void Registry::end_serving() {
  for (const auto& replica : replicas_) {
    replica->serving.clear();
    replica->redirected.clear();
  }
  purges_.clear();
}

void Registry::crash(Replica& replica) {
  simulation_.note_write(shared::object(shared::Kind::health, replica.region, 0));
  if (!replica.alive) return;
  replica.alive = false;
  replica.serving.clear();
  empty_own_caches(replica);
  facts_.tell([&] { return HealthChanged{simulation_.now(), replica.region, false}; });
  health_changed_.notify_all();
}

void Registry::recover(Replica& replica) {
  simulation_.note_write(shared::object(shared::Kind::health, replica.region, 0));
  if (replica.alive) return;
  replica.alive = true;
  facts_.tell([&] { return HealthChanged{simulation_.now(), replica.region, true}; });
  health_changed_.notify_all();
}

}  // namespace georep
