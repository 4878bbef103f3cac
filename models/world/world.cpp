#include "models/world/world.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "models/facts/event_kinds.hpp"

namespace georep {

World::World(const Plan& plan)
    : plan_{plan},
      settings_{plan.spec},
      simulation_{plan.spec.seed, 0},
      content_{plan.content},
      names_{plan.names},
      hosts_{plan.hosts},
      network_{simulation_, plan.network},
      registry_{simulation_, facts_, network_, content_, names_, settings_.registry},
      replication_{simulation_, facts_, network_, registry_},
      webhooks_{simulation_, facts_, registry_, settings_.webhooks},
      routing_{simulation_, facts_, network_, registry_, settings_.routing},
      client_{simulation_, facts_, network_, registry_},
      clusters_{simulation_, facts_, network_,          registry_,
                routing_,    settings_.routing, client_, hosts_},
      processes_{simulation_} {
  connect();
  first_operation_.assign(plan_.spec.timeline.size(), plan_.operations.size());
  for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
    first_operation_[plan_.operations[i].entry] =
        std::min(first_operation_[plan_.operations[i].entry], i);
    const OperationPlan& operation = plan_.operations[i];
    operations_by_name_[operation.name].push_back(i);
    const TimelineEntry& entry = plan_.spec.timeline[operation.entry];
    if (!entry.as.empty() && entry.as != operation.name) operations_by_name_[entry.as].push_back(i);
  }
  // Each node that a tag fails tries every five minutes: of thousands, ten years would take minutes.
  std::int64_t nodes = 0;
  for (const ClusterSpec& cluster : plan_.spec.clusters) nodes += cluster.nodes;
  constexpr Duration least = Duration::nanoseconds(std::int64_t{30} * 24 * 3600 * 1'000'000'000);
  if (nodes > 4) patience_ = std::max(least, Duration::nanoseconds(patience_.count() / nodes * 4));
  reset(plan.spec.seed, 0);
}

// Who hears of whose changes, in this order.
void World::connect() {
  registry_.on_commit([this](const Change& change) {
    webhooks_.fire(change.origin, change);
    replication_.publish(change);
    clusters_.committed(change);
  });
  replication_.on_notify(
      [this](RegionId region, const Change& change) { webhooks_.fire(region, change); });
  replication_.on_done(
      [this](RegionId region, const Change& change) { clusters_.replicated(region, change); });
  webhooks_.on_ended([this](const Delivery& delivery) {
    if (Webhooks::delivered(delivery))
      clusters_.notified(delivery.webhook,
                         Reference{delivery.repository, delivery.tag, delivery.manifest});
  });
}

// Everything that a process may touch outlives the processes.
World::~World() {
  processes_.clear();
  registry_.end_serving();
  clusters_.reset({});
  replication_.reset({});
  webhooks_.reset({});
}

void World::reset(std::uint64_t seed, std::uint64_t run) {
  // Processes go first, so that nothing that they hold is taken from under them.
  processes_.clear();
  registry_.end_serving();
  clusters_.reset({});
  replication_.reset({});
  webhooks_.reset({});
  simulation_.reset(seed, run);
  if (std::exchange(altered_, false)) settings_ = plan_.spec;
  members_ = plan_.replicas;
  degradations_.clear();
  content_.truncate(plan_.content.blob_count(), plan_.content.manifest_count());
  names_.truncate(plan_.names.repository_count(), plan_.names.tag_count());
  for (Host& host : hosts_) host.reset();
  network_.reset();
  networks_.clear();
  registry_.reset(members());
  preload();
  replication_.reset(replication_routes(plan_, settings_.registry, plan_.replicas));
  webhooks_.reset(webhook_regions());
  clusters_.reset(plan_.clusters);
  routing_.reset(routing_policy(plan_, settings_.routing));
  down_.clear();
  replica_faults_.clear();
  alive_until_ = {};
  operations_.clear();
  for (const OperationPlan& planned : plan_.operations) operations_.push_back(blank(planned));
  routing_.start();
  start_timeline();
  start_workloads();
}

// What every replica holds before the run begins.
void World::preload() {
  for (const auto& replica : registry_.replicas())
    for (const Catalog& catalog : plan_.catalogs)
      for (const StoredImage& image : catalog.images)
        replica->storage.preload(names_.repository_of(image.tag), image.tag, image.manifest);
  preload_recorded();
}

std::vector<Registry::Member> World::members() {
  std::vector<Registry::Member> result;
  for (const RegionId region : plan_.replicas)
    result.push_back(registry_member(plan_, settings_.registry, region, simulation_.chance()));
  return result;
}

std::vector<RegionId> World::webhook_regions() const {
  std::vector<RegionId> result;
  for (const WebhookSpec& webhook : plan_.spec.webhooks)
    result.push_back(*plan_.region(webhook.region));
  return result;
}

RunEnd World::run(std::optional<Instant> until) {
  std::optional<Instant> end = until;
  if (settings_.duration) {
    const Instant stated = Instant::at(*settings_.duration);
    if (!end || stated < *end) end = stated;
  }
  return end ? simulation_.run(end) : simulation_.run_through(last_named_moment() + patience_);
}

// No later than this does anything begin that the scenario names. Moments that follow one another are added up.
Instant World::last_named_moment() const {
  double seconds = alive_until_.seconds();
  const auto add = [&](const std::optional<Duration>& duration, std::int64_t times = 1) {
    if (duration) seconds += duration->seconds() * static_cast<double>(times);
  };
  for (const TimelineEntry& entry : plan_.spec.timeline) {
    add(entry.at);
    add(entry.delay);
    add(entry.every, entry.count);
    if (const auto* failure = std::get_if<FailAction>(&entry.action)) add(failure->lasts);
    if (const auto* degradation = std::get_if<DegradeAction>(&entry.action)) add(degradation->lasts);
  }
  for (const WorkloadSpec& workload : plan_.spec.workloads) add(workload.until);
  const double farthest = (Duration::max() - patience_).seconds() - 1;
  return Instant::at(Duration::from_seconds(std::min(seconds, farthest)));
}

namespace {
Task<void> wait_until(Simulation& simulation, Instant instant) {
  co_await simulation.until(instant);
}
}  // namespace

void World::keep_alive_until(Instant instant) {
  alive_until_ = std::max(alive_until_, instant);
  processes_.start(wait_until(simulation_, instant), event_kind::control);
}

}  // namespace georep
