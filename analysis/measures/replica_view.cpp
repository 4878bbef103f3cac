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
    remembered(fact.tier, fact.replica, fact.tag) =
        Remembered{true, fact.manifest, fact.commit, fact.expires};
    for (std::uint32_t region = 0; region < replicas_.size(); ++region)
      if (fact.replica == RegionId::none || index(fact.replica) == region)
        at_or_grow(replicas_[region].expired[static_cast<std::size_t>(fact.tier)], index(fact.tag)) = 0;
    expiries_.push(Expiry{fact.expires.at, sequence_++, fact.tier, fact.replica, fact.tag});
    refresh_owner(moment_of(fact.at), fact.replica, fact.tag);
  });
  facts.subscribe<CacheEvicted>([this](const CacheEvicted& fact) {
    heard(fact.at, fact.replica);
    if (fact.tag == TagId::none) return;
    remembered(fact.tier, fact.replica, fact.tag).present = false;
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
  Replica& added = replicas_[index(fact.replica)];
  added.empty();
  added.alive = world_.registry().replica(fact.replica)->alive;
  added.joined = moment_of(fact.at);
}

void ReplicaView::Replica::empty() {
  std::fill(tags.begin(), tags.end(), TagState{});
  for (auto& cache : caches) std::fill(cache.begin(), cache.end(), Remembered{});
  for (auto& tier : expired) std::fill(tier.begin(), tier.end(), std::uint8_t{0});
  for (auto& repository : manifests) std::fill(repository.begin(), repository.end(), std::uint8_t{0});
  std::fill(blobs.begin(), blobs.end(), std::uint8_t{0});
  unsettled.clear();
}

void ReplicaView::reset() {
  for (Replica& replica : replicas_) {
    replica.empty();
    replica.alive = true;
    replica.joined.reset();
  }
  for (auto& cache : shared_) std::fill(cache.begin(), cache.end(), Remembered{});
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
    Remembered& entry = remembered(expiry.tier, expiry.owner, expiry.tag);
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

bool ReplicaView::is_known_expired(RegionId region, std::size_t tier, TagId tag) const {
  const auto& expired = replicas_[index(region)].expired[tier];
  return index(tag) < expired.size() && expired[index(tag)] != 0;
}

ReplicaView::Entries ReplicaView::entries(RegionId region, TagId tag) const {
  Entries found{};
  for (std::size_t tier = 0; tier < found.size(); ++tier)
    for (const std::vector<Remembered>* cache : {&replicas_[index(region)].caches[tier], &shared_[tier]})
      if (index(tag) < cache->size() && (*cache)[index(tag)].present && !is_known_expired(region, tier, tag))
        found[tier] = &(*cache)[index(tag)];
  return found;
}

// Whether the replica would answer otherwise without an entry, now or when what is behind it has expired too.
bool ReplicaView::makes_a_difference(RegionId region, TagId tag, const Entries& entries, std::size_t place) const {
  const auto answer = [&](const Remembered& entry) { return answer_from(region, tag, entry.manifest, entry.commit); };
  const TagAnswer with = answer(*entries[place]);
  for (std::size_t behind = place + 1; behind < entries.size(); ++behind)
    if (entries[behind] != nullptr && answer(*entries[behind]) != with) return true;
  return stored_answer(region, tag) != with;
}

// What the caches hold of a tag that has become too old by now, each with what the replica answers from then on.
void ReplicaView::add_expired(RegionId region, TagId tag, std::vector<Expired>& expired) {
  Simulation& simulation = world_.simulation();
  Replica& replica = replicas_[index(region)];
  const TagAnswer stored = stored_answer(region, tag);
  TagAnswer answer = replica.tags[index(tag)].answer;
  const Entries found = entries(region, tag);
  for (std::size_t place = 0; place < found.size(); ++place) {
    if (found[place] == nullptr) continue;
    if (!makes_a_difference(region, tag, found, place) || !simulation.passed(found[place]->expires)) return;
    at_or_grow(replica.expired[place], index(tag)) = 1;
    TagAnswer after = stored;
    for (std::size_t behind = found.size(); --behind > place;)
      if (found[behind] != nullptr && (!simulation.passed(found[behind]->expires) ||
                                       simulation.before(found[place]->expires, found[behind]->expires)))
        after = answer_from(region, tag, found[behind]->manifest, found[behind]->commit);
    if (after == answer) continue;
    const Expired one{found[place]->expires, region, tag, after};
    const auto later = std::find_if(expired.begin(), expired.end(), [&](const Expired& other) {
      return together_ ? simulation.before(one.moment, other.moment) : one.moment.at < other.moment.at;
    });
    expired.insert(later, one);
    answer = after;
  }
}

// In a search a replica's answers expire when something happens there, and only where that makes a difference: so much of the order of times, and
// no more, is then part of what makes one run another.
void ReplicaView::expire(std::span<const RegionId> regions) {
  std::vector<Expired> expired;
  for (const RegionId region : regions)
    for (std::uint32_t tag = 0; tag < replicas_[index(region)].tags.size(); ++tag)
      add_expired(region, static_cast<TagId>(tag), expired);
  for (const Expired& one : expired) settle(one.moment, one.region, one.tag, one.after);
}

ReplicaView::Remembered& ReplicaView::remembered(CacheTier tier, RegionId owner, TagId tag) {
  const auto place = static_cast<std::size_t>(tier);
  return at_or_grow(owner == RegionId::none ? shared_[place] : replicas_[index(owner)].caches[place], index(tag));
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
  const Entries found = entries(region, tag);
  for (std::size_t place = 0; place < found.size(); ++place) {
    if (found[place] == nullptr) continue;
    // Where all that is behind it answers alike it makes no difference to a search whether the entry is still there.
    const bool same = world_.simulation().has_chooser() && !makes_a_difference(region, tag, found, place);
    if (same || is_live(*found[place], at))
      return answer_from(region, tag, found[place]->manifest, found[place]->commit);
  }
  return stored_answer(region, tag);
}

void ReplicaView::refresh(const Deadline& moment, RegionId region, TagId tag) {
  at_or_grow(replicas_[index(region)].tags, index(tag));
  settle(moment, region, tag, answer_of(region, tag, moment.at));
}

void ReplicaView::settle(const Deadline& moment, RegionId region, TagId tag, const TagAnswer& answer) {
  Replica& replica = replicas_[index(region)];
  const TagAnswer before = replica.tags[index(tag)].answer;
  TagState& state = replica.tags[index(tag)];
  const RepositoryId repository = world_.names().repository_of(tag);
  state.answer = answer;
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
  const Entries found = entries(region, tag);
  const bool remembers = std::any_of(found.begin(), found.end(), [&](const Remembered* entry) {
    return entry != nullptr && entry->expires.at > world_.simulation().now();
  });
  TagAnswer answer = state(region, tag).answer;
  const bool asks_others =
      world_.settings().registry.missing_manifest.kind == MissingKind::fetch_from_origin;
  if (answer.manifest == ManifestId::none && asks_others && !remembers) {
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
