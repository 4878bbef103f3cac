// What a scenario says of the machines that push and pull, and of the clusters that deployments run
// in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/fields/quantities.hpp"

namespace georep {

/// `docker` fetches a manifest by tag with GET; `containerd` asks with HEAD by tag and fetches by
/// digest.
enum class ClientKind : std::uint8_t { docker, containerd };

/// When a host asks the traffic manager anew.
enum class ResolveRule : std::uint8_t { ttl, every_request, every_blob, once };

struct HostSpec {
  std::string name;
  std::string region;
  std::string resolver;  ///< region of its resolver; empty: its own
  Bandwidth download = Bandwidth::unlimited();
  Bandwidth upload = Bandwidth::unlimited();
  std::int64_t parallel_downloads = 3;
  std::int64_t parallel_uploads = 5;
  std::int64_t count = 1;  ///< a group of so many machines
  ClientKind client = ClientKind::docker;
  std::string platform = "linux/amd64";
  ResolveRule resolve = ResolveRule::ttl;
  Duration timeout = 30_s;
  std::string endpoint;  ///< region of a regional endpoint: no routing, no failover; empty: routed
  std::optional<Bytes>
      layer_store;  ///< bytes of layers it keeps, least recently used out first; empty: unlimited
  Place place;
  friend bool operator==(const HostSpec&, const HostSpec&) = default;
};

enum class PullPolicy : std::uint8_t { if_not_present, always, never };

struct ClusterSpec {
  std::string name;
  std::string region;
  std::int64_t nodes = 1;
  PullPolicy pull_policy = PullPolicy::if_not_present;
  Place place;
  friend bool operator==(const ClusterSpec&, const ClusterSpec&) = default;
};

}  // namespace georep
