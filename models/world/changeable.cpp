#include "models/world/changeable.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace georep {

namespace {

/// Whether both lists have the same things in the same order, by what `same` compares of each.
template <class Spec, class Same>
bool alike(const std::vector<Spec>& before, const std::vector<Spec>& after, Same same) {
  return std::equal(before.begin(), before.end(), after.begin(), after.end(), same);
}

bool same_region(const RegionSpec& a, const RegionSpec& b) { return a.name == b.name; }

bool same_link(const LinkSpec& a, const LinkSpec& b) { return a.ends == b.ends; }

// A store that is not bounded keeps no order of use, and lines are part of the network's plan.
bool same_host(const HostSpec& a, const HostSpec& b) {
  return a.name == b.name && a.region == b.region && a.count == b.count &&
         a.download == b.download && a.upload == b.upload && a.layer_store == b.layer_store;
}

bool same_cluster(const ClusterSpec& a, const ClusterSpec& b) {
  return a.name == b.name && a.region == b.region && a.nodes == b.nodes;
}

bool same_webhook(const WebhookSpec& a, const WebhookSpec& b) {
  return a.name == b.name && a.region == b.region;
}

}  // namespace

std::optional<std::string> fixed_difference(const WorldSpec& before, const WorldSpec& after) {
  const std::vector<std::pair<const char*, bool>> kept{
      {"version", before.version == after.version},
      {"scenario", before.scenario == after.scenario},
      {"description", before.description == after.description},
      {"seed", before.seed == after.seed},
      {"duration", before.duration == after.duration},
      {"warmup", before.warmup == after.warmup},
      {"network.preset", before.network.preset == after.network.preset},
      {"network.model", before.network.model == after.network.model},
      {"network.regions", alike(before.network.regions, after.network.regions, same_region)},
      {"network.links", alike(before.network.links, after.network.links, same_link)},
      {"registry.preset", before.registry.preset == after.registry.preset},
      {"registry.host", before.registry.host == after.registry.host},
      {"registry.replicas", before.registry.replicas == after.registry.replicas},
      {"registry.config_size", before.registry.config_size == after.registry.config_size},
      {"layers", before.layers == after.layers},
      {"images", before.images == after.images},
      {"hosts", alike(before.hosts, after.hosts, same_host)},
      {"clusters", alike(before.clusters, after.clusters, same_cluster)},
      {"webhooks", alike(before.webhooks, after.webhooks, same_webhook)},
      {"timeline", before.timeline == after.timeline},
      {"workloads", before.workloads == after.workloads},
  };
  for (const auto& [path, same] : kept)
    if (!same) return path;
  return std::nullopt;
}

}  // namespace georep
