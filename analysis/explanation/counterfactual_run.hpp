// Runs a scenario again as it ran, or with one of its delays longer or shorter than it was, and says what came of the question.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/explanation/chronicle.hpp"
#include "analysis/explanation/question.hpp"
#include "analysis/exploration/recorder.hpp"
#include "analysis/measures/history.hpp"
#include "analysis/races/schedule.hpp"
#include "analysis/races/uncertainty.hpp"

namespace georep {

/// What became of the thing that the question is about.
struct AskedOutcome {
  std::string text;  ///< an error code, the content that was pulled, `holds`; equal outcomes have equal texts
  bool good = true;  ///< it ended well and up to date, or the expectation was met
  std::size_t chosen = 0;  ///< which of the question's candidates it is
  Instant at;              ///< when it came out
  friend bool operator==(const AskedOutcome& a, const AskedOutcome& b) { return a.text == b.text && a.good == b.good; }
};

/// One delay of a run, and how long it is to be.
struct ShiftedDelay {
  std::uint64_t site = 0;
  std::uint32_t nth = 0;
  Duration length;
};

class CounterfactualRun {
 public:
  /// All must outlive it. `recorded`: events are recorded, so that delays can be shifted and causes found. Without, the run goes its
  /// ordinary way, and there may be no schedule.
  CounterfactualRun(const Scenario& scenario, const Plan& plan, const Question& question, const Schedule& schedule,
                    std::uint64_t number, bool recorded);

  /// Runs once more. `told`: the chronicle is written.
  AskedOutcome run(const std::optional<ShiftedDelay>& shift, bool told);

  /// Runs from now on end there at the latest: where something tries again for ever, a change may leave it nothing to wait for.
  void end_by(Instant end) { end_by_ = end; }

  /// Of the latest run.
  const Trace& trace() const { return trace_; }
  const Chronicle& chronicle() const { return chronicle_; }
  std::uint64_t events() const { return events_; }
  std::string detail(std::size_t expectation) const;  ///< what its judge found
  World& world() { return runner_.world(); }
  const UncertaintyFreedom& uncertainty() const { return uncertainty_; }

 private:
  /// Any delay that a clock can count to.
  class AnyDelay : public Freedom {
   public:
    explicit AnyDelay(const UncertaintyFreedom& faults) : faults_{faults} {}
    Range delay(std::uint64_t, ChoiceKind, Duration nominal) const override;
    std::uint32_t values(std::uint64_t site, ChoiceKind kind, std::uint32_t count) const override {
      return faults_.values(site, kind, count);
    }

   private:
    const UncertaintyFreedom& faults_;
  };
  class Shifted;

  AskedOutcome operation_outcome();
  AskedOutcome expectation_outcome();

  const Scenario& scenario_;
  const Question& question_;
  const Schedule& schedule_;
  std::uint64_t number_;
  UncertaintyFreedom uncertainty_;
  AnyDelay freedom_;
  Runner runner_;
  std::unique_ptr<Recorder> recorder_;
  Trace trace_;
  History history_;
  Chronicle chronicle_;
  std::vector<std::optional<ManifestAnswered>> latest_;   // by host: its latest answer to a request of a tag
  std::vector<std::optional<ManifestAnswered>> answers_;  // by operation: what it went by
  std::optional<Instant> end_by_;
  const Violations* violations_ = nullptr;
  std::uint64_t events_ = 0;
};

}  // namespace georep
