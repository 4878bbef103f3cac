// The manifest cache of a replica, or the one that all replicas share: answers by tag and by digest, each good for a time to live that
// counts from its fill. It was put there for hundreds of machines that poll every second; see docs/model.md for its rules.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/facts/fact_bus.hpp"
#include "models/registry/cache_policy.hpp"
#include "models/registry/ids.hpp"
#include "models/registry/names.hpp"
#include "models/registry/spec.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

class ManifestCache {
 public:
  /// `region`: whose cache it is; none for the one that all replicas share. `spec` may change during a run; its policy is
  /// taken anew by `settings_changed`.
  ManifestCache(Simulation& simulation, FactBus& facts, const Names& names,
                const ManifestCacheSpec& spec, CacheTier tier, RegionId region);

  CacheTier tier() const { return tier_; }
  const ManifestCacheSpec& settings() const { return spec_; }
  /// Whether all replicas ask this one.
  bool is_shared() const { return region_ == RegionId::none; }

  void settings_changed();

  /// A remembered answer: a manifest, or none for a remembered "unknown".
  struct Answer {
    ManifestId manifest = ManifestId::none;
    CommitId commit = CommitId::none;
  };

  /// What a key is: a tag, or a manifest's digest where the tag is none.
  struct Key {
    TagId tag = TagId::none;
    ManifestId manifest = ManifestId::none;
  };

  /// The remembered answer, unless there is none or it has reached its time to live.
  std::optional<Answer> lookup(Key key);

  /// How often the key was invalidated: what a leased fill compares.
  std::uint32_t generation(Key key);

  /// Remembers what a read brought that began at `generation`, for as long as the policy says.
  void fill(Key key, Answer answer, std::uint32_t generation);

  /// Tells the policy, which may evict what is remembered under the key.
  void happened(Key key, CacheEvent event);

  /// Evicts what is remembered under the key.
  void invalidate(Key key, EvictionCause cause);

  /// Evicts everything: the cache does not survive a crash.
  void clear(EvictionCause cause);

  /// Forgets everything, for the next run.
  void reset();

 private:
  struct Entry {
    Answer answer;
    Deadline expires;
    std::uint32_t generation = 0;
    bool present = false;
  };
  Entry* find(Key key);
  Entry& find_or_add(Key key);
  void evict(Key key, Entry& entry, EvictionCause cause);
  SharedObject object(Key key) const;
  CacheKey asked(Key key) const { return {names_, key.tag}; }
  void note_question();

  Simulation& simulation_;
  FactBus& facts_;
  const Names& names_;
  const ManifestCacheSpec& spec_;
  CacheTier tier_;
  RegionId region_;
  std::string policy_name_;
  std::unique_ptr<CachePolicy> policy_;
  std::vector<Entry> by_tag_;
  std::vector<Entry> by_manifest_;
};

}  // namespace georep
