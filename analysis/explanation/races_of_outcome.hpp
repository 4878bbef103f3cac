// The races that an outcome hangs on: pairs of events whose reversal, by one delay that is longer or shorter, changes it. Each is found
// by running the scenario again, and so is the least change that does it (the but-for test of causes: Lewis, "Causation", 1973).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/explanation/counterfactual_run.hpp"

namespace georep {

/// One delay that, changed alone and by no less, changes the outcome.
struct CriticalDelay {
  ShiftedDelay shift;
  ChoiceKind kind = ChoiceKind::latency;
  std::string what;         ///< whose delay it is, in words
  Duration by;              ///< how much longer; negative: shorter. A nanosecond less changes nothing
  AskedOutcome outcome;          ///< what it comes to then
  bool uncertain = false;   ///< whether the scenario's `uncertainty` allows that delay
};

struct CriticalRace {
  std::string object;        ///< what both touch; or, where no two events change places, the moment that one comes before or after, or that there is none
  std::string first;         ///< who came first in the run, and what it did; empty where there are no two
  std::string then;
  Instant first_at;
  Instant then_at;
  bool unseen = false;       ///< nothing on the way to the outcome knew of the second
  std::vector<CriticalDelay> delays;  ///< the ways to reverse it, the least change first
};

/// How much may be run again, in events.
struct EventBudget {
  std::uint64_t left = 0;
  std::uint64_t runs = 0;
  bool spent = false;  ///< something was left untried
  /// A run had so many more events than was thought.
  void spend(std::uint64_t more) { left -= more < left ? more : left; }
  bool afford(std::uint64_t events) {
    if (events > left) {
      spent = true;
      return false;
    }
    left -= events;
    ++runs;
    return true;
  }
};

/// `base` is what `run`, told and recorded, has just come to, and `past` what happened before that. Of a bad outcome those races count whose reversal makes it good; of a good one
/// those that make it another.
std::vector<CriticalRace> critical_races(CounterfactualRun& run, const AskedOutcome& base, const EventSet& past,
                                         EventBudget& budget);

}  // namespace georep
