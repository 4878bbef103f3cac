// What two events of the models may both touch, as the kernel's access notes name it.
#pragma once

#include "models/network/ids.hpp"
#include "models/registry/ids.hpp"
#include "sim/kernel/choice.hpp"

namespace georep::shared {

enum class Kind : std::uint8_t {
  tag = 1,
  manifest,
  blob,
  cached_tag,
  cached_manifest,
  cache_policy,
  storage_queue,
  replication_queue,
  replication_policy,
  request_limit,
  dns_record,
  health,
  host_store,
  link,
  clock,        ///< a hybrid logical clock
  commits,
  kept_answer,  ///< what a host's resolver keeps
  copy_of_blob,  ///< whether a blob is on its way to a replica
  parent_cached_tag,
  parent_cached_manifest,
  conditions,
  cached_keys,    ///< which keys a cache remembers something under
  deployments,    ///< those that wait for replication or a webhook
  node,           ///< what a cluster's node runs, pulls and remembers
  webhook_queue,
  operation,      ///< whether it has ended
  untagged,       ///< whether a manifest is there without a name, and since when
  references,     ///< to a blob: whoever adds one or takes one away reads, whoever counts them writes
};

constexpr SharedObject object(Kind kind, RegionId owner, std::uint64_t id) {
  return SharedObject::of(static_cast<std::uint8_t>(kind), index(owner), id);
}

/// Which changes have been committed, anywhere.
inline constexpr SharedObject all_commits = object(Kind::commits, RegionId{0}, 0);
/// Settings, links, members, and what is failed of them: whatever goes by these does not note that it does, so that a search has to take it of every event.
inline constexpr SharedObject conditions = object(Kind::conditions, RegionId{0}, 0);

}  // namespace georep::shared
