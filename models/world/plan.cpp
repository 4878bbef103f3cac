#include "models/world/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/data/clouds.hpp"
#include "models/data/images.hpp"
#include "models/network/fields.hpp"
#include "models/world/changeable.hpp"
#include "models/workload/recording.hpp"
#include "models/world/fields.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

namespace {

/// Builds the plan's parts in the order in which they rest on one another, and gathers what is wrong.
class Compiler {
 public:
  explicit Compiler(const WorldSpec& spec) { plan_.spec = spec; }

  std::expected<Plan, std::vector<PlanProblem>> run() {
    plan_.network = plan_network(plan_.spec.network);
    add_replicas();
    add_images();
    add_hosts();
    add_clusters();
    plan_.operations = plan_operations(plan_.spec);
    add_names();
    add_workloads();
    check_webhooks();
    check_replication();
    check_settings();
    if (!problems_.empty()) return std::unexpected{std::move(problems_)};
    return std::move(plan_);
  }

 private:
  void add_replicas() {
    if (plan_.spec.registry.replicas.empty()) {
      for (std::size_t i = 0; i < plan_.network.regions.size(); ++i)
        plan_.replicas.push_back(static_cast<RegionId>(i));
    }
    for (const std::string& name : plan_.spec.registry.replicas)
      if (const auto region = require_region(name, {})) plan_.replicas.push_back(*region);
  }

  std::optional<RegionId> require_region(const std::string& name, Place place) {
    const auto region = plan_.region(name);
    if (!region) problems_.push_back({fmt::format("there is no region '{}'", name), place});
    return region;
  }

  void add_images() {
    for (const LayerSpec& layer : plan_.spec.layers) {
      const Digest digest = Digest::of(fmt::format("layer {} {}", layer.name, layer.size.count));
      layers_[layer.name] = plan_.content.add_blob(digest, layer.size.count);
    }
    for (const ImageSpec& image : plan_.spec.images) images_by_name_.try_emplace(image.name, &image);
    for (const ImageSpec& image : plan_.spec.images) image_of(image.name);
  }

  // An index may name images that stand below it, so images are compiled as they are asked for.
  std::optional<ManifestId> image_of(const std::string& name) {
    if (const auto known = plan_.images.find(name); known != plan_.images.end())
      return known->second;
    const auto found = images_by_name_.find(name);
    if (found == images_by_name_.end() || !under_way_.insert({name, true}).second) return std::nullopt;
    const ImageSpec& spec = *found->second;
    const auto compiled = std::visit([&](const auto& content) { return add(spec, content); }, spec.content);
    if (compiled) plan_.images[name] = *compiled;
    return compiled;
  }

  std::optional<ManifestId> add(const ImageSpec& spec, const LayeredImage& image) {
    std::vector<BlobId> blobs;
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
      if (const auto* name = std::get_if<std::string>(&image.layers[i])) {
        const auto layer = layers_.find(*name);
        if (layer == layers_.end()) {
          problems_.push_back({fmt::format("there is no layer '{}'", *name), spec.place});
          return std::nullopt;
        }
        blobs.push_back(layer->second);
      } else {
        const std::int64_t bytes = std::get<Bytes>(image.layers[i]).count;
        blobs.push_back(plan_.content.add_blob(
            Digest::of(fmt::format("anonymous {} {} {}", spec.name, i, bytes)), bytes));
      }
    }
    return plan_.content.add_image(spec.name, blobs, plan_.spec.registry.config_size.count);
  }

  std::optional<ManifestId> add(const ImageSpec& spec, const RealImage& image) {
    const auto* layers = find_real_image(image.real);
    if (layers == nullptr) {
      problems_.push_back({fmt::format("there is no real image '{}'", image.real), spec.place});
      return std::nullopt;
    }
    std::vector<BlobId> blobs;
    for (const auto& layer : *layers)
      blobs.push_back(plan_.content.add_blob(Digest::parse(layer.digest), layer.bytes));
    return plan_.content.add_image(spec.name, blobs, plan_.spec.registry.config_size.count);
  }

  std::optional<ManifestId> add(const ImageSpec& spec, const ImageIndex& image) {
    std::vector<IndexEntry> entries;
    for (const IndexChild& child : image.index) {
      const auto manifest = image_of(child.image);
      if (!manifest) {
        problems_.push_back(
            {fmt::format("the index '{}' names no image '{}'", spec.name, child.image),
             spec.place});
        return std::nullopt;
      }
      entries.push_back({child.name, *manifest});
    }
    return plan_.content.add_index(spec.name, std::move(entries),
                                   image.children == ChildrenOrder::before);
  }

  void add_hosts() {
    for (const HostSpec& spec : plan_.spec.hosts) {
      const auto region = require_region(spec.region, spec.place);
      const auto resolver =
          spec.resolver.empty() ? region : require_region(spec.resolver, spec.place);
      const auto endpoint = spec.endpoint.empty() ? std::optional{RegionId::none}
                                                  : require_region(spec.endpoint, spec.place);
      if (!region || !resolver || !endpoint) continue;
      plan_.groups[spec.name] = {static_cast<std::uint32_t>(plan_.hosts.size()),
                                 static_cast<std::uint32_t>(spec.count)};
      for (std::int64_t machine = 1; machine <= spec.count; ++machine) {
        Host host;
        host.id = static_cast<HostId>(plan_.hosts.size());
        host.name = spec.count == 1 ? spec.name : fmt::format("{}-{}", spec.name, machine);
        host.stable_name = name_hash(host.name);
        host.region = *region;
        host.resolver = *resolver;
        host.endpoint = *endpoint;
        host.upload = plan_.network.add_line(spec.upload);
        host.download = plan_.network.add_line(spec.download);
        host.settings = spec;
        if (spec.layer_store) host.layers.set_capacity(spec.layer_store->count);
        plan_.hosts.push_back(std::move(host));
      }
    }
  }

  void add_clusters() {
    for (const ClusterSpec& spec : plan_.spec.clusters) {
      const auto region = require_region(spec.region, spec.place);
      if (!region) continue;
      Clusters::Members members;
      members.first_host = static_cast<std::uint32_t>(plan_.hosts.size());
      members.count = static_cast<std::uint32_t>(spec.nodes);
      members.region = *region;
      members.policy = spec.pull_policy;
      plan_.clusters.push_back(members);
      for (std::int64_t node = 1; node <= spec.nodes; ++node) {
        Host host;
        host.id = static_cast<HostId>(plan_.hosts.size());
        host.name = fmt::format("{}/{}", spec.name, node);
        host.stable_name = name_hash(host.name);
        host.region = host.resolver = *region;
        host.settings.name = host.name;
        host.settings.region = spec.region;
        plan_.hosts.push_back(std::move(host));
      }
    }
  }

  void add_names() {
    for (const OperationPlan& operation : plan_.operations) {
      const Action& action = plan_.spec.timeline[operation.entry].action;
      const auto know = [&](const std::string& text) {
        plan_.reference(plan_.names, expand_repetition(text, operation.repetition));
      };
      if (const auto* push = std::get_if<PushAction>(&action)) know(push->to);
      if (const auto* pull = std::get_if<PullAction>(&action)) know(pull->reference);
      if (const auto* untag = std::get_if<UntagAction>(&action)) know(untag->reference);
      if (const auto* remove = std::get_if<DeleteAction>(&action)) know(remove->reference);
      if (const auto* retag = std::get_if<RetagAction>(&action)) {
        know(retag->from);
        know(retag->to);
      }
    }
    for (const TimelineEntry& entry : plan_.spec.timeline)
      if (const auto* deploy = std::get_if<DeployAction>(&entry.action))
        for (std::int64_t n = 1; n <= (entry.every ? entry.count : 1); ++n)
          plan_.reference(plan_.names, expand_repetition(deploy->reference, n));
    for (const WorkloadSpec& workload : plan_.spec.workloads)
      if (const auto* poll = std::get_if<PollSpec>(&workload.work))
        plan_.reference(plan_.names, poll->reference);
  }

  void add_workloads() {
    std::map<std::string, int> alike;
    for (const WorkloadSpec& spec : plan_.spec.workloads) {
      WorkloadPlan workload;
      const std::string name = fmt::format("{} on {}", kind_of_work(spec), spec.on);
      workload.name = fmt::format("{} {}", name, ++alike[name]);
      if (const auto* pulls = std::get_if<PullsSpec>(&spec.work))
        workload.catalog = catalog_of(pulls->catalog);
      if (const auto* trace = std::get_if<TraceSpec>(&spec.work))
        workload.recorded = images_of(*trace, workload.name);
      plan_.workloads.push_back(std::move(workload));
      if (!spec.until && !plan_.spec.duration && !ends_by_itself(spec))
        problems_.push_back({"a workload without `until` requires `duration`", spec.place});
    }
  }

  static std::string kind_of_work(const WorkloadSpec& spec) {
    if (const auto* poll = std::get_if<PollSpec>(&spec.work))
      return fmt::format("poll {}", poll->reference);
    if (std::holds_alternative<PullsSpec>(spec.work)) return "pulls";
    return std::holds_alternative<PushesSpec>(spec.work) ? "pushes" : "trace";
  }

  // A recording has an end, and so has a file of arrivals.
  static bool ends_by_itself(const WorkloadSpec& spec) {
    const auto recorded = [](const ArrivalsSpec& arrivals) {
      return std::holds_alternative<EmpiricalArrivals>(arrivals);
    };
    if (const auto* pulls = std::get_if<PullsSpec>(&spec.work)) return recorded(pulls->arrivals);
    if (const auto* pushes = std::get_if<PushesSpec>(&spec.work)) return recorded(pushes->arrivals);
    return std::holds_alternative<TraceSpec>(spec.work);
  }

  // The catalog is a function of what the scenario says of it and of the seed, so that workloads in many regions pull from one.
  std::size_t catalog_of(const CatalogSpec& spec) {
    const auto known = std::find(catalog_specs_.begin(), catalog_specs_.end(), spec);
    if (known != catalog_specs_.end())
      return static_cast<std::size_t>(known - catalog_specs_.begin());
    catalog_specs_.push_back(spec);
    const std::string name = catalog_specs_.size() == 1
                                 ? std::string{"catalog"}
                                 : fmt::format("catalog{}", catalog_specs_.size());
    plan_.catalogs.push_back(compile_catalog(spec, name, Chance{plan_.spec.seed, 0},
                                             plan_.spec.registry.config_size.count,
                                             plan_.content, plan_.names));
    return plan_.catalogs.size() - 1;
  }

  // Layers of one digest are one layer, whoever pushed them.
  std::vector<StoredImage> images_of(const TraceSpec& trace, const std::string& workload) {
    std::vector<StoredImage> images;
    if (trace.recording == nullptr) return images;
    for (const RecordedImage& recorded : trace.recording->images) {
      std::vector<BlobId> layers;
      for (const RecordedLayer& layer : recorded.layers)
        layers.push_back(plan_.content.add_blob(
            Digest::of(fmt::format("recorded {}", layer.digest)), layer.bytes));
      const std::string name = fmt::format("{} image {}", workload, images.size() + 1);
      const ManifestId manifest =
          plan_.content.add_image(name, layers, plan_.spec.registry.config_size.count, name);
      images.push_back({plan_.names.reference(recorded.reference), manifest});
    }
    return images;
  }

  bool ever_has_replica(RegionId region) const {
    for (const TimelineEntry& entry : plan_.spec.timeline)
      if (const auto* added = std::get_if<AddReplicaAction>(&entry.action))
        if (plan_.region(added->region) == region) return true;
    return std::find(plan_.replicas.begin(), plan_.replicas.end(), region) != plan_.replicas.end();
  }

  void check_webhooks() {
    for (const WebhookSpec& webhook : plan_.spec.webhooks) {
      const auto region = require_region(webhook.region, webhook.place);
      if (region && !ever_has_replica(*region))
        problems_.push_back({fmt::format("there is no replica in '{}' for the webhook '{}'",
                                         webhook.region, webhook.name),
                             webhook.place});
    }
  }

  // A replica that another cannot reach would never hear of its changes.
  void check_replication() {
    std::vector<Duration> rtt;
    for (const auto& link : plan_.network.links) rtt.push_back(link.rtt);
    const std::vector<bool> down(plan_.network.links.size());
    if (!plan_.spec.network.preset)
      for (const RegionId from : plan_.replicas)
        for (const RegionId to : plan_.replicas)
          if (from != to && least_latency_route(plan_.network, rtt, down, from, to).empty())
            problems_.push_back({fmt::format("no link leads from the replica in '{}' to the one in '{}'",
                                             plan_.region_name(from), plan_.region_name(to)),
                                 {}});
  }

  // What the timeline sets has to be legal, after all that it has set before, and of what can change during a run.
  void check_settings() {
    std::optional<WorldSpec> world;
    for (const TimelineEntry& entry : plan_.spec.timeline) {
      const auto* set = std::get_if<SetAction>(&entry.action);
      if (set == nullptr) continue;
      if (!world) world = plan_.spec;
      for (const Setting& setting : set->settings)
        for (const Diagnostic& wrong : set_field(*world, setting.path, setting.value))
          problems_.push_back({fmt::format("'{}': {}", setting.path, wrong.message), entry.place});
      if (const auto fixed = fixed_difference(plan_.spec, *world)) {
        problems_.push_back(
            {fmt::format("{} cannot be set as it is here during a run", *fixed), entry.place});
        return;
      }
    }
  }

  Plan plan_;
  std::map<std::string, BlobId> layers_;
  std::vector<CatalogSpec> catalog_specs_;
  std::map<std::string, bool> under_way_;
  std::map<std::string, const ImageSpec*> images_by_name_;
  std::vector<PlanProblem> problems_;
};

}  // namespace

const std::string& Plan::region_name(RegionId region) const {
  return network.regions[index(region)].name;
}

std::optional<RegionId> Plan::region(std::string_view name) const {
  for (std::size_t i = 0; i < network.regions.size(); ++i)
    if (network.regions[i].name == name) return static_cast<RegionId>(i);
  return std::nullopt;
}

std::uint32_t Plan::first_machine(const std::string& group) const {
  const auto found = groups.find(group);
  GEOREP_ASSERT(found != groups.end(), "every host of the timeline is declared");
  return found->second.first;
}

namespace {
template <class Spec>
std::uint32_t index_by_name(const std::vector<Spec>& specs, const std::string& name) {
  const auto found =
      std::find_if(specs.begin(), specs.end(), [&name](const Spec& spec) { return spec.name == name; });
  GEOREP_ASSERT(found != specs.end(), "what the timeline names is declared");
  return static_cast<std::uint32_t>(found - specs.begin());
}
}  // namespace

std::uint32_t Plan::cluster(const std::string& name) const {
  return index_by_name(spec.clusters, name);
}

std::uint32_t Plan::webhook(const std::string& name) const {
  return index_by_name(spec.webhooks, name);
}

Deployment Plan::deployment(Names& known, const DeployAction& action,
                            std::int64_t repetition) const {
  Deployment result;
  result.cluster = cluster(action.cluster);
  result.reference = reference(known, expand_repetition(action.reference, repetition));
  switch (action.when.kind) {
    case DeployWhen::Kind::now:
      break;
    case DeployWhen::Kind::replicated:
      result.when = Deployment::When::replicated;
      break;
    case DeployWhen::Kind::webhook:
      result.when = Deployment::When::webhook;
      result.webhook = webhook(action.when.webhook);
      break;
  }
  return result;
}

Reference Plan::reference(Names& known, const std::string& text) const {
  const std::size_t at = text.find('@');
  if (at == std::string::npos) {
    const TagId tag = known.reference(text);
    return Reference{known.repository_of(tag), tag, ManifestId::none};
  }
  const auto image = images.find(text.substr(at + 1));
  GEOREP_ASSERT(image != images.end(), "every image that is named by digest is declared");
  return Reference{known.repository(text.substr(0, at)), TagId::none, image->second};
}

NetworkPlan plan_network(const NetworkSpec& spec) {
  if (!spec.preset) return compile_network(spec, {}, {});
  const CloudPreset* cloud = find_cloud(text(*spec.preset));
  GEOREP_ASSERT(cloud != nullptr, "every preset of the language has its table");
  std::vector<std::string> names;
  for (const CloudRegion& region : cloud->regions()) names.emplace_back(region.name);
  return compile_network(spec, names, [cloud](std::size_t from, std::size_t to) {
    return cloud->round_trip(from, to);
  });
}

std::expected<Plan, std::vector<PlanProblem>> compile(const WorldSpec& spec) {
  return Compiler{spec}.run();
}

Registry::Member registry_member(const Plan& plan, const RegistrySpec& registry, RegionId region,
                                 const Chance& chance) {
  Registry::Member member;
  member.region = region;
  member.name = name_hash(plan.region_name(region));
  for (const auto& other : plan.network.regions)
    if (other.name < plan.region_name(region)) ++member.name_rank;
  if (const auto* law = std::get_if<DurationLaw>(&registry.clock_skew)) {
    Draw draw = chance.draw(member.name, Purpose::clock_skew, 0);
    member.skew = Duration::nanoseconds(sample(*law, draw));
  } else {
    for (const ClockSkewOf& skew : std::get<std::vector<ClockSkewOf>>(registry.clock_skew))
      if (skew.name == plan.region_name(region)) member.skew = skew.skew;
  }
  return member;
}

Replication::Routes replication_routes(const Plan& plan, const RegistrySpec& registry,
                                       const std::vector<RegionId>& replicas) {
  Replication::Routes routes;
  routes.next.resize(plan.network.regions.size());
  const auto connect = [&routes](RegionId from, RegionId to) {
    routes.next[index(from)].push_back(to);
  };
  const ReplicationTopologySpec& topology = registry.replication.topology;
  switch (topology.kind) {
    case TopologyKind::mesh:
      for (const RegionId from : replicas)
        for (const RegionId to : replicas)
          if (from != to) connect(from, to);
      break;
    case TopologyKind::tree:
      for (const auto& [a, b] : least_latency_tree(plan.network, replicas)) {
        connect(a, b);
        connect(b, a);
      }
      routes.forward = true;
      break;
    case TopologyKind::chain:
      for (std::size_t i = 1; i < replicas.size(); ++i) {
        connect(replicas[i - 1], replicas[i]);
        connect(replicas[i], replicas[i - 1]);
      }
      routes.forward = true;
      break;
    case TopologyKind::links:
      for (const auto& [from, to] : topology.links) connect(*plan.region(from), *plan.region(to));
      routes.forward = topology.forward;
      break;
  }
  return routes;
}

TrafficManager::Policy routing_policy(const Plan& plan, const RoutingSpec& routing) {
  TrafficManager::Policy policy;
  if (const auto* priority = std::get_if<PriorityPolicy>(&routing.policy)) {
    policy.kind = TrafficManager::Policy::Kind::priority;
    for (const std::string& region : priority->regions)
      policy.regions.push_back(*plan.region(region));
  } else if (const auto* weighted = std::get_if<WeightedPolicy>(&routing.policy)) {
    policy.kind = TrafficManager::Policy::Kind::weighted;
    for (const RegionWeight& weight : weighted->weights) {
      policy.regions.push_back(*plan.region(weight.name));
      policy.weights.push_back(weight.weight);
    }
  } else if (const auto* pinned = std::get_if<PinnedPolicy>(&routing.policy)) {
    policy.kind = TrafficManager::Policy::Kind::pinned;
    policy.regions.push_back(*plan.region(pinned->region));
  }
  return policy;
}

}  // namespace georep
