// Clusters: nodes that run what is deployed to them, each a machine of its own with its own layers. What a node runs is decided by the
// pull policy and by what it has pulled before, which is how one tag comes to run with two contents.
// Rules: Kubernetes documentation, "Images" (imagePullPolicy, ImagePullBackOff).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/clients/client.hpp"
#include "models/clients/spec.hpp"
#include "sim/kernel/process_scope.hpp"

namespace georep {

/// How a node tries a pull again: after 10 s, doubling to 5 min, without end.
RetrySpec node_retry();

/// A deployment as a timeline orders it.
struct Deployment {
  enum class When : std::uint8_t { now, replicated, webhook };

  std::uint32_t cluster = 0;
  Reference reference;
  When when = When::now;
  std::uint32_t webhook = 0;  ///< only for When::webhook
};

class Clusters {
 public:
  /// Where a cluster's nodes stand among the hosts.
  struct Members {
    std::uint32_t first_host = 0;
    std::uint32_t count = 0;
    RegionId region = RegionId::none;
    PullPolicy policy = PullPolicy::if_not_present;
  };

  Clusters(Simulation& simulation, FactBus& facts, Network& network, Registry& registry,
           TrafficManager& routing, const RoutingSpec& routing_spec, Client& client,
           std::vector<Host>& hosts);
  ~Clusters();

  /// Empty nodes, nothing deployed.
  void reset(const std::vector<Members>& clusters);

  /// Deploys now, or as soon as the deployment's condition holds: `replicated` when the replica of the cluster's region (the nearest
  /// one, where the region has none) has applied the newest change of the tag and can serve what the tag points at; `webhook` each
  /// time that a delivery of that webhook for that reference ends well.
  void deploy(const Deployment& deployment);

  /// When its nodes ask the registry, from the next deployment on.
  void set_policy(std::uint32_t cluster, PullPolicy policy);

  /// A node (from 1) is lost with all that it held. `replace` puts an empty one in its place, which pulls what was deployed last.
  void lose(std::uint32_t cluster, std::uint32_t node);
  void replace(std::uint32_t cluster, std::uint32_t node);

  // ---- What deployments wait for -----------------------------------------------------------------------------

  void committed(const Change& change);
  void replicated(RegionId region, const Change& change);
  /// A delivery to that webhook's receiver ended well.
  void notified(std::uint32_t webhook, const Reference& event);

  // ---- What runs ---------------------------------------------------------------------------------------------

  /// The content that a node (from 1) runs; none for nothing.
  ManifestId running(std::uint32_t cluster, std::uint32_t node) const;

 private:
  struct Node;
  struct Cluster;

  void roll_out(std::uint32_t cluster, const Reference& reference);
  void start(std::uint32_t cluster, std::uint32_t node);
  Task<void> run(std::uint32_t cluster, std::uint32_t node, Reference reference);
  void ran(std::uint32_t cluster, std::uint32_t node, const Reference& reference,
           ManifestId manifest);
  void check_waiting();
  bool servable(const Deployment& deployment);
  Replica* replica_of(RegionId region);

  Simulation& simulation_;
  FactBus& facts_;
  Network& network_;
  Registry& registry_;
  TrafficManager& routing_;
  const RoutingSpec& routing_spec_;
  Client& client_;
  std::vector<Host>& hosts_;
  std::vector<std::unique_ptr<Cluster>> clusters_;
  std::vector<Deployment> waiting_;       // for replication; each leaves when it begins
  std::vector<Deployment> subscribed_;    // to a webhook; each stays
  std::vector<Change> newest_;            // by tag: the last change that was committed
  std::vector<std::vector<CommitId>> applied_;  // by region, then tag: the last change that replication finished
};

}  // namespace georep
