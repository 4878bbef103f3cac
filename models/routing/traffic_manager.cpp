#include "models/routing/traffic_manager.hpp"

#include <algorithm>

#include "models/facts/event_kinds.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

TrafficManager::TrafficManager(Simulation& simulation, FactBus& facts, Network& network,
                               Registry& registry, const RoutingSpec& spec)
    : simulation_{simulation},
      facts_{facts},
      network_{network},
      registry_{registry},
      spec_{spec},
      probes_{simulation} {}

void TrafficManager::reset(Policy policy) {
  probes_.clear();
  policy_ = std::move(policy);
  health_.clear();
}

TrafficManager::Health& TrafficManager::health(const Replica& replica) {
  if (index(replica.region) >= health_.size()) health_.resize(index(replica.region) + 1);
  return health_[index(replica.region)];
}

void TrafficManager::start() {
  probes_.clear();
  // Without probes nothing leaves the answers.
  if (!spec_.probe) health_.clear();
  if (spec_.probe)
    probes_.start(probe_on_schedule(), event_kind::probe, EntityId::none, Ground::background);
}

// One round of probes each interval, whatever is still pending. An answered probe takes no time.
Task<void> TrafficManager::probe_on_schedule() {
  while (true) {
    for (const auto& replica : registry_.replicas()) {
      if (!replica->present) continue;
      simulation_.note_read(shared::object(shared::Kind::health, replica->region, 0));
      if (replica->alive) {
        succeed(*replica);
      } else {
        probes_.start(fail_after_timeout(*replica), event_kind::probe, entity(replica->region),
                      Ground::background);
      }
    }
    co_await simulation_.delay(spec_.probe->interval);
  }
}

void TrafficManager::succeed(Replica& replica) {
  Health& state = health(replica);
  state.failures_in_a_row = 0;
  if (state.answered) return;
  state.answered = true;
  simulation_.note_write(shared::object(shared::Kind::dns_record, replica.region, 0));
  facts_.tell([&] { return RoutingChanged{simulation_.now(), replica.region, true}; });
}

Task<void> TrafficManager::fail_after_timeout(Replica& replica) {
  co_await simulation_.delay(spec_.probe->timeout);
  Health& state = health(replica);
  ++state.failures_in_a_row;
  if (state.failures_in_a_row <= spec_.probe->tolerated_failures || !state.answered) co_return;
  state.answered = false;
  simulation_.note_write(shared::object(shared::Kind::dns_record, replica.region, 0));
  facts_.tell([&] { return RoutingChanged{simulation_.now(), replica.region, false}; });
}

bool TrafficManager::Policy::names(RegionId region) const {
  if (kind == Kind::nearest) return true;
  for (std::size_t i = 0; i < regions.size(); ++i)
    if (regions[i] == region) return kind != Kind::weighted || weights[i] > 0;
  return false;
}

// The replicas that may be answered: those that the policy names, in routing and healthy; all of these in routing if none is
// healthy. A healthy one that the policy does not name answers nobody, and so keeps none of them out.
std::vector<Replica*> TrafficManager::candidates() {
  std::vector<Replica*> routed;
  std::vector<Replica*> healthy;
  routed.reserve(registry_.replicas().size());
  healthy.reserve(registry_.replicas().size());
  for (const auto& replica : registry_.replicas()) {
    simulation_.note_read(shared::object(shared::Kind::dns_record, replica->region, 0));
    if (!replica->present || !replica->routed || !policy_.names(replica->region)) continue;
    routed.push_back(replica.get());
    if (health(*replica).answered) healthy.push_back(replica.get());
  }
  return healthy.empty() ? routed : healthy;
}

std::optional<RegionId> TrafficManager::resolve(RegionId resolver, std::uint64_t identity) {
  const std::optional<RegionId> answer = choose(resolver, identity);
  if (answer) facts_.tell([&] { return Resolved{simulation_.now(), resolver, *answer}; });
  return answer;
}

std::optional<RegionId> TrafficManager::choose(RegionId resolver, std::uint64_t identity) {
  const std::vector<Replica*> answers = candidates();
  const auto among = [&answers](RegionId region) {
    return std::any_of(answers.begin(), answers.end(),
                       [region](const Replica* replica) { return replica->region == region; });
  };
  switch (policy_.kind) {
    case Policy::Kind::nearest:
      return nearest(resolver, answers);
    case Policy::Kind::weighted:
      return weighted(answers, identity);
    case Policy::Kind::priority:
    case Policy::Kind::pinned:
      for (const RegionId region : policy_.regions)
        if (among(region)) return region;
      return std::nullopt;
  }
  return std::nullopt;
}

// Least round trip from the resolver; of equal ones the resolver's own region, then the order of the replicas.
std::optional<RegionId> TrafficManager::nearest(RegionId resolver,
                                                const std::vector<Replica*>& answers) {
  std::optional<RegionId> best;
  Duration least = Duration::max();
  for (const Replica* replica : answers) {
    // A region that no route leads to now is as far as can be, but is still answered where there is nothing else.
    const Duration round_trip = network_.reachable(resolver, replica->region)
                                    ? network_.round_trip(resolver, replica->region)
                                    : Duration::max();
    const bool nearer = !best || round_trip < least ||
                        (round_trip == least && replica->region == resolver && *best != resolver);
    if (!nearer) continue;
    best = replica->region;
    least = round_trip;
  }
  return best;
}

std::optional<RegionId> TrafficManager::weighted(const std::vector<Replica*>& answers,
                                                 std::uint64_t identity) {
  std::uint64_t total = 0;
  const auto weight_of = [this](const Replica* replica) -> std::uint64_t {
    for (std::size_t i = 0; i < policy_.regions.size(); ++i)
      if (policy_.regions[i] == replica->region)
        return static_cast<std::uint64_t>(policy_.weights[i]);
    return 0;
  };
  for (const Replica* replica : answers) total += weight_of(replica);
  if (total == 0) return std::nullopt;
  Draw draw = simulation_.chance().draw(identity, Purpose::routing, 0);
  std::uint64_t place = draw.uniform_below(total);
  for (const Replica* replica : answers) {
    const std::uint64_t weight = weight_of(replica);
    if (place < weight) return replica->region;
    place -= weight;
  }
  return std::nullopt;
}

}  // namespace georep
