// From facts to samples: for each measure that somebody asked for, the observer that records it.
#pragma once

#include <bitset>
#include <memory>
#include <vector>

#include "analysis/measures/measure_store.hpp"
#include "analysis/measures/shared_observers.hpp"

namespace georep {

using MeasureSet = std::bitset<measure_count>;
inline bool asks_for(const MeasureSet& set, Measure measure) {
  return set[static_cast<std::size_t>(measure)];
}

/// What a recorder writes to, and from when on: samples before the scenario's warm-up is over are dropped.
class MeasureRecorder : public Observer {
 public:
  MeasureRecorder(World& world, MeasureStore& store)
      : world_{world},
        store_{store},
        warmed_up_at_{Instant::at(world.plan().spec.warmup)} {}

  /// The warm-up is over: whoever counts totals of something that tells no facts notes where it stands.
  virtual void warmed_up() {}
  void reset() override {}
  void finish(Instant) override {}

 protected:
  /// Whether what happens at that moment counts; without one, now.
  bool counts(const Deadline& moment) const {
    return warmed_up_at_ == Instant{} || !world_.simulation().before(moment, Deadline{warmed_up_at_});
  }
  bool counts() const { return counts(now()); }
  Deadline now() const { return world_.simulation().deadline(Duration{}); }
  /// A sample that is the time from one moment to another, if that one counts.
  void add_duration(Measure measure, const Labels& labels, const Deadline& from, const Deadline& to) {
    if (counts(to)) store_.add_duration(measure, labels, from, to);
  }
  /// The part of [from, to) that counts.
  Duration counted(Instant from, Instant to) const {
    const Instant begin = from < warmed_up_at_ ? warmed_up_at_ : from;
    return to > begin ? to - begin : Duration{};
  }

  World& world_;
  MeasureStore& store_;
  Instant warmed_up_at_;
};

/// push_duration, pull_duration, errors.
std::unique_ptr<MeasureRecorder> record_operations(World& world, MeasureStore& store,
                                            const MeasureSet& asked);
/// manifest_latency, staleness.
std::unique_ptr<MeasureRecorder> record_answers(SharedObservers& shared, MeasureStore& store,
                                         const MeasureSet& asked);
/// replication_lag, manifest_lag, visible_lag.
std::unique_ptr<MeasureRecorder> record_lags(SharedObservers& shared, MeasureStore& store,
                                      const MeasureSet& asked);
/// cache_hit_ratio, cache_requests; of the parent cache parent_cache_hit_ratio, parent_cache_requests.
std::unique_ptr<MeasureRecorder> record_cache(World& world, MeasureStore& store, const MeasureSet& asked,
                                              CacheTier tier);
/// storage_requests, storage_wait, storage_utilization.
std::unique_ptr<MeasureRecorder> record_storage(World& world, MeasureStore& store,
                                         const MeasureSet& asked);
/// link_bytes, link_utilization, egress_bytes, egress_cost.
std::unique_ptr<MeasureRecorder> record_network(World& world, MeasureStore& store,
                                         const MeasureSet& asked);
/// webhook_delay, webhook_attempts.
std::unique_ptr<MeasureRecorder> record_webhooks(World& world, MeasureStore& store,
                                          const MeasureSet& asked);
/// version_skew.
std::unique_ptr<MeasureRecorder> record_version_skew(World& world, MeasureStore& store);
/// queue_depth.
std::unique_ptr<MeasureRecorder> record_queues(World& world, MeasureStore& store);

/// All of them that have something to record.
std::vector<std::unique_ptr<MeasureRecorder>> make_recorders(SharedObservers& shared, MeasureStore& store,
                                                      const MeasureSet& asked);

}  // namespace georep
