#include "models/clients/cluster.hpp"

#include <algorithm>

#include "models/facts/event_kinds.hpp"
#include "models/registry/replication.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

constexpr SharedObject deployments = shared::object(shared::Kind::deployments, RegionId{0}, 0);

bool same(const Reference& a, const Reference& b) {
  return a.repository == b.repository && a.tag == b.tag && a.manifest == b.manifest;
}

template <class Record>
Record& at_or_grow(std::vector<Record>& records, std::uint32_t place, const Record& blank) {
  if (place >= records.size()) records.resize(static_cast<std::size_t>(place) + 1, blank);
  return records[place];
}

}  // namespace

RetrySpec node_retry() {
  RetrySpec retry;
  retry.first = 10_s;
  retry.factor = 2;
  retry.most = 5_min;
  return retry;
}

/// What a machine of a cluster holds besides its layers.
struct Clusters::Node {
  explicit Node(Simulation& simulation) : scope{simulation} {}

  struct Image {
    Reference reference;
    ManifestId manifest;
  };
  const Image* find(const Reference& reference) const {
    for (const Image& image : images)
      if (same(image.reference, reference)) return &image;
    return nullptr;
  }

  bool present = true;
  std::vector<Image> images;  // what each reference meant when it was pulled
  ManifestId running = ManifestId::none;
  std::optional<Reference> pulling;
  ProcessScope scope;
};

struct Clusters::Cluster {
  SharedObject node_object(std::uint32_t number) const {
    return shared::object(shared::Kind::node, RegionId{0}, members.first_host + number - 1);
  }

  Members members;
  std::optional<Reference> deployed;
  std::vector<std::unique_ptr<Node>> nodes;
};

Clusters::Clusters(Simulation& simulation, FactBus& facts, Network& network, Registry& registry,
                   TrafficManager& routing, const RoutingSpec& routing_spec, Client& client,
                   std::vector<Host>& hosts)
    : simulation_{simulation},
      facts_{facts},
      network_{network},
      registry_{registry},
      routing_{routing},
      routing_spec_{routing_spec},
      client_{client},
      hosts_{hosts} {}

Clusters::~Clusters() = default;

void Clusters::reset(const std::vector<Members>& clusters) {
  clusters_.clear();
  waiting_.clear();
  subscribed_.clear();
  newest_.clear();
  applied_.clear();
  for (const Members& members : clusters) {
    clusters_.push_back(std::make_unique<Cluster>());
    clusters_.back()->members = members;
    for (std::uint32_t i = 0; i < members.count; ++i)
      clusters_.back()->nodes.push_back(std::make_unique<Node>(simulation_));
  }
}

void Clusters::deploy(const Deployment& deployment) {
  switch (deployment.when) {
    case Deployment::When::now:
      roll_out(deployment.cluster, deployment.reference);
      break;
    case Deployment::When::replicated:
      simulation_.note_write(deployments);
      waiting_.push_back(deployment);
      check_waiting();
      break;
    case Deployment::When::webhook:
      simulation_.note_write(deployments);
      subscribed_.push_back(deployment);
      break;
  }
}

void Clusters::roll_out(std::uint32_t cluster, const Reference& reference) {
  clusters_[cluster]->deployed = reference;
  for (std::uint32_t node = 1; node <= clusters_[cluster]->nodes.size(); ++node)
    start(cluster, node);
}

// A node that is already pulling this reference goes on; only `always` asks anew, for there may be newer content under it.
void Clusters::start(std::uint32_t cluster, std::uint32_t number) {
  const Cluster& owner = *clusters_[cluster];
  Node& node = *owner.nodes[number - 1];
  simulation_.note_write(clusters_[cluster]->node_object(number));
  if (!node.present || !owner.deployed) return;
  if (node.pulling && same(*node.pulling, *owner.deployed) &&
      owner.members.policy != PullPolicy::always)
    return;
  node.scope.clear();
  node.pulling.reset();
  node.scope.start(run(cluster, number, *owner.deployed), event_kind::deployment,
                   entity(hosts_[owner.members.first_host + number - 1].id));
}

Task<void> Clusters::run(std::uint32_t cluster, std::uint32_t number, Reference reference) {
  const Members& members = clusters_[cluster]->members;
  Node& node = *clusters_[cluster]->nodes[number - 1];
  simulation_.note_write(clusters_[cluster]->node_object(number));
  if (const auto* image = node.find(reference);
      image != nullptr && members.policy != PullPolicy::always) {
    ran(cluster, number, reference, image->manifest);
    co_return;
  }
  if (members.policy == PullPolicy::never) co_return;
  node.pulling = reference;
  Host& host = hosts_[members.first_host + number - 1];
  const Deadline started = simulation_.deadline(Duration{});
  const RetrySpec retry = node_retry();
  for (std::uint32_t attempts = 1;; ++attempts) {
    Session session{simulation_, routing_, routing_spec_, host, OperationKind::pull, reference.tag,
                    combined_hash(host.stable_name, ++host.operations)};
    const Outcome outcome = co_await client_.pull(session, reference);
    if (outcome) {
      facts_.tell([&] {
        return OperationEnded{simulation_.now(), started, OperationId::none,
                              OperationKind::pull, host.id,  session.last_replica(),
                              reference.tag,     attempts,   std::nullopt,
                              *outcome};
      });
      ran(cluster, number, reference, *outcome);
      co_return;
    }
    facts_.tell([&] {
      return AttemptFailed{simulation_.now(), OperationId::none, OperationKind::pull,
                           host.id,           session.last_replica(),
                           reference.tag,     outcome.error().code};
    });
    const std::optional<Duration> wait = retry_wait(retry, attempts);
    co_await simulation_.delay(std::max(*wait, outcome.error().retry_after));
  }
}

void Clusters::ran(std::uint32_t cluster, std::uint32_t number, const Reference& reference,
                   ManifestId manifest) {
  Node& node = *clusters_[cluster]->nodes[number - 1];
  simulation_.note_write(clusters_[cluster]->node_object(number));
  std::erase_if(node.images, [&](const Node::Image& image) { return same(image.reference, reference); });
  node.images.push_back({reference, manifest});
  node.pulling.reset();
  node.running = manifest;
  simulation_.outcome(registry_.content().manifest(manifest).digest.words[0]);
  facts_.tell([&] { return NodeRan{simulation_.now(), cluster, number, reference.tag, manifest}; });
}

void Clusters::set_policy(std::uint32_t cluster, PullPolicy policy) {
  clusters_[cluster]->members.policy = policy;
}

void Clusters::lose(std::uint32_t cluster, std::uint32_t number) {
  const Members& members = clusters_[cluster]->members;
  Node& node = *clusters_[cluster]->nodes[number - 1];
  node.scope.clear();
  node.pulling.reset();
  node.images.clear();
  node.running = ManifestId::none;
  node.present = false;
  Host& host = hosts_[members.first_host + number - 1];
  const std::uint64_t operations = host.operations;
  host.reset();
  host.operations = operations;  // the next machine does not repeat this one's draws
  facts_.tell([&] { return NodeLost{simulation_.now(), cluster, number}; });
}

void Clusters::replace(std::uint32_t cluster, std::uint32_t number) {
  clusters_[cluster]->nodes[number - 1]->present = true;
  start(cluster, number);
}

void Clusters::committed(const Change& change) {
  if (clusters_.empty()) return;
  simulation_.note_read(deployments);
  if (change.kind == ChangeKind::remove) {
    // A deletion by digest names no tag: those that pointed at it have changed.
    for (const TagId tag : registry_.names().tags_of(change.repository))
      if (index(tag) < newest_.size() && newest_[index(tag)].manifest == change.manifest)
        newest_[index(tag)] = change;
  } else {
    at_or_grow(newest_, index(change.tag), Change{}) = change;
  }
  check_waiting();
}

void Clusters::replicated(RegionId region, const Change& change) {
  if (clusters_.empty()) return;
  simulation_.note_read(deployments);
  if (change.tag != TagId::none) {
    auto& tags = at_or_grow(applied_, index(region), {});
    CommitId& last = at_or_grow(tags, index(change.tag), CommitId::none);
    if (last == CommitId::none || index(change.commit) > index(last)) last = change.commit;
  }
  check_waiting();
}

void Clusters::notified(std::uint32_t webhook, const Reference& event) {
  simulation_.note_read(deployments);
  for (const Deployment& deployment : subscribed_) {
    if (deployment.webhook != webhook || deployment.reference.repository != event.repository)
      continue;
    const bool matches = deployment.reference.tag != TagId::none
                             ? deployment.reference.tag == event.tag
                             : deployment.reference.manifest == event.manifest;
    if (matches) roll_out(deployment.cluster, deployment.reference);
  }
}

// While none waits, what changes is nobody's concern yet.
void Clusters::check_waiting() {
  if (waiting_.empty()) return;
  simulation_.note_write(deployments);
  for (std::size_t i = 0; i < waiting_.size();) {
    const Deployment deployment = waiting_[i];
    if (!servable(deployment)) {
      ++i;
      continue;
    }
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    roll_out(deployment.cluster, deployment.reference);
  }
}

bool Clusters::servable(const Deployment& deployment) {
  Replica* replica = replica_of(clusters_[deployment.cluster]->members.region);
  if (replica == nullptr) return false;
  const Reference& reference = deployment.reference;
  if (reference.tag == TagId::none)
    return registry_.serves(*replica, reference.repository, reference.manifest);
  const ManifestId manifest = replica->storage.tag(reference.tag).manifest;
  if (manifest == ManifestId::none || !registry_.serves(*replica, reference.repository, manifest))
    return false;
  if (index(reference.tag) >= newest_.size()) return true;
  const Change& newest = newest_[index(reference.tag)];
  if (newest.commit == CommitId::none || newest.origin == replica->region) return true;
  if (index(replica->region) >= applied_.size()) return false;
  const auto& applied = applied_[index(replica->region)];
  return index(reference.tag) < applied.size() &&
         applied[index(reference.tag)] != CommitId::none &&
         index(applied[index(reference.tag)]) >= index(newest.commit);
}

// The replica of the region, or the nearest one where the region has none.
Replica* Clusters::replica_of(RegionId region) {
  Replica* nearest = nullptr;
  Duration least = Duration::max();
  for (const auto& candidate : registry_.replicas()) {
    if (!candidate->present || !network_.reachable(region, candidate->region)) continue;
    if (candidate->region == region) return candidate.get();
    const Duration round_trip = network_.round_trip(region, candidate->region);
    if (nearest != nullptr && round_trip >= least) continue;
    nearest = candidate.get();
    least = round_trip;
  }
  return nearest;
}

ManifestId Clusters::running(std::uint32_t cluster, std::uint32_t node) const {
  return clusters_[cluster]->nodes[node - 1]->running;
}

}  // namespace georep
