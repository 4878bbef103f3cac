// The facts: what happened in the simulated world, as typed records, each told once, at the place where it happens. All that counts,
// checks, draws or explains observes facts and reaches back into no model.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "models/network/ids.hpp"
#include "models/registry/error_code.hpp"
#include "models/registry/ids.hpp"
#include "models/registry/stamp.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

enum class OperationKind : std::uint8_t { push, pull, poll, retag, untag, remove };

/// An index into the run's operations; those of workloads have none.
enum class OperationId : std::uint32_t { none = 0xFFFF'FFFF };

// ---- Clients -------------------------------------------------------------------------------------------------

/// An operation began at its host.
struct OperationStarted {
  Instant at;
  OperationId operation;
  OperationKind kind;
  HostId host;
  TagId tag;  ///< none for one by digest
};

/// One attempt of an operation failed; it may be retried.
struct AttemptFailed {
  Instant at;
  OperationId operation;
  OperationKind kind;
  HostId host;
  RegionId replica;  ///< the last that was asked; none where routing had no answer
  TagId tag;
  ErrorCode code;
};

/// An operation ended: well, with content, or failed for good.
struct OperationEnded {
  Instant at;
  Deadline started;
  OperationId operation;
  OperationKind kind;
  HostId host;
  RegionId replica;
  TagId tag;
  std::uint32_t attempts;
  std::optional<ErrorCode> error;
  ManifestId manifest;  ///< what was pushed or pulled; none where there is nothing to name
};

/// A host asked for a manifest and has the answer.
struct ManifestAnswered {
  Instant at;            ///< when the host has it
  Deadline requested;    ///< when the host asked
  Deadline formed;       ///< when the replica formed it
  OperationKind kind;
  HostId host;
  RegionId replica;
  TagId tag;            ///< none when asked by digest
  ManifestId manifest;  ///< none when it is an error
  CommitId commit;      ///< the change that put the manifest there; none by digest
  std::optional<ErrorCode> error;
  bool cached;
};

/// A replica answered that it lacks a blob.
struct BlobRefused {
  Instant at;
  HostId host;
  RegionId replica;
  BlobId blob;
};

/// A replica told a host that pushes that it has a blob: found there, or just uploaded.
struct BlobPromised {
  Instant at;
  HostId host;
  RegionId replica;
  BlobId blob;
};

// ---- Registry ------------------------------------------------------------------------------------------------

enum class ChangeKind : std::uint8_t { push, retag, untag, remove };

/// A replica accepted a change from a client.
struct ChangeCommitted {
  Instant at;
  CommitId commit;
  ChangeKind kind;
  RegionId replica;
  HostId host;
  TagId tag;            ///< none for a deletion by digest
  ManifestId manifest;  ///< what the tag was pointed at, or what was removed
  Stamp stamp;
};

/// A change was judged at a replica, local or replicated: it moved the tag, or lost.
struct TagApplied {
  Instant at;
  RegionId replica;
  TagId tag;
  CommitId commit;
  ManifestId manifest;  ///< what the tag points at now; none when it points at nothing
  bool moved;           ///< false: the change lost against a later stamp or a tombstone
  bool local;
};

struct ManifestStored {
  Instant at;
  RegionId replica;
  RepositoryId repository;
  ManifestId manifest;
};
struct ManifestRemoved {
  Instant at;
  RegionId replica;
  RepositoryId repository;
  ManifestId manifest;
};
struct BlobStored {
  Instant at;
  RegionId replica;
  BlobId blob;
};
struct BlobRemoved {
  Instant at;
  RegionId replica;
  BlobId blob;
};

/// Which of a replica's caches: that of `manifest_cache`, or that of `parent_cache`, which the first asks on a miss.
enum class CacheTier : std::uint8_t { manifest_cache, parent_cache };

/// What a cache holds under a key (a tag, or a manifest's digest) changed.
struct CacheFilled {
  Instant at;
  CacheTier tier;
  RegionId replica;  ///< whose cache; none for the one that all share
  TagId tag;         ///< none for an entry by digest
  ManifestId manifest;  ///< none for a remembered "unknown"
  CommitId commit;
  Deadline expires;
};
enum class EvictionCause : std::uint8_t { push, removal, replication, expiry, crash, settings };
struct CacheEvicted {
  Instant at;
  CacheTier tier;
  RegionId replica;
  TagId tag;
  ManifestId manifest;  ///< what the entry held
  EvictionCause cause;
};

/// A request for a manifest was looked up in a cache.
struct CacheLookedUp {
  Instant at;
  CacheTier tier;
  RegionId replica;
  bool hit;
  TagId tag;  ///< none when asked by digest
  // Of a hit:
  ManifestId manifest;  ///< none for a remembered "unknown"
  CommitId commit;
};

/// The `invalidate` step of a change was carried out at a replica, whether or not there was anything to evict.
struct InvalidationApplied {
  Instant at;
  RegionId replica;
  CommitId commit;
  TagId tag;  ///< none for a deletion by digest
};

/// A server of the storage took a manifest request, and reads its value now.
struct StorageTaken {
  Instant at;
  Deadline queued;  ///< when the request came
  RegionId replica;
  TagId tag;  ///< none when asked by digest
};

/// The storage served a manifest request.
struct StorageServed {
  Instant at;  ///< when it was done
  RegionId replica;
  TagId tag;
  Duration wait;
  Duration service;
};

/// A region got a replica in mid-run, or lost the one that it had.
struct MembershipChanged {
  Instant at;
  RegionId replica;
  bool present;
};

/// A replica that was added holds all that there was when it was added.
struct ReplicaSynced {
  Instant at;
  RegionId replica;
};

/// A replica stopped answering, or answers again.
struct HealthChanged {
  Instant at;
  RegionId replica;
  bool alive;
};

// ---- Replication ---------------------------------------------------------------------------------------------

struct ReplicationQueued {
  Instant at;
  CommitId commit;
  RegionId source;
  RegionId destination;
  std::uint32_t depth;  ///< changes waiting for that destination, this one included
};
struct ReplicationStarted {
  Instant at;
  CommitId commit;
  RegionId source;
  RegionId destination;
  std::uint32_t depth;
};
struct ReplicationFailed {
  Instant at;
  CommitId commit;
  RegionId source;
  RegionId destination;
};
/// The last record of the change was applied at the destination.
struct ReplicationDone {
  Instant at;
  CommitId commit;
  RegionId source;
  RegionId destination;
  bool invalidates;  ///< whether its steps had an invalidation among them
};

// ---- Webhooks ------------------------------------------------------------------------------------------------

struct WebhookFired {
  Instant at;
  std::uint32_t webhook;  ///< index into the plan's webhooks
  std::uint64_t event;
  ChangeKind kind;
  CommitId commit;  ///< the change that it tells of
  TagId tag;
  ManifestId manifest;
};
struct WebhookEnded {
  Instant at;
  Instant fired_at;
  std::uint32_t webhook;
  std::uint64_t event;
  ChangeKind kind;
  CommitId commit;  ///< the change that it tells of
  TagId tag;
  ManifestId manifest;
  std::uint32_t attempts;
  int status;
};

// ---- Deployments ---------------------------------------------------------------------------------------------

/// A node of a cluster began to run content; it may have run the same before.
struct NodeRan {
  Instant at;
  std::uint32_t cluster;
  std::uint32_t node;  ///< from 1
  TagId tag;
  ManifestId manifest;
};
struct NodeLost {
  Instant at;
  std::uint32_t cluster;
  std::uint32_t node;
};

// ---- Faults and routing --------------------------------------------------------------------------------------

/// A fault or a change of the world began or ended.
struct FaultChanged {
  Instant at;
  std::string_view what;  ///< lives as long as the plan
  bool active;
};
/// Routing answered a resolver.
struct Resolved {
  Instant at;
  RegionId resolver;
  RegionId answer;
};
struct RoutingChanged {
  Instant at;
  RegionId replica;
  bool answered;  ///< whether routing answers with it now
};

/// All types of facts, for the bus.
using FactTypes =
    std::tuple<OperationStarted, AttemptFailed, OperationEnded, ManifestAnswered, BlobRefused,
               BlobPromised, ChangeCommitted, TagApplied, ManifestStored, ManifestRemoved, BlobStored,
               BlobRemoved, CacheFilled, CacheEvicted, CacheLookedUp, InvalidationApplied, StorageTaken,
               StorageServed, MembershipChanged, HealthChanged, ReplicationQueued, ReplicationStarted, ReplicationFailed,
               ReplicationDone, WebhookFired, WebhookEnded, NodeRan, NodeLost, FaultChanged, Resolved,
               RoutingChanged, ReplicaSynced>;

}  // namespace georep
