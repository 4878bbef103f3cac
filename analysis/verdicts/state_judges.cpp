// What must never or must eventually hold of what replicas answer: tags lost or risen again, replicas that disagree.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/measures/observed_objects.hpp"
#include "analysis/verdicts/judges.hpp"

#include "sim/fields/figures.hpp"

namespace georep {

namespace {

class LostTagJudge final : public Judge {
 public:
  LostTagJudge(SharedObservers& shared, const NeverExpectation& spec)
      : Judge{shared.world()}, tags_{shared.world(), spec.of} {
    const History& history = shared.history();
    ReplicaView& replicas = shared.replicas();
    const std::optional<RegionId> only = world_.plan().region(spec.region);
    replicas.on_answer([this, &history, &replicas, only](const ReplicaView::AnswerChange& change) {
      if (change.before.manifest == ManifestId::none || change.after.manifest != ManifestId::none)
        return;
      if ((only && change.replica != *only) || !tags_.takes(change.tag)) return;
      if (!replicas.state(change.replica, change.tag).held) return;
      if (history.removed(change.tag, change.before.commit, change.before.manifest)) return;
      violate(change.moment.at, {"never", "lost-tag", region(change.replica), tag(change.tag)}, [&] {
        return fmt::format("{} no longer answers {} from {} on, though nobody removed it",
                           region(change.replica), tag(change.tag), figure_in_one_unit(change.moment.at));
      });
    });
  }
  void reset() override {
    Judge::reset();
    tags_.reset();
  }

 private:
  TagFilter tags_;
};

class ResurrectedTagJudge final : public Judge {
 public:
  ResurrectedTagJudge(SharedObservers& shared, const NeverExpectation& spec)
      : Judge{shared.world()},
        history_{shared.history()},
        only_{shared.world().plan().region(spec.region)},
        tags_{shared.world(), spec.of} {
    ReplicaView& replicas = shared.replicas();
    removed_.resize(world_.plan().network.regions.size());
    replicas.on_answer([this](const ReplicaView::AnswerChange& change) { answers(change); });
    // After what the replica answers: a removal is no reappearance.
    world_.facts().subscribe<TagApplied>([this](const TagApplied& fact) {
      if (!fact.moved || fact.manifest != ManifestId::none) return;
      auto& tags = removed_[index(fact.replica)];
      if (index(fact.tag) >= tags.size()) tags.resize(index(fact.tag) + 1);
      tags[index(fact.tag)].push_back(fact.commit);
    });
  }

  void reset() override {
    Judge::reset();
    tags_.reset();
    for (auto& tags : removed_)
      for (auto& removals : tags) removals.clear();
  }

 private:
  void answers(const ReplicaView::AnswerChange& change) {
    const auto& tags = removed_[index(change.replica)];
    if (change.after.manifest == ManifestId::none || index(change.tag) >= tags.size()) return;
    if ((only_ && change.replica != *only_) || !tags_.takes(change.tag)) return;
    for (const CommitId removal : tags[index(change.tag)])
      if (history_.undoes(removal, change.after.commit, change.after.manifest))
        rises(change, removal);
  }

  void rises(const ReplicaView::AnswerChange& change, CommitId removal) {
    const bool was_there =
        change.before.manifest != ManifestId::none &&
        history_.undoes(removal, change.before.commit, change.before.manifest);
    if (was_there) return;
    violate(change.moment.at, {"never", "resurrected-tag", region(change.replica), tag(change.tag)}, [&] {
      return fmt::format("{} answers {} again at {}, with {}, though it had applied its removal of {}",
                         region(change.replica), tag(change.tag), figure_in_one_unit(change.moment.at),
                         image(change.after.manifest), figure_in_one_unit(history_.commit(removal).moment.at));
    });
  }

  const History& history_;
  std::optional<RegionId> only_;
  TagFilter tags_;
  std::vector<std::vector<std::vector<CommitId>>> removed_;  // by region, then tag: what was applied there
};

class DivergenceJudge final : public Judge {
 public:
  DivergenceJudge(SharedObservers& shared, const NeverExpectation& spec)
      : Judge{shared.world()},
        replicas_{shared.replicas()},
        tags_{shared.world(), spec.of} {}

  void reset() override {
    Judge::reset();
    tags_.reset();
  }

  void finish(Instant end) override {
    for (std::uint32_t i = 0; i < world_.names().tag_count(); ++i)
      if (const auto id = static_cast<TagId>(i); tags_.takes(id)) compare(id, end);
  }

 private:
  // A replica that is down answers nothing, alike or not.
  void compare(TagId id, Instant end) {
    std::optional<RegionId> first;
    for (const RegionId member : replicas_.members()) {
      if (!replicas_.alive(member)) continue;
      if (!first) first = member;
      const ManifestId mine = replicas_.state(*first, id).answer.manifest;
      const ManifestId other = replicas_.state(member, id).answer.manifest;
      if (mine == other) continue;
      violate(end, {"never", "divergence", tag(id)}, [&] {
        return fmt::format("at the end {} answers {} with {}, {} with {}", region(*first), tag(id),
                           image(mine), region(member), image(other));
      });
      return;
    }
  }

  const ReplicaView& replicas_;
  TagFilter tags_;
};

class ConvergenceJudge final : public Judge {
 public:
  ConvergenceJudge(SharedObservers& shared, const EventuallyExpectation& spec)
      : Judge{shared.world()},
        history_{shared.history()},
        replicas_{shared.replicas()},
        within_{spec.within} {
    if (within_) {
      shared.replicas().follow_together();
      world_.facts().subscribe<ChangeCommitted>([this](const ChangeCommitted&) { note(); });
    }
    shared.replicas().on_answer([this](const ReplicaView::AnswerChange& change) {
      note();
      look_at(change.tag, change.moment);
    });
    world_.facts().subscribe<MembershipChanged>([this](const MembershipChanged&) {
      note();
      count_down();
      for (std::uint32_t tag = 0; tag < world_.names().tag_count(); ++tag)
        look_at(static_cast<TagId>(tag), world_.simulation().deadline(Duration{}));
    });
    world_.facts().subscribe<HealthChanged>([this](const HealthChanged&) {
      note();
      count_down();
    });
    world_.facts().subscribe<FaultChanged>([this](const FaultChanged& fact) {
      if (fact.active) return;
      note();
      last_fault_ended_ = world_.simulation().deadline(Duration{});
    });
  }

  void reset() override {
    Judge::reset();
    std::fill(disagreed_.begin(), disagreed_.end(), false);
    apart_ = down_ = 0;
    since_ = Deadline{};
    last_fault_ended_ = Deadline{};
  }

  void finish(Instant end) override {
    const Instant begun = std::max(history_.last_commit().at, last_fault_ended_.at);
    if (apart_ > 0 || down_ > 0) {
      violate(end, {"eventually", "converged"}, [&] { return describe_apart(end); });
      return;
    }
    const Duration took = since_.at > begun ? since_.at - begun : Duration{};
    const auto detail = [&] {
      return fmt::format("converged at {}, {} after the last change or fault", figure_in_one_unit(std::max(since_.at, begun)),
                         figure_in_one_unit(took));
    };
    if (within_ && took > *within_) violate(end, {"eventually", "converged", "within"}, detail);
    found(detail(), static_cast<double>(took.count()));
  }

 private:
  bool agreed(TagId tag) const {
    const std::vector<RegionId>& members = replicas_.members();
    return std::all_of(members.begin(), members.end(), [&](RegionId member) {
      const TagAnswer& answer = replicas_.state(member, tag).answer;
      return answer.manifest == replicas_.state(members.front(), tag).answer.manifest &&
             (answer.manifest == ManifestId::none || answer.complete);
    });
  }

  void look_at(TagId tag, const Deadline& moment) {
    if (index(tag) >= disagreed_.size()) disagreed_.resize(index(tag) + 1);
    const bool disagree = !agreed(tag);
    if (disagree == disagreed_[index(tag)]) return;
    disagreed_[index(tag)] = disagree;
    settle(moment, [&] { apart_ += disagree ? 1 : -1; });
  }

  void count_down() {
    const std::vector<RegionId>& members = replicas_.members();
    settle(world_.simulation().deadline(Duration{}), [&] {
      down_ = static_cast<int>(std::count_if(members.begin(), members.end(), [&](RegionId member) {
        return !replicas_.alive(member);
      }));
    });
  }

  // Since when all is well hangs on the order of all that changes anywhere, of which the models need not know: a search has to.
  void note() {
    if (within_) world_.simulation().note_write(observed::agreement);
  }

  // Notes since when all is well.
  template <class Change>
  void settle(const Deadline& moment, const Change& change) {
    const bool before = apart_ == 0 && down_ == 0;
    change();
    if (before || apart_ > 0 || down_ > 0) return;
    since_ = moment;
    if (!within_) return;
    world_.simulation().before(later(history_.last_commit(), *within_), since_);
    world_.simulation().before(later(last_fault_ended_, *within_), since_);
  }

  std::string describe_apart(Instant end) const {
    for (const RegionId member : replicas_.members())
      if (!replicas_.alive(member))
        return fmt::format("at the end ({}) {} is down", figure_in_one_unit(end), region(member));
    for (std::uint32_t i = 0; i < disagreed_.size(); ++i) {
      if (!disagreed_[i]) continue;
      const auto id = static_cast<TagId>(i);
      std::string text = fmt::format("at the end ({}) {} is", figure_in_one_unit(end), tag(id));
      const char* separator = " ";
      for (const RegionId member : replicas_.members()) {
        const TagAnswer& answer = replicas_.state(member, id).answer;
        const bool partial = answer.manifest != ManifestId::none && !answer.complete;
        text += fmt::format("{}{}{} in {}", separator, image(answer.manifest),
                            partial ? " (not all of it)" : "", region(member));
        separator = ", ";
      }
      return text;
    }
    return "";
  }

  const History& history_;
  const ReplicaView& replicas_;
  std::optional<Duration> within_;
  std::vector<bool> disagreed_;  // by tag
  int apart_ = 0;                // tags that are answered differently, or not pullable everywhere
  int down_ = 0;                 // replicas that do not answer
  Deadline since_;               // when all came to agree, while they do
  Deadline last_fault_ended_;
};

}  // namespace

std::unique_ptr<Judge> judge_lost_tag(SharedObservers& shared, const NeverExpectation& spec) {
  return std::make_unique<LostTagJudge>(shared, spec);
}
std::unique_ptr<Judge> judge_resurrected_tag(SharedObservers& shared,
                                             const NeverExpectation& spec) {
  return std::make_unique<ResurrectedTagJudge>(shared, spec);
}
std::unique_ptr<Judge> judge_divergence(SharedObservers& shared, const NeverExpectation& spec) {
  return std::make_unique<DivergenceJudge>(shared, spec);
}
std::unique_ptr<Judge> judge_convergence(SharedObservers& shared,
                                         const EventuallyExpectation& spec) {
  return std::make_unique<ConvergenceJudge>(shared, spec);
}

}  // namespace georep
