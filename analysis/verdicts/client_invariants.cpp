// Invariants of what one host sees in the course of time.
#include <fmt/format.h>

#include <unordered_map>

#include "analysis/measures/observed_objects.hpp"
#include "analysis/verdicts/judges.hpp"

#include "sim/fields/figures.hpp"

namespace georep {

namespace {

std::uint64_t key_of(HostId host, TagId tag) {
  return static_cast<std::uint64_t>(index(host)) << 32 | index(tag);
}

/// The newest version of a tag that a host knew of, by the time at which it came to know.
class Known {
 public:
  void learn(const History& history, const Deadline& moment, CommitId version) {
    if (!steps_.empty() && !history.older(steps_.back().version, version)) return;
    steps_.push_back({moment, version});
  }
  /// The newest that was known when a request left: answers to requests that overlap may come in any order.
  std::optional<CommitId> before(Simulation& simulation, const Deadline& request) const {
    for (std::size_t i = steps_.size(); i > 0; --i)
      if (!simulation.before(request, steps_[i - 1].moment)) return steps_[i - 1].version;
    return std::nullopt;
  }

 private:
  struct Step {
    Deadline moment;
    CommitId version;
  };
  std::vector<Step> steps_;
};

class MonotonicTags final : public Judge {
 public:
  explicit MonotonicTags(SharedObservers& shared)
      : Judge{shared.world()}, history_{shared.history()} {
    world_.facts().subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) {
      if (fact.tag != TagId::none && !fact.error) answered(fact);
    });
  }
  void reset() override {
    Judge::reset();
    known_.clear();
  }

 private:
  void answered(const ManifestAnswered& fact) {
    Simulation& simulation = world_.simulation();
    simulation.note_write(observed::object(observed::Kind::answers_seen, 0, key_of(fact.host, fact.tag)));
    Known& known = known_[key_of(fact.host, fact.tag)];
    const std::optional<CommitId> seen = known.before(simulation, fact.requested);
    if (seen && history_.older(fact.commit, *seen) &&
        history_.commit(*seen).manifest != fact.manifest)
      violate(fact.at, {"always", "monotonic-tags", host(fact.host), tag(fact.tag)}, [&] {
        return fmt::format("{} got {} with {} from {} at {}, after it had seen {}",
                           host(fact.host), tag(fact.tag), image(fact.manifest),
                           region(fact.replica), figure_in_one_unit(fact.at),
                           image(history_.commit(*seen).manifest));
      });
    known.learn(history_, simulation.deadline(Duration{}), fact.commit);
  }

  const History& history_;
  std::unordered_map<std::uint64_t, Known> known_;  // looked up only
};

class ReadYourWrites final : public Judge {
 public:
  explicit ReadYourWrites(SharedObservers& shared)
      : Judge{shared.world()}, history_{shared.history()} {
    FactBus& facts = world_.facts();
    facts.subscribe<TagApplied>([this](const TagApplied& fact) {
      if (!fact.local || fact.commit == CommitId::none) return;
      const HostId host = history_.commit(fact.commit).host;
      note_write(host);
      under_way_.push_back({host, fact.tag, fact.commit});
    });
    facts.subscribe<OperationEnded>([this](const OperationEnded& fact) { ended(fact); });
    facts.subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) {
      if (fact.tag != TagId::none) answered(fact);
    });
  }
  void reset() override {
    Judge::reset();
    written_.clear();
    under_way_.clear();
  }

 private:
  struct Write {
    HostId host;
    TagId tag;
    CommitId commit;
  };

  void note_write(HostId host) {
    world_.simulation().note_write(observed::object(observed::Kind::writes, 0, index(host)));
  }

  // A host knows what it wrote when it has the answer.
  void ended(const OperationEnded& fact) {
    if (fact.kind == OperationKind::pull || fact.kind == OperationKind::poll) return;
    note_write(fact.host);
    std::erase_if(under_way_, [&](const Write& write) {
      if (write.host != fact.host || (fact.tag != TagId::none && write.tag != fact.tag))
        return false;
      if (!fact.error)
        written_[key_of(write.host, write.tag)].learn(history_, world_.simulation().deadline(Duration{}),
                                                      write.commit);
      return true;
    });
  }

  void answered(const ManifestAnswered& fact) {
    world_.simulation().note_read(observed::object(observed::Kind::writes, 0, index(fact.host)));
    const auto found = written_.find(key_of(fact.host, fact.tag));
    if (found == written_.end()) return;
    const std::optional<CommitId> own = found->second.before(world_.simulation(), fact.requested);
    if (!own) return;
    const History::Commit& write = history_.commit(*own);
    const bool unknown = fact.error == ErrorCode::manifest_unknown;
    const bool missing =
        unknown && !write.removes() && !history_.removed(fact.tag, *own, write.manifest);
    const bool outdated = !fact.error && !write.removes() &&
                          history_.older(fact.commit, *own) && write.manifest != fact.manifest;
    const bool undead =
        !fact.error && write.removes() && history_.undoes(*own, fact.commit, fact.manifest);
    if (!missing && !outdated && !undead) return;
    violate(fact.at, {"always", "read-your-writes", host(fact.host), tag(fact.tag)}, [&] {
      return fmt::format("{} got {} for {} from {} at {}, though it had itself {} at {}",
                         host(fact.host),
                         fact.error ? text(*fact.error) : image(fact.manifest), tag(fact.tag),
                         region(fact.replica), figure_in_one_unit(fact.at),
                         write.removes() ? "removed it"
                                         : fmt::format("put {} there", image(write.manifest)),
                         figure_in_one_unit(write.moment.at));
    });
  }

  const History& history_;
  std::unordered_map<std::uint64_t, Known> written_;  // looked up only
  std::vector<Write> under_way_;
};

}  // namespace

std::unique_ptr<Judge> judge_monotonic_tags(SharedObservers& shared) {
  return std::make_unique<MonotonicTags>(shared);
}
std::unique_ptr<Judge> judge_read_your_writes(SharedObservers& shared) {
  return std::make_unique<ReadYourWrites>(shared);
}

}  // namespace georep
