// How long a change takes to reach each other replica: its tag, all of it, and past the cache.
#include <cstdint>
#include <optional>

#include "analysis/measures/recorders.hpp"

namespace georep {

namespace {

class LagRecorder final : public MeasureRecorder {
 public:
  LagRecorder(SharedObservers& shared, MeasureStore& store, const MeasureSet& asked)
      : MeasureRecorder{shared.world(), store},
        history_{shared.history()},
        replicas_{shared.replicas()},
        asked_{asked} {
    sampled_.resize(world_.plan().network.regions.size());
    replicas_.on_update([this](const Deadline& moment, RegionId replica, TagId tag) {
      look(moment, replica, tag);
      if (asks_for(asked_, Measure::visible_lag)) look_past_storage(moment, replica, tag);
    });
    if (!asks_for(asked_, Measure::visible_lag)) return;
    // A replica that asks others for what it lacks can serve a change as soon as it is committed.
    world_.facts().subscribe<TagApplied>([this](const TagApplied& fact) {
      if (!fact.local) return;
      for (const RegionId member : replicas_.members())
        if (member != fact.replica) look_past_storage(now(), member, fact.tag);
    });
  }

  void reset() override {
    for (auto& changes : sampled_) changes.clear();
  }

 private:
  // A change that is no longer what the tag points at was superseded or beaten, and gives no further sample there.
  void look(const Deadline& moment, RegionId replica, TagId tag) {
    const ReplicaView::TagState& state = replicas_.state(replica, tag);
    if (state.commit == CommitId::none || state.stored == ManifestId::none) return;
    const History::Commit& change = history_.commit(state.commit);
    if (change.removes() || change.replica == replica || was_before(change, replica)) return;
    sample(Measure::manifest_lag, moment, replica, tag, state.commit);
    if (state.stored_whole) sample(Measure::replication_lag, moment, replica, tag, state.commit);
    if (asks_for(asked_, Measure::visible_lag) && replicas_.pulled(replica, tag).manifest == state.stored)
      sample(Measure::visible_lag, moment, replica, tag, state.commit);
  }

  void look_past_storage(const Deadline& moment, RegionId replica, TagId tag) {
    if (replicas_.state(replica, tag).answer.manifest != ManifestId::none) return;
    const CommitId fetched = replicas_.pulled(replica, tag).commit;
    if (fetched == CommitId::none || history_.commit(fetched).replica == replica) return;
    if (!was_before(history_.commit(fetched), replica)) sample(Measure::visible_lag, moment, replica, tag, fetched);
  }

  // Whether there was no such replica yet when the change was committed.
  bool was_before(const History::Commit& change, RegionId replica) {
    const std::optional<Deadline>& joined = replicas_.joined(replica);
    return joined && world_.simulation().before(change.moment, *joined);
  }

  void sample(Measure measure, const Deadline& moment, RegionId replica, TagId tag, CommitId commit) {
    if (!asks_for(asked_, measure)) return;
    auto& changes = sampled_[index(replica)];
    if (index(commit) >= changes.size()) changes.resize(index(commit) + 1);
    const auto mark = static_cast<std::uint8_t>(
        1U << (static_cast<unsigned>(measure) - static_cast<unsigned>(Measure::replication_lag)));
    if ((changes[index(commit)] & mark) != 0) return;
    changes[index(commit)] |= mark;
    add_duration(measure, Labels{replica, tag}, history_.commit(commit).moment, moment);
  }

  History& history_;
  ReplicaView& replicas_;
  MeasureSet asked_;
  std::vector<std::vector<std::uint8_t>> sampled_;  // by region, then change: which lags it has given
};

}  // namespace

std::unique_ptr<MeasureRecorder> record_lags(SharedObservers& shared, MeasureStore& store,
                                      const MeasureSet& asked) {
  return std::make_unique<LagRecorder>(shared, store, asked);
}

}  // namespace georep
