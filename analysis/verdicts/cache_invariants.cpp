// Invariants of what a cache answers and of which versions become visible.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/measures/observed_objects.hpp"
#include "analysis/verdicts/invalidations.hpp"
#include "analysis/verdicts/judges.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

class CacheCoherence final : public Judge {
 public:
  explicit CacheCoherence(SharedObservers& shared)
      : Judge{shared.world()}, replicas_{shared.replicas()}, invalidations_{shared} {
    world_.facts().subscribe<CacheLookedUp>([this](const CacheLookedUp& fact) {
      if (fact.hit && fact.tag != TagId::none) served(fact);
    });
  }
  void reset() override {
    Judge::reset();
    invalidations_.reset();
  }

 private:
  void served(const CacheLookedUp& fact) {
    world_.simulation().note_read(observed::replica(fact.replica));
    const ManifestId stored = replicas_.state(fact.replica, fact.tag).stored;
    if (fact.manifest == stored) return;
    if (!invalidations_.due_after(fact.replica, fact.tag, fact.commit)) return;
    violate(fact.at, {"always", "cache-coherence", region(fact.replica), tag(fact.tag)}, [&] {
      return fmt::format("{} served {} from its cache with {} at {}, where its storage has {} and an "
                         "invalidation was due",
                         region(fact.replica), tag(fact.tag), image(fact.manifest),
                         figure_in_one_unit(fact.at), image(stored));
    });
  }

  const ReplicaView& replicas_;
  Invalidations invalidations_;
};

class NoResurrection final : public Judge {
 public:
  explicit NoResurrection(SharedObservers& shared)
      : Judge{shared.world()}, history_{shared.history()}, invalidations_{shared} {
    floors_.resize(world_.plan().network.regions.size());
    shared.replicas().on_answer(
        [this](const ReplicaView::AnswerChange& change) { answers(change); });
    invalidations_.on_due([this](RegionId replica, TagId tag, CommitId commit) {
      auto& tags = floors_[index(replica)];
      if (index(tag) >= tags.size()) tags.resize(index(tag) + 1);
      raise(tags[index(tag)], commit);
    });
  }
  void reset() override {
    Judge::reset();
    invalidations_.reset();
    for (auto& tags : floors_)
      for (auto& floors : tags) floors.clear();
  }

 private:
  // Only the newest matters, but the deletion of a manifest is a floor for that manifest alone.
  void raise(std::vector<CommitId>& floors, CommitId commit) const {
    const auto of_manifest = [this](CommitId id) {
      return history_.commit(id).kind == ChangeKind::remove;
    };
    if (!of_manifest(commit))
      for (CommitId& floor : floors)
        if (!of_manifest(floor)) {
          if (history_.older(floor, commit)) floor = commit;
          return;
        }
    floors.push_back(commit);
  }

  bool above(CommitId floor, const TagAnswer& answer) const {
    const History::Commit& change = history_.commit(floor);
    if (change.removes()) return !history_.undoes(floor, answer.commit, answer.manifest);
    return !history_.older(answer.commit, floor) || change.manifest == answer.manifest;
  }

  void answers(const ReplicaView::AnswerChange& change) {
    const auto& tags = floors_[index(change.replica)];
    if (change.after.manifest == ManifestId::none || index(change.tag) >= tags.size()) return;
    const bool was_visible = change.before.manifest == change.after.manifest &&
                             change.before.commit == change.after.commit;
    if (was_visible) return;
    for (const CommitId floor : tags[index(change.tag)])
      if (!above(floor, change.after)) falls_below(change, floor);
  }

  void falls_below(const ReplicaView::AnswerChange& change, CommitId floor) {
    violate(change.moment.at, {"always", "no-resurrection", region(change.replica), tag(change.tag)}, [&] {
      return fmt::format("{} answers {} with {} from {} on, older than the change of {} whose invalidation it "
                         "had carried out",
                         region(change.replica), tag(change.tag), image(change.after.manifest),
                         figure_in_one_unit(change.moment.at), figure_in_one_unit(history_.commit(floor).moment.at));
    });
  }

  const History& history_;
  Invalidations invalidations_;
  // By region, then tag: changes whose invalidation was due.
  std::vector<std::vector<std::vector<CommitId>>> floors_;
};

}  // namespace

std::unique_ptr<Judge> judge_cache_coherence(SharedObservers& shared) {
  return std::make_unique<CacheCoherence>(shared);
}
std::unique_ptr<Judge> judge_no_resurrection(SharedObservers& shared) {
  return std::make_unique<NoResurrection>(shared);
}

}  // namespace georep
