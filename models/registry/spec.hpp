// What a scenario says of the registry: replicas, storage, cache, limits and how a change reaches
// the other regions; and of its webhooks. Every default of `registry:` and `webhooks:` stands here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"
#include "sim/fields/retry_spec.hpp"

namespace georep {

/// `acr-preview`: Azure Container Registry's geo-replication as the problem was reported; `acr-ga`:
/// with the announced fixes.
enum class RegistryPreset : std::uint8_t { acr_preview, acr_ga };

/// The back end that a manifest request reaches when no cache answers it.
struct StorageSpec {
  std::optional<std::int64_t> servers;  ///< requests served at once; empty: unlimited
  DurationLaw service_time;             ///< default 0 s
  friend bool operator==(const StorageSpec&, const StorageSpec&) = default;
};

/// A token bucket: starts full with `burst` tokens, refills at `rate`.
struct RateLimitSpec {
  Rate rate;
  std::int64_t burst = 0;
  friend bool operator==(const RateLimitSpec&, const RateLimitSpec&) = default;
};

/// Limits of each replica; empty: none.
struct LimitsSpec {
  std::optional<RateLimitSpec> reads;
  std::optional<RateLimitSpec> writes;
  friend bool operator==(const LimitsSpec&, const LimitsSpec&) = default;
};

enum class CacheScope : std::uint8_t { replica, registry };

/// `unguarded`: a read that missed stores what it read, however late; `leased`: only if nothing was
/// invalidated since.
enum class CacheFill : std::uint8_t { unguarded, leased };

struct ManifestCacheSpec {
  Duration ttl = 1_h;  ///< from the fill
  CacheScope scope = CacheScope::replica;
  bool invalidate_on_push = true;    ///< whether a local push evicts
  bool invalidate_on_delete = true;  ///< whether a local deletion evicts
  Duration negative_ttl;             ///< how long "unknown" is remembered
  CacheFill fill = CacheFill::unguarded;
  std::string policy = "standard";  ///< who decides by these settings; see cache_policy.hpp
  friend bool operator==(const ManifestCacheSpec&, const ManifestCacheSpec&) = default;
};

enum class MissingKind : std::uint8_t { blob_unknown, manifest_unknown, fetch_from_origin, wait };

/// What a client gets when something is not there yet.
struct MissingPolicy {
  MissingKind kind = MissingKind::blob_unknown;
  Duration wait;  ///< only for MissingKind::wait: how long the answer is held
  friend bool operator==(const MissingPolicy&, const MissingPolicy&) = default;
};

/// A step of replication: copy the blobs, store the manifest, point the tag, evict cached entries
/// of that tag, fire the webhooks.
enum class ReplicationStep : std::uint8_t { blobs, manifest, tag, invalidate, notify };

/// Steps that run at the same time.
using ReplicationStage = std::vector<ReplicationStep>;

enum class TopologyKind : std::uint8_t { mesh, tree, chain, links };

/// Which replica sends to which.
struct ReplicationTopologySpec {
  TopologyKind kind = TopologyKind::mesh;
  std::vector<std::array<std::string, 2>> links;  ///< only for TopologyKind::links: from, to
  bool forward = false;  ///< only for TopologyKind::links: what arrives is passed on
  friend bool operator==(const ReplicationTopologySpec&, const ReplicationTopologySpec&) = default;
};

enum class QueueDiscipline : std::uint8_t { fifo, newest_first };
enum class ApplyKind : std::uint8_t { arrival_order, last_writer_wins };
enum class StampKind : std::uint8_t { wall_clock, hybrid_logical_clock };

struct ReplicationSpec {
  std::vector<ReplicationStage> order = {{ReplicationStep::blobs},
                                         {ReplicationStep::manifest},
                                         {ReplicationStep::tag},
                                         {ReplicationStep::invalidate},
                                         {ReplicationStep::notify}};
  ReplicationTopologySpec topology;
  QueueDiscipline queue = QueueDiscipline::fifo;
  DurationLaw start_delay;
  std::int64_t streams = 4;
  std::int64_t round_trips_per_blob = 1;
  std::int64_t concurrency = 16;
  RetrySpec retry;
  bool resume = true;
  ApplyKind apply = ApplyKind::last_writer_wins;
  StampKind stamp = StampKind::wall_clock;
  Duration tombstones = 7_d;  ///< how long a deletion is remembered; 0: not at all
  std::string policy = "standard";  ///< who decides by these settings; see replication_policy.hpp
  friend bool operator==(const ReplicationSpec&, const ReplicationSpec&) = default;
};

/// How far a replica's wall clock is off; may be negative.
struct ClockSkewOf {
  std::string name;
  Duration skew;
  friend bool operator==(const ClockSkewOf&, const ClockSkewOf&) = default;
};

/// By region, or one law from which each replica's skew is drawn.
using ClockSkewSpec = std::variant<std::vector<ClockSkewOf>, DurationLaw>;

struct RetentionSpec {
  std::optional<Duration> untagged;  ///< age at which an untagged manifest is purged; empty: kept
  friend bool operator==(const RetentionSpec&, const RetentionSpec&) = default;
};

struct RegistrySpec {
  std::optional<RegistryPreset> preset;  ///< already applied to the fields below
  std::string host = "registry.example";
  std::vector<std::string> replicas;  ///< empty: every region
  StorageSpec storage;
  LimitsSpec limits;
  std::optional<ManifestCacheSpec> manifest_cache;  ///< empty: no cache
  std::optional<ManifestCacheSpec> parent_cache;    ///< what `manifest_cache` asks on a miss; empty: storage
  MissingPolicy missing_blobs{MissingKind::blob_unknown, {}};
  MissingPolicy missing_manifest{MissingKind::manifest_unknown, {}};
  bool redirect_downloads = true;
  ReplicationSpec replication;
  ClockSkewSpec clock_skew;
  RetentionSpec retention;
  Bytes manifest_size = 2_KiB;
  Bytes config_size = 6_KiB;  ///< 0: images have no config
  friend bool operator==(const RegistrySpec&, const RegistrySpec&) = default;
};

/// The spec that a preset stands for before anything written beside it overrides it; without a
/// preset, the defaults.
RegistrySpec registry_baseline(std::optional<RegistryPreset> preset);

/// `acr`: a single attempt unless `retry` says otherwise. `distribution`: the notifier of the CNCF
/// distribution registry, an unbounded queue in order that never drops.
enum class WebhookKind : std::uint8_t { acr, distribution };

struct ReceiverSpec {
  DurationLaw answers_after;  ///< default: at once
  Ratio failure;              ///< share of requests answered 500
  friend bool operator==(const ReceiverSpec&, const ReceiverSpec&) = default;
};

struct WebhookSpec {
  std::string name;
  std::string region;  ///< whose replica it belongs to
  WebhookKind kind = WebhookKind::acr;
  bool on_push = true;    ///< `events` lists push
  bool on_delete = true;  ///< `events` lists delete
  std::string scope;  ///< empty: everything; `repo:*`; `repo:tag`; `repo` alone means `repo:latest`
  ReceiverSpec receiver;
  Duration timeout = 5_s;
  RetrySpec retry = RetrySpec::none();
  std::int64_t threshold = 10;  ///< `distribution` only: failures in a row before it backs off
  Duration backoff = 1_s;       ///< `distribution` only: the pause after that many failures
  Place place;
  friend bool operator==(const WebhookSpec&, const WebhookSpec&) = default;
};

}  // namespace georep
