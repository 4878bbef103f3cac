// Why an operation came out as it did, or an expectation was violated: the backward slice of what happened before it, the races that it
// hangs on, and the settings that would have made it another outcome, each tried by running the scenario again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/explanation/chronicle.hpp"
#include "analysis/explanation/mechanisms.hpp"
#include "analysis/explanation/question.hpp"
#include "analysis/explanation/races_of_outcome.hpp"
#include "analysis/races/schedule.hpp"

namespace georep {

/// What bears on an outcome.
struct Circumstance {
  enum class Bearing : std::uint8_t {
    cause,   ///< it happened before the outcome, in the sense of Lamport
    unseen,  ///< earlier by the clock, but nothing on the way to the outcome knew of it
    late,    ///< after the outcome
  };
  Happening happening;
  Bearing bearing = Bearing::cause;
};

struct TriedMechanism {
  Mechanism mechanism;
  AskedOutcome outcome;       ///< with that setting
  bool removes = false;  ///< the outcome is then a good one
};

struct Explanation {
  std::string name;    ///< of the operation; of an expectation, its text
  Question::About about = Question::About::operation;
  std::string detail;  ///< where and when, in words
  AskedOutcome outcome;
  std::vector<Circumstance> circumstances;  ///< in the order of time
  std::vector<CriticalRace> races;
  std::vector<TriedMechanism> mechanisms;   ///< those that change the outcome; those first that remove it
  std::uint64_t reruns = 0;
  bool all_tried = true;  ///< false: the scenario is too long to try every delay or setting
};

struct ExplanationOptions {
  std::uint64_t run = 0;               ///< the number of the run
  std::uint64_t events = 4'000'000;   ///< how much to run again
};

/// The scenario is that of the question; the plan is its world's. Deterministic.
Explanation explain(const Scenario& scenario, const Plan& plan, const Question& question, const Schedule& schedule,
                    const ExplanationOptions& options);

}  // namespace georep
