// What decides about a cache of manifest answers: how long an answer is remembered, and what evicts it. The standard policy follows the
// scenario's settings. Policies of one's own are written against this interface; docs/own-logic.md shows how.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/registry/names.hpp"
#include "models/registry/spec.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

/// Whose answer a cache keeps: that of a tag, or that of a digest.
struct CacheKey {
  const Names& names;
  TagId id = TagId::none;

  bool is_tag() const { return id != TagId::none; }
  /// `repository:tag`; only of a tag.
  std::string tag() const { return names.text(id); }
  /// Only of a tag.
  const std::string& repository() const { return names.repository_name(names.repository_of(id)); }
};

/// An answer that storage gave, as the cache is asked to remember it.
class CacheFillRequest {
 public:
  CacheFillRequest(const CacheKey& key, bool known, bool invalidated)
      : key_{key}, known_{known}, invalidated_{invalidated} {}

  const CacheKey& key() const { return key_; }
  /// False: the answer was that there is no such manifest.
  bool known() const { return known_; }
  /// Whether the key was invalidated since the read began. A search takes it that the order of the two matters where this is asked.
  bool invalidated() const {
    asked_ = true;
    return invalidated_;
  }
  bool asked_whether_invalidated() const { return asked_; }

 private:
  CacheKey key_;
  bool known_;
  bool invalidated_;
  mutable bool asked_ = false;
};

/// What happened at the cache's replica to what a key stands for.
enum class CacheEvent : std::uint8_t {
  push,         ///< a client pushed the tag here, or a manifest that was not there
  removal,      ///< a client removed the tag or the manifest here
  replication,  ///< replication made the tag point elsewhere here, or removed it, or brought the manifest
  invalidation  ///< replication's `invalidate` step reached this replica, or a manifest came by an order that has it
};

class CachePolicy {
 public:
  virtual ~CachePolicy() = default;

  /// Before each run.
  virtual void reset() {}

  /// How long an answer is remembered, from now on; zero: not at all. `settings` is what the scenario says of the cache.
  virtual Duration time_to_live(const CacheFillRequest& request,
                                const ManifestCacheSpec& settings) = 0;

  /// Whether the entry of the key goes, if there is one. Also ends the lease of every read under way, where it is true.
  virtual bool evicts(const CacheKey& key, CacheEvent event, const ManifestCacheSpec& settings) = 0;

  /// Whether an answer depends on what was asked before, and not on the arguments alone. A search of schedules then tries both
  /// orders of any two questions; false where that is not so misses some.
  virtual bool has_state() const { return false; }
};

/// Makes a scenario's `manifest_cache: {policy: NAME}` mean this policy: one object a cache, so that caches share nothing.
/// Before any scenario is read; a name once.
using MakeCachePolicy = std::unique_ptr<CachePolicy> (*)();
void add_cache_policy(const std::string& name, MakeCachePolicy make);

/// The policy of that name; null where there is none.
std::unique_ptr<CachePolicy> make_cache_policy(const std::string& name);

/// `standard`, then the others in the order in which they were added.
std::vector<std::string> cache_policy_names();

}  // namespace georep
