// The traffic manager behind the registry's one URL: which replica it answers with, and how probes take replicas out of the answers.
// Rules of probing: Azure Traffic Manager, "endpoint monitoring"; see docs/model.md.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/facts/fact_bus.hpp"
#include "models/network/network.hpp"
#include "models/registry/registry.hpp"
#include "models/routing/spec.hpp"
#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

class TrafficManager {
 public:
  /// The policy with its regions as indexes.
  struct Policy {
    enum class Kind : std::uint8_t { nearest, priority, weighted, pinned };
    Kind kind = Kind::nearest;
    std::vector<RegionId> regions;      ///< of priority, weighted (with `weights`) and pinned
    std::vector<std::int64_t> weights;  ///< of weighted

    /// Whether a region can ever be the answer: nearest knows all of them, the others those that they name.
    bool names(RegionId region) const;
  };

  TrafficManager(Simulation& simulation, FactBus& facts, Network& network, Registry& registry,
                 const RoutingSpec& spec);

  /// Everything healthy, for the next run.
  void reset(Policy policy);
  void set_policy(Policy policy) { policy_ = std::move(policy); }
  /// Starts the probes anew, where the scenario has any; they are the first events of a run.
  void start();

  /// The replica that a resolver is answered with, or nothing. `identity` is a stable number of the question, the key of a
  /// weighted draw.
  std::optional<RegionId> resolve(RegionId resolver, std::uint64_t identity);

 private:
  struct Health {
    std::int64_t failures_in_a_row = 0;
    bool answered = true;  // probes have not taken it out
  };

  Task<void> probe_on_schedule();
  Task<void> fail_after_timeout(Replica& replica);
  void succeed(Replica& replica);
  Health& health(const Replica& replica);
  std::vector<Replica*> candidates();
  std::optional<RegionId> choose(RegionId resolver, std::uint64_t identity);
  std::optional<RegionId> nearest(RegionId resolver, const std::vector<Replica*>& answers);
  std::optional<RegionId> weighted(const std::vector<Replica*>& answers, std::uint64_t identity);

  Simulation& simulation_;
  FactBus& facts_;
  Network& network_;
  Registry& registry_;
  const RoutingSpec& spec_;
  Policy policy_;
  std::vector<Health> health_;  // by region
  ProcessScope probes_;
};

}  // namespace georep
