// The state of one replica: what it stores, what its cache remembers, who is being served, its clock and its health.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/registry/manifest_cache.hpp"
#include "models/registry/spec.hpp"
#include "models/registry/stamp.hpp"
#include "models/registry/storage.hpp"
#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

/// A token bucket that starts full and refills continuously. It is kept as an instant, what it lacked then and the tokens taken since, so that
/// no rounding adds up.
class RequestLimit {
 public:
  explicit RequestLimit(SharedObject object) : object_{object} {}

  /// Takes one token. Yields how long to wait for one where there is none.
  std::optional<Duration> take(Simulation& simulation);
  /// The limit from now on; empty: none. What the bucket holds it keeps, as far as the new burst has room for it; one that there was not is full.
  void change(Simulation& simulation, const std::optional<RateLimitSpec>& spec);
  /// No limit, before there is one.
  void reset() {
    spec_.reset();
    fill(Deadline{});
  }

 private:
  void fill(const Deadline& at) {
    since_ = at;
    lacked_ = 0;
    taken_ = 0;
  }
  Deadline refilled(double tokens) const;

  SharedObject object_;
  std::optional<RateLimitSpec> spec_;
  Deadline since_;
  double lacked_ = 0;  // of the burst, at that instant
  std::int64_t taken_ = 0;
};

struct Replica {
  Replica(Simulation& simulation, FactBus& facts, const Content& content, RegionId region_id,
          std::uint16_t name_rank, std::uint64_t stable_name);

  RegionId region;
  std::uint64_t name;  ///< a stable hash of the region's name, the key of its random draws
  Storage storage;
  /// Asked one after another before storage; each is its own, or one that all share.
  std::vector<ManifestCache*> caches;
  ReplicaClock clock;
  Resource storage_servers;
  RequestLimit reads;
  RequestLimit writes;
  bool present = true;  ///< whether the registry has a replica here at all
  bool alive = true;    ///< whether it answers
  bool routed = true;   ///< whether routing may answer with it
  ProcessScope serving;     ///< requests being served; a crash ends them
  ProcessScope redirected;  ///< downloads that went to the region's own storage: they end with the region or the replica's removal
};

}  // namespace georep
