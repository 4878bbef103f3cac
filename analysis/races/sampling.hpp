// Ways to decide a run when there are too many to visit all: at random; by priorities that change a few times; by a few deviations from
// the ordinary run.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "analysis/exploration/decisions.hpp"
#include "analysis/exploration/event_names.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

/// Counts the faults of a run, so that there are no more than there may be.
class LimitedFaults {
 public:
  explicit LimitedFaults(std::uint32_t most) : left_{most} {}
  std::uint32_t limit(std::uint32_t value) {
    if (value == 0 || left_ == 0) return 0;
    --left_;
    return value;
  }

 private:
  std::uint32_t left_;
};

/// Every decision at random; of each kind of uncertainty it may be that this run has none (swarm testing: Groce et al., ISSTA 2012).
class RandomDecisions : public Decisions {
 public:
  RandomDecisions(std::uint64_t seed, std::uint64_t run, const Freedom& freedom);
  std::size_t event(std::span<const EventName> candidates) override;
  std::uint32_t value(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override;
  Duration delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                 Freedom::Range range) override;

 private:
  bool uses(ChoiceKind kind) const { return (kinds_ >> static_cast<unsigned>(kind) & 1) != 0; }
  Draw draw_;
  std::uint64_t kinds_;
  LimitedFaults faults_;
};

/// Chains of events have random priorities, of which `depth` - 1 drop during the run; as many delays and choices deviate (PCTCP: Ozkan et
/// al., "Randomized Testing of Distributed Systems with Probabilistic Guarantees", OOPSLA 2018).
class PriorityDecisions : public Decisions {
 public:
  /// `decisions`: about how many there are in a run.
  PriorityDecisions(std::uint64_t seed, std::uint64_t run, const Freedom& freedom,
                    EventNames& names, std::uint32_t depth, std::uint64_t decisions);
  std::size_t event(std::span<const EventName> candidates) override;
  std::uint32_t value(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override;
  Duration delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                 Freedom::Range range) override;

 private:
  bool changes();
  EventName chain(EventName event) const;
  double& priority(EventName chain);

  Draw draw_;
  EventNames& names_;
  LimitedFaults faults_;
  std::vector<std::uint64_t> changes_;
  std::uint64_t decisions_ = 0;
  std::map<EventName, double> priorities_;
  double lowest_ = 0;
};

/// The ordinary run but for a few decisions, by number; notes what else could have been decided.
class DeviatingDecisions : public Decisions {
 public:
  struct Deviation {
    std::uint32_t decision = 0;
    std::uint32_t alternative = 0;  ///< from 1
  };
  DeviatingDecisions(std::vector<Deviation> deviations, const Freedom& freedom)
      : deviations_{std::move(deviations)}, faults_{freedom.most_choices()} {}

  std::size_t event(std::span<const EventName> candidates) override;
  std::uint32_t value(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override;
  Duration delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                 Freedom::Range range) override;

  /// By decision: how many alternatives it has.
  const std::vector<std::uint32_t>& alternatives() const { return alternatives_; }
  const std::vector<Deviation>& deviations() const { return deviations_; }

 private:
  std::uint32_t next(std::uint32_t alternatives);

  std::vector<Deviation> deviations_;
  LimitedFaults faults_;
  std::vector<std::uint32_t> alternatives_;
};

}  // namespace georep
