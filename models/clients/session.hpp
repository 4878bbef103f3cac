// One attempt of an operation at a host: which replica each of its requests goes to, and the numbers that key its random draws.
#pragma once

#include <cstdint>
#include <optional>

#include "models/clients/host.hpp"
#include "models/facts/facts.hpp"
#include "models/routing/traffic_manager.hpp"

namespace georep {

class Session {
 public:
  /// `identity`: a stable number of the attempt, whatever else goes on: the key of all its draws.
  Session(Simulation& simulation, TrafficManager& routing, const RoutingSpec& spec, Host& host,
          OperationKind kind, TagId tag, std::uint64_t identity)
      : simulation_{simulation},
        routing_{routing},
        spec_{spec},
        host_{host},
        kind_{kind},
        tag_{tag},
        identity_{identity} {}

  Host& host() { return host_; }
  OperationKind kind() const { return kind_; }
  TagId tag() const { return tag_; }

  /// A stable number of one request of this attempt: `subject` tells it from the others.
  std::uint64_t request(std::uint64_t subject) const { return combined_hash(identity_, subject); }

  /// Where a request goes, by the host's rule. `unit` is the answer that the requests about one blob, or about the manifest, share
  /// under `every-blob`; it is filled by the first of them.
  std::optional<RegionId> resolve(std::optional<RegionId>& unit, std::uint64_t subject);

  /// The unit of all requests about manifests.
  std::optional<RegionId>& manifest_unit() { return manifest_unit_; }
  /// Manifest requests follow one another; this numbers them.
  std::uint64_t next_manifest_request() { return ++manifest_requests_; }

  /// The replica that was asked last; none before the first request.
  RegionId last_replica() const { return last_; }

 private:
  std::optional<RegionId> ask(std::uint64_t subject);
  std::optional<RegionId> kept(std::uint64_t subject);

  Simulation& simulation_;
  TrafficManager& routing_;
  const RoutingSpec& spec_;
  Host& host_;
  OperationKind kind_;
  TagId tag_;
  std::uint64_t identity_;
  std::uint64_t manifest_requests_ = 0;
  std::optional<RegionId> manifest_unit_;
  std::optional<RegionId> whole_operation_;
  RegionId last_ = RegionId::none;
};

}  // namespace georep
