// The state of one replica: what it stores, what its cache remembers, who is being served, its clock and its health.
#pragma once

#include <cstdint>
#include <memory>

#include "models/registry/manifest_cache.hpp"
#include "models/registry/spec.hpp"
#include "models/registry/stamp.hpp"
#include "models/registry/storage.hpp"
#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

/// A token bucket that starts full and refills continuously, kept as the one instant at which it would be full again
/// (the generic cell rate algorithm of ITU-T I.371, which is the same rule).
class RequestLimit {
 public:
  /// Takes one token. Yields how long to wait for one where there is none.
  std::optional<Duration> take(Simulation& simulation, const std::optional<RateLimitSpec>& spec);
  void reset() { full_again_ = Deadline{}; }

 private:
  Deadline full_again_;
};

struct Replica {
  Replica(Simulation& simulation, FactBus& facts, const Content& content, RegionId region_id,
          std::uint16_t name_rank, std::uint64_t stable_name);

  RegionId region;
  std::uint64_t name;  ///< a stable hash of the region's name, the key of its random draws
  Storage storage;
  ManifestCache* cache = nullptr;  ///< its own, or the one that all share; null for none
  ReplicaClock clock;
  Resource storage_servers;
  RequestLimit reads;
  RequestLimit writes;
  bool present = true;  ///< whether the registry has a replica here at all
  bool alive = true;    ///< whether it answers
  bool routed = true;   ///< whether routing may answer with it
  ProcessScope serving;  ///< requests being served; a crash ends them
};

}  // namespace georep
