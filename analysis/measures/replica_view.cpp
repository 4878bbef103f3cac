#include "analysis/measures/replica_view.hpp"

#include <algorithm>

#include "analysis/measures/observed_objects.hpp"

namespace georep {

namespace {

template <class Record>
Record& at_or_grow(std::vector<Record>& records, std::uint32_t place) {
  if (place >= records.size()) records.resize(static_cast<std::size_t>(place) + 1);
  return records[place];
}

}  // namespace

ReplicaView::ReplicaView(World& world) : world_{world} {
  replicas_.resize(world.plan().network.regions.size());
  members_ = world.plan().replicas;
  subscribe();
}

void ReplicaView::subscribe() {
  FactBus& facts = world_.facts();
  facts.subscribe<TagApplied>([this](const TagApplied& fact) {
    heard(fact.at, fact.replica);
    if (!fact.moved) return;
    TagState& tag = at_or_grow(replicas_[index(fact.replica)].tags, index(fact.tag));
    tag.stored = fact.manifest;
    tag.commit = fact.commit;
    refresh(moment_of(fact.at), fact.replica, fact.tag);
  });
  facts.subscribe<ManifestStored>([this](const ManifestStored& fact) {
    heard(fact.at, fact.replica);
    auto& repository =
        at_or_grow(replicas_[index(fact.replica)].manifests, index(fact.repository));
    at_or_grow(repository, index(fact.manifest)) = 1;
    refresh_unsettled(fact.at, fact.replica);
  });
  facts.subscribe<ManifestRemoved>([this](const ManifestRemoved& fact) {
    heard(fact.at, fact.replica);
    auto& repository =
        at_or_grow(replicas_[index(fact.replica)].manifests, index(fact.repository));
    at_or_grow(repository, index(fact.manifest)) = 0;
    refresh_all(fact.at, fact.replica);
  });
  facts.subscribe<BlobStored>([this](const BlobStored& fact) {
    heard(fact.at, fact.replica);
    at_or_grow(replicas_[index(fact.replica)].blobs, index(fact.blob)) = 1;
    refresh_unsettled(fact.at, fact.replica);
  });
  facts.subscribe<BlobRemoved>([this](const BlobRemoved& fact) {
    heard(fact.at, fact.replica);
    at_or_grow(replicas_[index(fact.replica)].blobs, index(fact.blob)) = 0;
    refresh_all(fact.at, fact.replica);
  });
  facts.subscribe<CacheFilled>([this](const CacheFilled& fact) {
    heard(fact.at, fact.replica);
    if (fact.tag == TagId::none) return;
    remembered(fact.replica, fact.tag) =
        Remembered{true, fact.manifest, fact.commit, fact.expires};
    expiries_.push(Expiry{fact.expires.at, sequence_++, fact.replica, fact.tag});
    refresh_owner(moment_of(fact.at), fact.replica, fact.tag);
  });
  facts.subscribe<CacheEvicted>([this](const CacheEvicted& fact) {
    heard(fact.at, fact.replica);
    if (fact.tag == TagId::none) return;
    remembered(fact.replica, fact.tag).present = false;
    refresh_owner(moment_of(fact.at), fact.replica, fact.tag);
  });
  facts.subscribe<HealthChanged>([this](const HealthChanged& fact) {
    heard(fact.at, fact.replica);
    replicas_[index(fact.replica)].alive = fact.alive;
  });
  facts.subscribe<MembershipChanged>([this](const MembershipChanged& fact) { set_membership(fact); });
}

// What a replica answers depends on the order of all that changes there, of which the models need not know: a search has to. What a cache
// that all share remembers concerns them all.
void ReplicaView::heard(Instant at, RegionId replica) {
  Simulation& simulation = world_.simulation();
  if (replica != RegionId::none) {
    simulation.note_write(observed::replica(replica));
  } else {
    for (const RegionId member : members_) simulation.note_write(observed::replica(member));
  }
  if (!simulation.has_chooser()) {
    advance(at);
    return;
  }
  const bool together = together_ && world_.settings().registry.manifest_cache.has_value();
  if (together) simulation.note_write(observed::agreement);
  if (together || replica == RegionId::none) {
    expire(members_);
  } else {
    expire({&replica, 1});
  }
}

void ReplicaView::set_membership(const MembershipChanged& fact) {
  world_.simulation().note_write(observed::membership);
  world_.simulation().note_write(observed::replica(fact.replica));
  heard(fact.at, RegionId::none);
  std::erase(members_, fact.replica);
  if (!fact.present) return;
  members_.push_back(fact.replica);
  replicas_[index(fact.replica)].joined = moment_of(fact.at);
}

void ReplicaView::reset() {
  for (Replica& replica : replicas_) {
    std::fill(replica.tags.begin(), replica.tags.end(), TagState{});
    std::fill(replica.cache.begin(), replica.cache.end(), Remembered{});
    for (auto& repository : replica.manifests)
      std::fill(repository.begin(), repository.end(), std::uint8_t{0});
    std::fill(replica.blobs.begin(), replica.blobs.end(), std::uint8_t{0});
    replica.unsettled.clear();
    replica.alive = true;
    replica.joined.reset();
  }
  std::fill(shared_.begin(), shared_.end(), Remembered{});
  members_ = world_.plan().replicas;
  expiries_ = {};
  sequence_ = 0;
  preload();
}

// What stood in every replica before the run, of which no fact is told.
void ReplicaView::preload() {
  const Plan& plan = world_.plan();
  for (const RegionId region : members_)
    for (const Catalog& catalog : plan.catalogs)
      for (const StoredImage& image : catalog.images) {
        Replica& replica = replicas_[index(region)];
        const RepositoryId repository = plan.names.repository_of(image.tag);
        at_or_grow(at_or_grow(replica.manifests, index(repository)), index(image.manifest)) = 1;
        for (const BlobId blob : plan.content.manifest(image.manifest).blobs)
          at_or_grow(replica.blobs, index(blob)) = 1;
        TagState& tag = at_or_grow(replica.tags, index(image.tag));
        tag.stored = image.manifest;
        tag.stored_whole = tag.held = true;
        tag.answer = TagAnswer{image.manifest, CommitId::none, true};
      }
}

// Entries whose time to live is over by now have been forgotten at their own time.
void ReplicaView::advance(Instant now) {
  while (!expiries_.empty() && expiries_.top().at <= now) {
    const Expiry expiry = expiries_.top();
    expiries_.pop();
    Remembered& entry = remembered(expiry.owner, expiry.tag);
    if (!entry.present || entry.expires.at != expiry.at) continue;
    entry.present = false;
    refresh_owner(entry.expires, expiry.owner, expiry.tag);
  }
}

void ReplicaView::finish(Instant end) {
  if (world_.simulation().has_chooser()) {
    expire(members_);
  } else {
    advance(end);
  }
}

// The entry that the replica's answer for a tag hangs on; null where its storage answers alike.
const ReplicaView::Remembered* ReplicaView::answering(RegionId region, TagId tag) const {
  const Replica& replica = replicas_[index(region)];
  if (replica.tags[index(tag)].answer == stored_answer(region, tag)) return nullptr;
  for (const std::vector<Remembered>* cache : {&shared_, &replica.cache})
    if (index(tag) < cache->size() && (*cache)[index(tag)].present) return &(*cache)[index(tag)];
  return nullptr;
}

// In a search a replica's answers expire when something happens there, and only where that makes a difference: so much of the order of times, and
// no more, is then part of what makes one run another.
void ReplicaView::expire(std::span<const RegionId> regions) {
  Simulation& simulation = world_.simulation();
  struct Due {
    Deadline moment;
    RegionId region;
    TagId tag;
  };
  std::vector<Due> due;
  for (const RegionId region : regions) {
    const Replica& replica = replicas_[index(region)];
    const std::size_t tags = std::min(replica.tags.size(), std::max(shared_.size(), replica.cache.size()));
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
      const Remembered* entry = answering(region, static_cast<TagId>(tag));
      if (entry == nullptr || !simulation.passed(entry->expires)) continue;
      const auto place = std::find_if(due.begin(), due.end(), [&](const Due& other) {
        return together_ ? simulation.before(entry->expires, other.moment) : entry->expires.at < other.moment.at;
      });
      due.insert(place, {entry->expires, region, static_cast<TagId>(tag)});
    }
  }
  for (const Due& one : due) refresh(one.moment, one.region, one.tag);
}

ReplicaView::Remembered& ReplicaView::remembered(RegionId owner, TagId tag) {
  return at_or_grow(owner == RegionId::none ? shared_ : replicas_[index(owner)].cache, index(tag));
}

Deadline ReplicaView::moment_of(Instant at) const {
  Deadline moment = world_.simulation().deadline(Duration{});
  moment.at = at;
  return moment;
}

void ReplicaView::refresh_owner(const Deadline& moment, RegionId owner, TagId tag) {
  if (owner != RegionId::none) {
    refresh(moment, owner, tag);
  } else {
    for (const RegionId member : members_) refresh(moment, member, tag);
  }
}

bool ReplicaView::is_live(const Remembered& entry, Instant at) const {
  return world_.simulation().has_chooser() ? !world_.simulation().passed(entry.expires) : entry.expires.at > at;
}

TagAnswer ReplicaView::answer_from(RegionId region, TagId tag, ManifestId manifest, CommitId commit) const {
  TagAnswer answer{manifest, commit, false};
  answer.complete = manifest != ManifestId::none &&
                    holds_closure(region, world_.names().repository_of(tag), manifest);
  const bool hides = world_.settings().registry.missing_blobs.kind == MissingKind::manifest_unknown;
  if (hides && !answer.complete) answer.manifest = ManifestId::none;
  return answer;
}

TagAnswer ReplicaView::stored_answer(RegionId region, TagId tag) const {
  const TagState& stored = replicas_[index(region)].tags[index(tag)];
  const bool has = stored.stored != ManifestId::none &&
                   has_manifest(region, world_.names().repository_of(tag), stored.stored);
  return answer_from(region, tag, has ? stored.stored : ManifestId::none, stored.commit);
}

TagAnswer ReplicaView::answer_of(RegionId region, TagId tag, Instant at) const {
  for (const std::vector<Remembered>* cache : {&shared_, &replicas_[index(region)].cache}) {
    if (index(tag) >= cache->size() || !(*cache)[index(tag)].present) continue;
    const Remembered& entry = (*cache)[index(tag)];
    // Where the storage answers alike it makes no difference to a search whether the entry is still there.
    const bool same = world_.simulation().has_chooser() &&
                      answer_from(region, tag, entry.manifest, entry.commit) == stored_answer(region, tag);
    if (same || is_live(entry, at)) return answer_from(region, tag, entry.manifest, entry.commit);
  }
  return stored_answer(region, tag);
}

void ReplicaView::refresh(const Deadline& moment, RegionId region, TagId tag) {
  Replica& replica = replicas_[index(region)];
  const TagAnswer before = at_or_grow(replica.tags, index(tag)).answer;
  TagState& state = replica.tags[index(tag)];
  const RepositoryId repository = world_.names().repository_of(tag);
  state.answer = answer_of(region, tag, moment.at);
  state.stored_whole = state.stored != ManifestId::none &&
                       has_manifest(region, repository, state.stored) &&
                       holds_closure(region, repository, state.stored);
  if (state.stored_whole) state.held = true;
  const bool settled = (state.stored == ManifestId::none || state.stored_whole) &&
                       (state.answer.manifest == ManifestId::none || state.answer.complete);
  const auto listed = std::find(replica.unsettled.begin(), replica.unsettled.end(), tag);
  if (settled && listed != replica.unsettled.end()) replica.unsettled.erase(listed);
  if (!settled && listed == replica.unsettled.end()) replica.unsettled.push_back(tag);
  if (state.answer != before) {
    const AnswerChange change{moment, region, tag, before, state.answer};
    for (const auto& listener : answer_listeners_) listener(change);
  }
  for (const auto& listener : update_listeners_) listener(moment, region, tag);
}

void ReplicaView::refresh_unsettled(Instant at, RegionId region) {
  const std::vector<TagId> tags = replicas_[index(region)].unsettled;
  for (const TagId tag : tags) refresh(moment_of(at), region, tag);
}

// Removals are rare, so everything is looked at again.
void ReplicaView::refresh_all(Instant at, RegionId region) {
  const std::size_t tags = replicas_[index(region)].tags.size();
  for (std::uint32_t tag = 0; tag < tags; ++tag) {
    const TagState& state = replicas_[index(region)].tags[tag];
    if (state.commit != CommitId::none || state.answer.manifest != ManifestId::none)
      refresh(moment_of(at), region, static_cast<TagId>(tag));
  }
}

const ReplicaView::TagState& ReplicaView::state(RegionId region, TagId tag) const {
  static const TagState nothing;
  const Replica& replica = replicas_[index(region)];
  return index(tag) < replica.tags.size() ? replica.tags[index(tag)] : nothing;
}

bool ReplicaView::has_manifest(RegionId region, RepositoryId repository,
                               ManifestId manifest) const {
  const auto& manifests = replicas_[index(region)].manifests;
  return index(repository) < manifests.size() &&
         index(manifest) < manifests[index(repository)].size() &&
         manifests[index(repository)][index(manifest)] != 0;
}

bool ReplicaView::has_blob(RegionId region, BlobId blob) const {
  const auto& blobs = replicas_[index(region)].blobs;
  return index(blob) < blobs.size() && blobs[index(blob)] != 0;
}

bool ReplicaView::holds_closure(RegionId region, RepositoryId repository,
                                ManifestId manifest) const {
  const Manifest& content = world_.content().manifest(manifest);
  return std::all_of(content.blobs.begin(), content.blobs.end(),
                     [&](BlobId blob) { return has_blob(region, blob); }) &&
         std::all_of(content.entries.begin(), content.entries.end(), [&](const IndexEntry& entry) {
           return has_manifest(region, repository, entry.manifest) &&
                  holds_closure(region, repository, entry.manifest);
         });
}

TagAnswer ReplicaView::pulled(RegionId region, TagId tag) const {
  const auto remembers = [&](const std::vector<Remembered>& cache) {
    return index(tag) < cache.size() && cache[index(tag)].present &&
           cache[index(tag)].expires.at > world_.simulation().now();
  };
  TagAnswer answer = state(region, tag).answer;
  const bool asks_others =
      world_.settings().registry.missing_manifest.kind == MissingKind::fetch_from_origin;
  if (answer.manifest == ManifestId::none && asks_others && !remembers(shared_) &&
      !remembers(replicas_[index(region)].cache)) {
    Duration least = Duration::max();
    for (const RegionId other : members_) {
      const TagState& there = state(other, tag);
      if (other == region || !alive(other) || there.stored == ManifestId::none ||
          !world_.network().reachable(region, other) ||
          world_.network().round_trip(region, other) >= least)
        continue;
      least = world_.network().round_trip(region, other);
      answer.manifest = there.stored;
      answer.commit = there.commit;
    }
  }
  const bool whole = answer.manifest != ManifestId::none &&
                     readable(region, world_.names().repository_of(tag), answer.manifest);
  return whole ? answer : TagAnswer{};
}

bool ReplicaView::readable(RegionId region, RepositoryId repository, ManifestId manifest) const {
  const RegistrySpec& spec = world_.settings().registry;
  const auto elsewhere = [&](const auto& has) {
    world_.simulation().note_read(observed::membership);
    for (const RegionId other : members_) world_.simulation().note_read(observed::replica(other));
    return std::any_of(members_.begin(), members_.end(), [&](RegionId other) {
      return other != region && alive(other) && has(other);
    });
  };
  const Manifest& content = world_.content().manifest(manifest);
  const bool fetches_blobs = spec.missing_blobs.kind == MissingKind::fetch_from_origin;
  const bool fetches_manifests = spec.missing_manifest.kind == MissingKind::fetch_from_origin;
  for (const BlobId blob : content.blobs) {
    const auto has = [&](RegionId other) { return has_blob(other, blob); };
    if (!has(region) && !(fetches_blobs && elsewhere(has))) return false;
  }
  for (const IndexEntry& entry : content.entries) {
    const auto has = [&](RegionId other) { return has_manifest(other, repository, entry.manifest); };
    if (!has(region) && !(fetches_manifests && elsewhere(has))) return false;
    if (!readable(region, repository, entry.manifest)) return false;
  }
  return true;
}

}  // namespace georep
