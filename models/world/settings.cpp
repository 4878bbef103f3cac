// `set` in the timeline: what changes in the middle of a run.
#include <algorithm>

#include "models/registry/shared_objects.hpp"
#include "models/world/fields.hpp"
#include "models/world/world.hpp"

namespace georep {

void World::tell_of_change() {
  for (const auto& listener : change_listeners_) listener();
}

// Compiling has found that every one of them can be set, and that nothing changes that cannot.
void World::change_settings(const SetAction& action) {
  tell_of_change();
  altered_ = true;
  simulation_.note_write(shared::conditions);
  const NetworkSpec network = settings_.network;
  const std::optional<ProbeSpec> probe = settings_.routing.probe;
  const ReplicationTopologySpec topology = settings_.registry.replication.topology;
  for (const Setting& setting : action.settings) {
    const std::vector<Diagnostic> wrong = set_field(settings_, setting.path, setting.value);
    GEOREP_ASSERT(wrong.empty(), "what is set has been read before");
  }
  registry_.settings_changed();
  for (const auto& replica : registry_.replicas())
    replica->clock.set_skew(
        registry_member(plan_, settings_.registry, replica->region, simulation_.chance()).skew);
  if (settings_.registry.replication.topology != topology)
    replication_.reroute(replication_routes(plan_, settings_.registry, members_));
  replication_.settings_changed();
  routing_.set_policy(routing_policy(plan_, settings_.routing));
  if (settings_.routing.probe != probe) routing_.start();
  if (!(settings_.network == network)) change_network();
  change_hosts();
}

void World::change_network() {
  // The network goes by the newest of these; those before it live as long, for what still looks at them in this event.
  networks_.push_back(std::make_unique<NetworkPlan>(plan_network(settings_.network)));
  networks_.back()->lines = plan_.network.lines;
  network_.follow(*networks_.back());
  for (const DegradeAction* degradation : degradations_) degrade(*degradation);
}

void World::change_hosts() {
  for (Host& host : hosts_) {
    if (index(host.id) >= plan_.hosts.size()) break;
    const auto group = std::find_if(
        settings_.hosts.begin(), settings_.hosts.end(),
        [&host](const HostSpec& spec) { return spec.name == host.settings.name; });
    if (group == settings_.hosts.end()) continue;  // a node of a cluster
    host.settings = *group;
    host.resolver = group->resolver.empty() ? host.region : *plan_.region(group->resolver);
    host.endpoint = group->endpoint.empty() ? RegionId::none : *plan_.region(group->endpoint);
  }
  for (std::uint32_t i = 0; i < settings_.clusters.size(); ++i)
    clusters_.set_policy(i, settings_.clusters[i].pull_policy);
}

}  // namespace georep
