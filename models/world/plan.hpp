// The plan: what specs compile to, once. Names are interned, routes and digests computed; all runs and threads share it unchanged.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/clients/cluster.hpp"
#include "models/clients/host.hpp"
#include "models/network/topology.hpp"
#include "models/registry/content.hpp"
#include "models/registry/names.hpp"
#include "models/registry/registry.hpp"
#include "models/registry/replication.hpp"
#include "models/routing/traffic_manager.hpp"
#include "models/workload/catalog.hpp"
#include "models/world/operations.hpp"
#include "models/world/spec.hpp"

namespace georep {

/// A fault of a spec that only compiling it can see.
struct PlanProblem {
  std::string message;
  Place place;
};

/// What a workload compiles to.
struct WorkloadPlan {
  std::string name;           ///< tells it from the others, whatever their order: the key of its draws
  std::size_t catalog = 0;    ///< of pulls: index into the plan's catalogs
  std::vector<StoredImage> recorded;  ///< of a trace: by its images
};

struct Plan {
  WorldSpec spec;
  NetworkPlan network;                ///< also names the regions
  std::vector<RegionId> replicas;     ///< in the order of the scenario
  Content content;                    ///< every image of the scenario
  Names names;                        ///< every repository and tag of the timeline
  std::vector<Host> hosts;            ///< every machine, groups one after another
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> groups;  ///< first machine and count
  std::vector<Clusters::Members> clusters;  ///< their nodes are the last of the hosts
  std::map<std::string, ManifestId> images;
  std::vector<OperationPlan> operations;
  std::vector<Catalog> catalogs;          ///< different ones; workloads that write the same share it
  std::vector<WorkloadPlan> workloads;    ///< in the order of the scenario

  const std::string& region_name(RegionId region) const;
  std::optional<RegionId> region(std::string_view name) const;
  /// The index of a host's first machine. Asserts that the group exists.
  std::uint32_t first_machine(const std::string& group) const;
  /// A deployment of the timeline, in one of its repetitions.
  Deployment deployment(Names& known, const DeployAction& action, std::int64_t repetition) const;
  /// The index of a cluster or a webhook. Asserts that it exists.
  std::uint32_t cluster(const std::string& name) const;
  std::uint32_t webhook(const std::string& name) const;
  /// The reference written as `repository:tag` or `repository@image`.
  Reference reference(Names& known, const std::string& text) const;
};

/// The regions of a scenario and the links between them, from its own lines and a preset's tables.
NetworkPlan plan_network(const NetworkSpec& spec);

/// Compiles a world's spec, or says why it cannot be.
std::expected<Plan, std::vector<PlanProblem>> compile(const WorldSpec& spec);

/// What the registry is told about its replica in a region; a clock's skew is drawn where the spec gives a law.
Registry::Member registry_member(const Plan& plan, const RegistrySpec& registry, RegionId region,
                                 const Chance& chance);

/// Which replica sends to which, by the topology of the spec.
Replication::Routes replication_routes(const Plan& plan, const RegistrySpec& registry,
                                       const std::vector<RegionId>& replicas);

/// The traffic manager's policy with its regions as indexes.
TrafficManager::Policy routing_policy(const Plan& plan, const RoutingSpec& routing);

}  // namespace georep
