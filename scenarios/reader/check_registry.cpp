// The registry, the traffic manager and the webhooks.
#include <set>

#include "models/registry/fields.hpp"
#include "scenarios/reader/checks.hpp"

namespace georep {
namespace {

void check_order(const Checked& checked) {
  const KindOf<ReplicationStep> step = replication_step();
  const auto& order = checked.scenario.world.registry.replication.order;
  std::set<ReplicationStep> seen;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t k = 0; k < order[i].size(); ++k) {
      if (seen.insert(order[i][k]).second) continue;
      checked.findings.report(Code::repeated, path_of("registry", "replication", "order", i, k),
                              "the step '" + step.kind->write(&order[i][k]).text() +
                                  "' stands twice in the order");
    }
  }
}

void check_topology(const Checked& checked) {
  const auto& links = checked.scenario.world.registry.replication.topology.links;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::string path = path_of("registry", "replication", "topology", "links", i);
    bool known = true;
    for (std::size_t end = 0; end < 2; ++end)
      known &= checked.require(checked.known.replicas, links[i][end], path + path_step(end));
    if (known && links[i][0] == links[i][1] && !links[i][0].empty())
      checked.findings.report(Code::bad_link, path,
                              "the link leads from '" + links[i][0] + "' to itself");
  }
}

bool is_scope(const std::string& scope) {
  if (scope.empty()) return true;
  const std::size_t colon = scope.rfind(':');
  const bool all_tags = colon != std::string::npos && scope.substr(colon + 1) == "*";
  const auto reference = parse_reference(all_tags ? scope.substr(0, colon) : scope);
  return reference && reference->image.empty();
}

}  // namespace

void check_registry(const Checked& checked) {
  const RegistrySpec& registry = checked.scenario.world.registry;
  for (std::size_t i = 0; i < registry.replicas.size(); ++i)
    checked.require(checked.known.regions, registry.replicas[i], path_of("registry", "replicas", i));
  if (registry.manifest_cache)
    checked.require(checked.known.cache_policies, registry.manifest_cache->policy,
                    path_of("registry", "manifest_cache", "policy"));
  if (registry.parent_cache) {
    checked.require(checked.known.cache_policies, registry.parent_cache->policy,
                    path_of("registry", "parent_cache", "policy"));
    if (!registry.manifest_cache)
      checked.findings.report(Code::missing_key, path_of("registry", "parent_cache"),
                              "there is no manifest_cache that would ask it", "write manifest_cache alone where there is one cache");
  }
  checked.require(checked.known.replication_policies, registry.replication.policy,
                  path_of("registry", "replication", "policy"));
  check_order(checked);
  check_topology(checked);
  if (const auto* skews = std::get_if<std::vector<ClockSkewOf>>(&registry.clock_skew))
    for (const ClockSkewOf& skew : *skews)
      checked.require(checked.known.replicas, skew.name, path_of("registry", "clock_skew", skew.name));
}

void check_routing(const Checked& checked) {
  const RoutingPolicy& policy = checked.scenario.world.routing.policy;
  const NameSet& replicas = checked.known.replicas;
  if (const auto* priority = std::get_if<PriorityPolicy>(&policy))
    for (std::size_t i = 0; i < priority->regions.size(); ++i)
      checked.require(replicas, priority->regions[i], path_of("routing", "policy", "priority", i));
  if (const auto* pinned = std::get_if<PinnedPolicy>(&policy))
    checked.require(replicas, pinned->region, path_of("routing", "policy", "pinned"));
  const auto* weighted = std::get_if<WeightedPolicy>(&policy);
  if (weighted == nullptr) return;
  std::int64_t total = 0;
  for (const RegionWeight& weight : weighted->weights) {
    total += weight.weight;
    checked.require(replicas, weight.name, path_of("routing", "policy", "weighted", weight.name));
  }
  if (total == 0)
    checked.findings.report(Code::out_of_bounds, path_of("routing", "policy", "weighted"),
                            "no region has a weight above 0");
}

void check_webhooks(const Checked& checked) {
  const auto& webhooks = checked.scenario.world.webhooks;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < webhooks.size(); ++i) {
    const WebhookSpec& webhook = webhooks[i];
    if (!webhook.name.empty() && !seen.insert(webhook.name).second)
      checked.findings.report(Code::name_twice, path_of("webhooks", i, "name"),
                              "there are two webhooks named '" + webhook.name + "'");
    if (checked.require(checked.known.regions, webhook.region, path_of("webhooks", i, "region")))
      checked.require(checked.known.replicas, webhook.region, path_of("webhooks", i, "region"));
    if (!is_scope(webhook.scope))
      checked.findings.report(Code::bad_reference, path_of("webhooks", i, "scope"),
                              "'" + webhook.scope + "' is no scope",
                              "expected 'repository:*', 'repository:tag', or 'repository' for its "
                              "tag latest");
  }
}

}  // namespace georep
