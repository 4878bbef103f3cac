// What replicas see: requests at the cache and at the storage, changes that wait to be copied, and what runs in clusters.
#include <algorithm>

#include "analysis/measures/recorders.hpp"

namespace georep {

namespace {

/// Something counted by region and tag.
class Counts {
 public:
  void add(RegionId region, TagId tag) {
    if (index(region) >= counts_.size()) counts_.resize(index(region) + 1U);
    auto& tags = counts_[index(region)];
    // Requests by digest, which are of no tag, come first.
    const std::size_t place = tag == TagId::none ? 0 : static_cast<std::size_t>(index(tag)) + 1;
    if (place >= tags.size()) tags.resize(place + 1);
    ++tags[place];
  }
  std::uint64_t at(RegionId region, TagId tag) const {
    if (index(region) >= counts_.size()) return 0;
    const auto& tags = counts_[index(region)];
    const std::size_t place = tag == TagId::none ? 0 : static_cast<std::size_t>(index(tag)) + 1;
    return place < tags.size() ? tags[place] : 0;
  }
  /// Calls `visit(tag, count)` for each tag of the region that was counted.
  template <class Visit>
  void for_each(RegionId region, Visit&& visit) const {
    if (index(region) >= counts_.size()) return;
    const auto& tags = counts_[index(region)];
    for (std::size_t place = 0; place < tags.size(); ++place)
      if (tags[place] > 0)
        visit(place == 0 ? TagId::none : static_cast<TagId>(place - 1), tags[place]);
  }
  void clear() {
    for (auto& tags : counts_) tags.clear();
  }

 private:
  std::vector<std::vector<std::uint64_t>> counts_;
};

/// The regions that have or had a replica.
std::vector<RegionId> replica_regions(World& world) {
  std::vector<RegionId> result;
  for (const auto& replica : world.registry().replicas()) result.push_back(replica->region);
  return result;
}

class CacheRecorder final : public MeasureRecorder {
 public:
  CacheRecorder(World& world, MeasureStore& store, const MeasureSet& asked, CacheTier tier)
      : MeasureRecorder{world, store},
        tier_{tier},
        counts_requests_{asks_for(asked, requests_measure())},
        counts_ratio_{asks_for(asked, ratio_measure())} {
    world.facts().subscribe<CacheLookedUp>([this](const CacheLookedUp& fact) {
      if (fact.tier != tier_ || !counts()) return;
      requests_.add(fact.replica, fact.tag);
      if (fact.hit) hits_.add(fact.replica, fact.tag);
    });
  }

  void reset() override {
    requests_.clear();
    hits_.clear();
  }
  void finish(Instant) override {
    const RegistrySpec& registry = world_.settings().registry;
    if (!(is_parent() ? registry.parent_cache : registry.manifest_cache)) return;
    for (const RegionId region : replica_regions(world_)) {
      if (counts_requests_) store_.add_to_total(requests_measure(), Labels{region}, 0);
      requests_.for_each(region, [&](TagId tag, std::uint64_t requests) {
        const Labels labels{region, tag};
        const auto all = static_cast<double>(requests);
        if (counts_requests_) store_.add_to_total(requests_measure(), labels, all);
        if (counts_ratio_)
          store_.add_to_total(ratio_measure(), labels, static_cast<double>(hits_.at(region, tag)), all);
      });
    }
  }

 private:
  bool is_parent() const { return tier_ == CacheTier::parent_cache; }
  Measure requests_measure() const {
    return is_parent() ? Measure::parent_cache_requests : Measure::cache_requests;
  }
  Measure ratio_measure() const {
    return is_parent() ? Measure::parent_cache_hit_ratio : Measure::cache_hit_ratio;
  }

  CacheTier tier_;
  bool counts_requests_;
  bool counts_ratio_;
  Counts requests_;
  Counts hits_;
};

class StorageRecorder final : public MeasureRecorder {
 public:
  StorageRecorder(World& world, MeasureStore& store, const MeasureSet& asked)
      : MeasureRecorder{world, store}, asked_{asked} {
    servers_.resize(world.plan().network.regions.size());
    const bool waits = asks_for(asked, Measure::storage_wait);
    const bool requests = asks_for(asked, Measure::storage_requests);
    if (waits || requests)
      world.facts().subscribe<StorageTaken>([this, waits, requests](const StorageTaken& fact) {
        if (requests && counts()) requests_.add(fact.replica, fact.tag);
        if (waits) add_duration(Measure::storage_wait, Labels{fact.replica, fact.tag}, fact.queued, now());
      });
    if (!asks_for(asked, Measure::storage_utilization)) return;
    world.before_change([this] { settle(world_.simulation().now()); });
    world.facts().subscribe<StorageTaken>([this](const StorageTaken& fact) {
      move_clock(fact.replica, fact.at);
      ++servers_[index(fact.replica)].busy;
    });
    world.facts().subscribe<StorageServed>([this](const StorageServed& fact) {
      move_clock(fact.replica, fact.at);
      --servers_[index(fact.replica)].busy;
    });
    world.facts().subscribe<HealthChanged>([this](const HealthChanged& fact) { idle(fact.replica, fact.at); });
    world.facts().subscribe<MembershipChanged>([this](const MembershipChanged& fact) { idle(fact.replica, fact.at); });
  }

  void reset() override {
    requests_.clear();
    std::fill(servers_.begin(), servers_.end(), Servers{});
    capacity_ = 0;
    clock_ = Instant{};
  }

  void finish(Instant end) override {
    settle(end);
    for (const RegionId region : replica_regions(world_)) {
      if (asks_for(asked_, Measure::storage_requests)) {
        store_.add_to_total(Measure::storage_requests, Labels{region}, 0);
        requests_.for_each(region, [&](TagId tag, std::uint64_t requests) {
          store_.add_to_total(Measure::storage_requests, Labels{region, tag},
                              static_cast<double>(requests));
        });
      }
      if (asks_for(asked_, Measure::storage_utilization)) {
        // Of servers without number any load is no share.
        const bool limited = capacity_ > 0;
        store_.add_to_total(Measure::storage_utilization, Labels{region},
                            limited ? servers_[index(region)].busy_time.seconds() : 0,
                            limited ? capacity_ : counted(Instant{}, end).seconds());
      }
    }
  }

 private:
  struct Servers {
    std::int64_t busy = 0;
    Duration busy_time;  // of all servers together, while they had a number
    Instant clock;
  };
  const std::optional<std::int64_t>& count() const { return world_.settings().registry.storage.servers; }

  void move_clock(RegionId region, Instant now) {
    Servers& servers = servers_[index(region)];
    if (count()) servers.busy_time += counted(servers.clock, now) * servers.busy;
    servers.clock = now;
  }
  void idle(RegionId region, Instant now) {
    move_clock(region, now);
    servers_[index(region)].busy = 0;
  }
  // All until now goes by the number of servers that there are now.
  void settle(Instant now) {
    for (std::uint16_t region = 0; region < servers_.size(); ++region) move_clock(static_cast<RegionId>(region), now);
    if (count()) capacity_ += counted(clock_, now).seconds() * static_cast<double>(*count());
    clock_ = now;
  }

  MeasureSet asked_;
  Counts requests_;
  std::vector<Servers> servers_;  // by region
  double capacity_ = 0;           // of one replica: servers times seconds, while they had a number
  Instant clock_;
};

class QueueRecorder final : public MeasureRecorder {
 public:
  QueueRecorder(World& world, MeasureStore& store) : MeasureRecorder{world, store} {
    queues_.resize(world.plan().network.regions.size());
    world.facts().subscribe<ReplicationQueued>([this](const ReplicationQueued& fact) {
      change(fact.destination, fact.at, fact.depth);
    });
    world.facts().subscribe<ReplicationStarted>([this](const ReplicationStarted& fact) {
      change(fact.destination, fact.at, fact.depth);
    });
    // With a replica goes its queue.
    world.facts().subscribe<MembershipChanged>([this](const MembershipChanged& fact) {
      if (!fact.present) change(fact.replica, fact.at, 0);
    });
  }

  void reset() override { std::fill(queues_.begin(), queues_.end(), Queue{}); }

  void finish(Instant end) override {
    const Duration window = counted(Instant{}, end);
    if (window <= Duration{}) return;
    for (const RegionId region : replica_regions(world_)) {
      change(region, end, queues_[index(region)].depth);
      store_.add_to_total(Measure::queue_depth, Labels{region},
                          queues_[index(region)].area / static_cast<double>(window.count()));
    }
  }

 private:
  struct Queue {
    std::uint32_t depth = 0;
    double area = 0;  // changes times nanoseconds
    Instant clock;
  };
  void change(RegionId region, Instant now, std::uint32_t depth) {
    Queue& queue = queues_[index(region)];
    queue.area += static_cast<double>(queue.depth) *
                  static_cast<double>(counted(queue.clock, now).count());
    queue.clock = now;
    queue.depth = depth;
  }

  std::vector<Queue> queues_;  // by region
};

class SkewRecorder final : public MeasureRecorder {
 public:
  SkewRecorder(World& world, MeasureStore& store) : MeasureRecorder{world, store} {
    for (const ClusterSpec& spec : world.plan().spec.clusters) {
      Cluster cluster;
      cluster.region = *world.plan().region(spec.region);
      cluster.nodes.resize(static_cast<std::size_t>(spec.nodes));
      clusters_.push_back(std::move(cluster));
    }
    world.facts().subscribe<NodeRan>([this](const NodeRan& fact) {
      run(fact.cluster, fact.node, Node{fact.tag, fact.manifest}, fact.at);
    });
    world.facts().subscribe<NodeLost>(
        [this](const NodeLost& fact) { run(fact.cluster, fact.node, Node{}, fact.at); });
  }

  void reset() override {
    for (Cluster& cluster : clusters_) {
      std::fill(cluster.nodes.begin(), cluster.nodes.end(), Node{});
      cluster.skews.clear();
    }
  }

  void finish(Instant end) override {
    for (std::uint32_t i = 0; i < clusters_.size(); ++i) {
      Cluster& cluster = clusters_[i];
      Labels labels{cluster.region};
      labels.cluster = i;
      store_.add_to_total(Measure::version_skew, labels, 0);
      for (Skew& skew : cluster.skews) {
        if (skew.since) skew.lasted += counted(*skew.since, end);
        labels.tag = skew.tag;
        store_.add_to_total(Measure::version_skew, labels,
                            static_cast<double>(skew.lasted.count()));
      }
    }
  }

 private:
  struct Node {
    TagId tag = TagId::none;
    ManifestId manifest = ManifestId::none;
  };
  struct Skew {
    TagId tag;
    std::optional<Instant> since;  // while there is more than one content
    Duration lasted;
  };
  struct Cluster {
    RegionId region;
    std::vector<Node> nodes;
    std::vector<Skew> skews;  // of the tags that ever ran
  };

  void run(std::uint32_t number, std::uint32_t node, Node now_runs, Instant at) {
    Cluster& cluster = clusters_[number];
    const TagId left = std::exchange(cluster.nodes[node - 1], now_runs).tag;
    for (const TagId tag : {left, now_runs.tag})
      if (tag != TagId::none) judge(cluster, tag, at);
  }

  void judge(Cluster& cluster, TagId tag, Instant at) {
    ManifestId first = ManifestId::none;
    bool several = false;
    for (const Node& node : cluster.nodes) {
      if (node.tag != tag) continue;
      several = several || (first != ManifestId::none && node.manifest != first);
      first = node.manifest;
    }
    auto skew = std::find_if(cluster.skews.begin(), cluster.skews.end(),
                             [tag](const Skew& known) { return known.tag == tag; });
    if (skew == cluster.skews.end())
      skew = cluster.skews.insert(skew, Skew{tag, std::nullopt, Duration{}});
    if (several && !skew->since) skew->since = at;
    if (!several && skew->since) skew->lasted += counted(*std::exchange(skew->since, {}), at);
  }

  std::vector<Cluster> clusters_;
};

}  // namespace

std::unique_ptr<MeasureRecorder> record_cache(World& world, MeasureStore& store, const MeasureSet& asked,
                                              CacheTier tier) {
  return std::make_unique<CacheRecorder>(world, store, asked, tier);
}
std::unique_ptr<MeasureRecorder> record_storage(World& world, MeasureStore& store,
                                         const MeasureSet& asked) {
  return std::make_unique<StorageRecorder>(world, store, asked);
}
std::unique_ptr<MeasureRecorder> record_queues(World& world, MeasureStore& store) {
  return std::make_unique<QueueRecorder>(world, store);
}
std::unique_ptr<MeasureRecorder> record_version_skew(World& world, MeasureStore& store) {
  return std::make_unique<SkewRecorder>(world, store);
}

}  // namespace georep
