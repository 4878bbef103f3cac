#include "models/registry/manifest_cache.hpp"

#include <algorithm>

#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

// Whoever empties a cache goes by all of its keys; whoever touches one goes by none of the others.
SharedObject keys_of(RegionId region, CacheTier tier) {
  return shared::object(shared::Kind::cached_keys, region, static_cast<std::uint64_t>(tier));
}

}  // namespace

ManifestCache::ManifestCache(Simulation& simulation, FactBus& facts, const Names& names,
                             const ManifestCacheSpec& spec, CacheTier tier, RegionId region)
    : simulation_{simulation}, facts_{facts}, names_{names}, spec_{spec}, tier_{tier}, region_{region} {
  settings_changed();
}

void ManifestCache::settings_changed() {
  if (policy_name_ == spec_.policy) return;
  policy_name_ = spec_.policy;
  policy_ = make_cache_policy(policy_name_);
  GEOREP_ASSERT(policy_ != nullptr, "a scenario's cache policy was found when it was read");
}

// What a policy with a memory answers depends on every question before.
void ManifestCache::note_question() {
  if (policy_->has_state())
    simulation_.note_write(
        shared::object(shared::Kind::cache_policy, region_, static_cast<std::uint64_t>(tier_)));
}

SharedObject ManifestCache::object(Key key) const {
  const bool parent = tier_ == CacheTier::parent_cache;
  return key.tag != TagId::none
             ? shared::object(parent ? shared::Kind::parent_cached_tag : shared::Kind::cached_tag, region_,
                              index(key.tag))
             : shared::object(parent ? shared::Kind::parent_cached_manifest : shared::Kind::cached_manifest,
                              region_, index(key.manifest));
}

ManifestCache::Entry* ManifestCache::find(Key key) {
  std::vector<Entry>& entries = key.tag != TagId::none ? by_tag_ : by_manifest_;
  const std::uint32_t place = key.tag != TagId::none ? index(key.tag) : index(key.manifest);
  return place < entries.size() ? &entries[place] : nullptr;
}

ManifestCache::Entry& ManifestCache::find_or_add(Key key) {
  std::vector<Entry>& entries = key.tag != TagId::none ? by_tag_ : by_manifest_;
  const std::uint32_t place = key.tag != TagId::none ? index(key.tag) : index(key.manifest);
  if (place >= entries.size()) entries.resize(static_cast<std::size_t>(place) + 1);
  return entries[place];
}

std::optional<ManifestCache::Answer> ManifestCache::lookup(Key key) {
  simulation_.note_read(object(key));
  const Entry* entry = find(key);
  const bool hit = entry != nullptr && entry->present && !simulation_.passed(entry->expires);
  if (!hit) return std::nullopt;
  return entry->answer;
}

std::uint32_t ManifestCache::generation(Key key) {
  simulation_.note_read(object(key));
  const Entry* entry = find(key);
  return entry == nullptr ? 0 : entry->generation;
}

void ManifestCache::fill(Key key, Answer answer, std::uint32_t generation) {
  note_question();
  const CacheFillRequest request{asked(key), answer.manifest != ManifestId::none,
                                 this->generation(key) != generation};
  const Duration life = policy_->time_to_live(request, spec_);
  if (life > Duration{} || request.asked_whether_invalidated()) simulation_.note_write(object(key));
  if (life <= Duration{}) return;
  simulation_.note_read(keys_of(region_, tier_));
  Entry& entry = find_or_add(key);
  entry.answer = answer;
  entry.expires = simulation_.deadline(life);
  entry.present = true;
  facts_.tell([&] {
    return CacheFilled{simulation_.now(), tier_,         region_,
                       key.tag,           key.tag == TagId::none ? key.manifest : answer.manifest,
                       answer.commit,     entry.expires};
  });
}

void ManifestCache::evict(Key key, Entry& entry, EvictionCause cause) {
  if (!entry.present) return;
  entry.present = false;
  facts_.tell([&] {
    return CacheEvicted{simulation_.now(), tier_, region_, key.tag, entry.answer.manifest, cause};
  });
}

void ManifestCache::happened(Key key, CacheEvent event) {
  note_question();
  if (!policy_->evicts(asked(key), event, spec_)) return;
  switch (event) {
    case CacheEvent::push: return invalidate(key, EvictionCause::push);
    case CacheEvent::removal: return invalidate(key, EvictionCause::removal);
    case CacheEvent::replication:
    case CacheEvent::invalidation: return invalidate(key, EvictionCause::replication);
  }
}

void ManifestCache::invalidate(Key key, EvictionCause cause) {
  simulation_.note_read(keys_of(region_, tier_));
  simulation_.note_write(object(key));
  Entry& entry = find_or_add(key);
  ++entry.generation;
  evict(key, entry, cause);
}

void ManifestCache::clear(EvictionCause cause) {
  simulation_.note_write(keys_of(region_, tier_));
  for (std::uint32_t tag = 0; tag < by_tag_.size(); ++tag)
    if (by_tag_[tag].present)
      invalidate(Key{static_cast<TagId>(tag), ManifestId::none}, cause);
  for (std::uint32_t manifest = 0; manifest < by_manifest_.size(); ++manifest)
    if (by_manifest_[manifest].present)
      invalidate(Key{TagId::none, static_cast<ManifestId>(manifest)}, cause);
}

void ManifestCache::reset() {
  std::fill(by_tag_.begin(), by_tag_.end(), Entry{});
  std::fill(by_manifest_.begin(), by_manifest_.end(), Entry{});
  policy_->reset();
}

}  // namespace georep
