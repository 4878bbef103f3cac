// Invariants of the whole: conflicts end alike everywhere, nothing is lost or made up, and routing heeds what its probes say.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/measures/observed_objects.hpp"
#include "analysis/verdicts/judges.hpp"

#include "sim/fields/figures.hpp"

namespace georep {

namespace {

class DeterministicConflict final : public Judge {
 public:
  explicit DeterministicConflict(SharedObservers& shared)
      : Judge{shared.world()}, replicas_{shared.replicas()} {
    heard_.resize(world_.plan().network.regions.size());
    world_.facts().subscribe<TagApplied>([this](const TagApplied& fact) {
      if (fact.commit == CommitId::none) return;
      world_.simulation().note_write(observed::object(observed::Kind::heard_changes, 0, index(fact.tag)));
      world_.simulation().note_read(observed::membership);
      hear(fact);
      compare(fact);
    });
    world_.facts().subscribe<MembershipChanged>([this](const MembershipChanged& fact) {
      if (!fact.present) return;
      for (auto& changes : heard_[index(fact.replica)]) changes.clear();
    });
  }
  void reset() override {
    Judge::reset();
    for (auto& tags : heard_)
      for (auto& changes : tags) changes.clear();
  }

 private:
  const std::vector<CommitId>& heard(RegionId replica, TagId tag) const {
    static const std::vector<CommitId> nothing;
    const auto& tags = heard_[index(replica)];
    return index(tag) < tags.size() ? tags[index(tag)] : nothing;
  }

  void hear(const TagApplied& fact) {
    auto& tags = heard_[index(fact.replica)];
    if (index(fact.tag) >= tags.size()) tags.resize(index(fact.tag) + 1);
    auto& changes = tags[index(fact.tag)];
    const auto place = std::lower_bound(changes.begin(), changes.end(), fact.commit);
    if (place == changes.end() || *place != fact.commit) changes.insert(place, fact.commit);
  }

  // Two replicas that have heard of the same changes of a tag point it at the same content, in whatever order they heard.
  void compare(const TagApplied& fact) {
    const auto& mine = heard(fact.replica, fact.tag);
    const ManifestId here = replicas_.state(fact.replica, fact.tag).stored;
    for (const RegionId other : replicas_.members()) {
      if (other == fact.replica || heard(other, fact.tag) != mine) continue;
      const ManifestId there = replicas_.state(other, fact.tag).stored;
      if (here == there) continue;
      violate(fact.at, {"always", "deterministic-conflict", tag(fact.tag)}, [&] {
        return fmt::format("at {} {} and {} have heard of the same changes of {}, and have {} and {}",
                           figure_in_one_unit(fact.at), region(fact.replica), region(other), tag(fact.tag),
                           image(here), image(there));
      });
      return;
    }
  }

  const ReplicaView& replicas_;
  std::vector<std::vector<std::vector<CommitId>>> heard_;  // by region, then tag: sorted
};

class Conservation final : public Judge {
 public:
  explicit Conservation(SharedObservers& shared) : Judge{shared.world()} {
    FactBus& facts = world_.facts();
    facts.subscribe<OperationStarted>([this](const OperationStarted& fact) {
      if (fact.operation != OperationId::none)
        count("operation", fact.at, operations_[static_cast<std::uint32_t>(fact.operation)], 1);
    });
    facts.subscribe<OperationEnded>([this](const OperationEnded& fact) {
      if (fact.operation != OperationId::none)
        count("operation", fact.at, operations_[static_cast<std::uint32_t>(fact.operation)], -1);
    });
    facts.subscribe<ReplicationStarted>([this](const ReplicationStarted& fact) {
      count("copy", fact.at, copies_[{fact.commit, fact.source, fact.destination}], 1);
    });
    facts.subscribe<ReplicationFailed>([this](const ReplicationFailed& fact) {
      count("copy", fact.at, copies_[{fact.commit, fact.source, fact.destination}], -1);
    });
    facts.subscribe<ReplicationDone>([this](const ReplicationDone& fact) {
      count("copy", fact.at, copies_[{fact.commit, fact.source, fact.destination}], -1);
    });
    facts.subscribe<WebhookFired>([this](const WebhookFired& fact) {
      count("delivery", fact.at, deliveries_[fact.event], 1);
    });
    facts.subscribe<WebhookEnded>([this](const WebhookEnded& fact) {
      count("delivery", fact.at, deliveries_[fact.event], -1);
    });
    facts.subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) {
      if (fact.formed.at < fact.requested.at || fact.at < fact.formed.at)
        violate(fact.at, {"always", "conservation", "answer"}, [&] {
          return fmt::format("{} had an answer at {} before it was formed", host(fact.host),
                             figure_in_one_unit(fact.at));
        });
    });
    facts.subscribe<BlobStored>([this](const BlobStored& fact) {
      count("blob", fact.at, blobs_[{fact.replica, fact.blob}], 1);
    });
    facts.subscribe<BlobRemoved>([this](const BlobRemoved& fact) {
      count("blob", fact.at, blobs_[{fact.replica, fact.blob}], -1);
    });
    // A replica that is added is empty, whatever one that was removed there had.
    facts.subscribe<MembershipChanged>([this](const MembershipChanged& fact) {
      if (fact.present)
        std::erase_if(blobs_, [&](const auto& held) { return held.first.first == fact.replica; });
    });
  }

  void reset() override {
    Judge::reset();
    operations_.clear();
    copies_.clear();
    deliveries_.clear();
    blobs_.clear();
  }

  void finish(Instant end) override { check_links(end); }

 private:
  // Whatever begins ends once, and what ends has begun: the balance is 0 or 1.
  void count(std::string_view what, Instant at, int& balance, int step) {
    balance += step;
    if (balance == 0 || balance == 1) return;
    violate(at, {"always", "conservation", what}, [&] {
      return fmt::format("at {} a {} {} twice", figure_in_one_unit(at), what, step > 0 ? "began" : "ended");
    });
    balance = std::clamp(balance, 0, 1);
  }

  // No link carries more than it can, and what leaves a region for others leaves it over its links.
  void check_links(Instant end) {
    const NetworkPlan& network = world_.plan().network;
    std::vector<double> carried(network.regions.size());
    for (std::uint32_t i = 0; i < network.links.size(); ++i)
      carried[index(network.links[i].from)] +=
          world_.network().link_bytes(static_cast<LinkId>(i));
    for (std::uint16_t i = 0; i < network.regions.size(); ++i) {
      const double left = world_.network().egress_bytes(static_cast<RegionId>(i));
      if (left <= carried[i] * (1 + 1e-9) + 1) continue;
      violate(end, {"always", "conservation", "bytes", network.regions[i].name}, [&] {
        return fmt::format("{} bytes left {}, and its links carried {}", left,
                           network.regions[i].name, carried[i]);
      });
    }
  }

  using Copy = std::tuple<CommitId, RegionId, RegionId>;
  std::map<std::uint32_t, int> operations_;
  std::map<Copy, int> copies_;
  std::map<std::uint64_t, int> deliveries_;
  std::map<std::pair<RegionId, BlobId>, int> blobs_;
};

class RoutingRespectsHealth final : public Judge {
 public:
  explicit RoutingRespectsHealth(SharedObservers& shared) : Judge{shared.world()} {
    left_.resize(world_.plan().network.regions.size());
    world_.facts().subscribe<RoutingChanged>([this](const RoutingChanged& fact) {
      world_.simulation().note_write(observed::routing);
      left_[index(fact.replica)] = !fact.answered;
    });
    world_.facts().subscribe<MembershipChanged>(
        [this](const MembershipChanged&) { world_.simulation().note_write(observed::routing); });
    world_.facts().subscribe<Resolved>([this](const Resolved& fact) { resolved(fact); });
  }
  void reset() override {
    Judge::reset();
    std::fill(left_.begin(), left_.end(), false);
  }

 private:
  // Where all that the policy names have failed, all of them are answered.
  void resolved(const Resolved& fact) {
    world_.simulation().note_read(observed::routing);
    if (!left_[index(fact.answer)]) return;
    const auto& replicas = world_.registry().replicas();
    const TrafficManager::Policy policy = routing_policy(world_.plan(), world_.settings().routing);
    const bool others = std::any_of(replicas.begin(), replicas.end(), [&](const auto& replica) {
      return replica->present && replica->routed && policy.names(replica->region) && !left_[index(replica->region)];
    });
    if (!others) return;
    violate(fact.at, {"always", "routing-respects-health", region(fact.answer)}, [&] {
      return fmt::format("routing answered {} at {}, which had left its answers",
                         region(fact.answer), figure_in_one_unit(fact.at));
    });
  }

  std::vector<bool> left_;  // by region: whether routing took it out of its answers
};

}  // namespace

std::unique_ptr<Judge> judge_deterministic_conflict(SharedObservers& shared) {
  return std::make_unique<DeterministicConflict>(shared);
}
std::unique_ptr<Judge> judge_conservation(SharedObservers& shared) {
  return std::make_unique<Conservation>(shared);
}
std::unique_ptr<Judge> judge_routing_respects_health(SharedObservers& shared) {
  return std::make_unique<RoutingRespectsHealth>(shared);
}

}  // namespace georep
