#include "analysis/measures/replica_view.hpp"

#include <algorithm>

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
    refresh(fact.at, fact.replica, fact.tag);
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
        Remembered{true, fact.manifest, fact.commit, fact.expires_at};
    expiries_.push(Expiry{fact.expires_at, sequence_++, fact.replica, fact.tag});
    refresh_owner(fact.at, fact.replica, fact.tag);
  });
  facts.subscribe<CacheEvicted>([this](const CacheEvicted& fact) {
    heard(fact.at, fact.replica);
    if (fact.tag == TagId::none) return;
    remembered(fact.replica, fact.tag).present = false;
    refresh_owner(fact.at, fact.replica, fact.tag);
  });
  facts.subscribe<HealthChanged>([this](const HealthChanged& fact) {
    heard(fact.at, fact.replica);
    replicas_[index(fact.replica)].alive = fact.alive;
  });
  facts.subscribe<MembershipChanged>([this](const MembershipChanged& fact) { set_membership(fact); });
}

// What a replica answers depends on the order of all that changes there, of which the models need not know: a search has to.
void ReplicaView::heard(Instant at, RegionId replica) {
  constexpr std::uint8_t seen_from_outside = 64;
  world_.simulation().note_write(SharedObject::of(seen_from_outside, index(replica), 0));
  advance(at);
}

void ReplicaView::set_membership(const MembershipChanged& fact) {
  advance(fact.at);
  std::erase(members_, fact.replica);
  if (!fact.present) return;
  members_.push_back(fact.replica);
  replicas_[index(fact.replica)].joined_at = fact.at;
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
    replica.joined_at = Instant{};
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
    if (!entry.present || entry.expires_at != expiry.at) continue;
    entry.present = false;
    refresh_owner(expiry.at, expiry.owner, expiry.tag);
  }
}

ReplicaView::Remembered& ReplicaView::remembered(RegionId owner, TagId tag) {
  return at_or_grow(owner == RegionId::none ? shared_ : replicas_[index(owner)].cache, index(tag));
}

void ReplicaView::refresh_owner(Instant at, RegionId owner, TagId tag) {
  if (owner != RegionId::none) {
    refresh(at, owner, tag);
  } else {
    for (const RegionId member : members_) refresh(at, member, tag);
  }
}

TagAnswer ReplicaView::answer_of(const Replica& replica, RegionId region, TagId tag,
                                 Instant at) const {
  const RepositoryId repository = world_.names().repository_of(tag);
  const auto live = [&](const std::vector<Remembered>& cache) {
    return index(tag) < cache.size() && cache[index(tag)].present &&
           cache[index(tag)].expires_at > at;
  };
  TagAnswer answer;
  if (live(shared_) || live(replica.cache)) {
    const Remembered& entry = live(shared_) ? shared_[index(tag)] : replica.cache[index(tag)];
    answer.manifest = entry.manifest;
    answer.commit = entry.commit;
  } else {
    const TagState& stored = replica.tags[index(tag)];
    answer.commit = stored.commit;
    if (stored.stored != ManifestId::none && has_manifest(region, repository, stored.stored))
      answer.manifest = stored.stored;
  }
  answer.complete = answer.manifest != ManifestId::none &&
                    holds_closure(region, repository, answer.manifest);
  const bool hides = world_.settings().registry.missing_blobs.kind == MissingKind::manifest_unknown;
  if (hides && !answer.complete) answer.manifest = ManifestId::none;
  return answer;
}

void ReplicaView::refresh(Instant at, RegionId region, TagId tag) {
  Replica& replica = replicas_[index(region)];
  const TagAnswer before = at_or_grow(replica.tags, index(tag)).answer;
  TagState& state = replica.tags[index(tag)];
  const RepositoryId repository = world_.names().repository_of(tag);
  state.answer = answer_of(replica, region, tag, at);
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
    const AnswerChange change{at, region, tag, before, state.answer};
    for (const auto& listener : answer_listeners_) listener(change);
  }
  for (const auto& listener : update_listeners_) listener(at, region, tag);
}

void ReplicaView::refresh_unsettled(Instant at, RegionId region) {
  const std::vector<TagId> tags = replicas_[index(region)].unsettled;
  for (const TagId tag : tags) refresh(at, region, tag);
}

// Removals are rare, so everything is looked at again.
void ReplicaView::refresh_all(Instant at, RegionId region) {
  const std::size_t tags = replicas_[index(region)].tags.size();
  for (std::uint32_t tag = 0; tag < tags; ++tag) {
    const TagState& state = replicas_[index(region)].tags[tag];
    if (state.commit != CommitId::none || state.answer.manifest != ManifestId::none)
      refresh(at, region, static_cast<TagId>(tag));
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
    return index(tag) < cache.size() && cache[index(tag)].present;
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
