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
  Session(Simulation& simulation, TrafficManager& routing, const RoutingSpec& spec, Host& host,
          OperationKind kind, TagId tag)
      : simulation_{simulation},
        routing_{routing},
        spec_{spec},
        host_{host},
        kind_{kind},
        tag_{tag},
        identity_{host.stable_name + 0x9E3779B97F4A7C15ULL * ++host.operations} {}

  Host& host() { return host_; }
  OperationKind kind() const { return kind_; }
  TagId tag() const { return tag_; }

  /// A stable number for the next request of this attempt.
  std::uint64_t next_request() { return identity_ + ++requests_; }

  /// Where the next HTTP request goes, by the host's rule. `unit` is the answer that the requests about one blob, or about the
  /// manifest, share under `every-blob`; it is filled by the first of them.
  std::optional<RegionId> resolve(std::optional<RegionId>& unit);

  /// The replica that was asked last; none before the first request.
  RegionId last_replica() const { return last_; }

 private:
  std::optional<RegionId> ask();
  std::optional<RegionId> kept();

  Simulation& simulation_;
  TrafficManager& routing_;
  const RoutingSpec& spec_;
  Host& host_;
  OperationKind kind_;
  TagId tag_;
  std::uint64_t identity_;
  std::uint64_t requests_ = 0;
  std::uint64_t resolutions_ = 0;
  std::optional<RegionId> whole_operation_;
  RegionId last_ = RegionId::none;
};

}  // namespace georep
