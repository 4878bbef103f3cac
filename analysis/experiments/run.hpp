// One run of a scenario: the world, everything that observes it, and what came of both. A runner is built once and reset between runs, so that
// an exploration can judge tens of thousands of small runs a second.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "analysis/verdicts/sum_of_durations.hpp"
#include "analysis/verdicts/violation.hpp"
#include "models/world/world.hpp"

namespace georep {

/// The samples of one measure under some labels, condensed. Durations are in seconds, sizes in bytes, money in US dollars, ratios and counts plain.
struct MeasureRow {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;  ///< region, of, link, code, cluster: those that apply
  std::string unit;                                         ///< s, B, USD, or empty
  bool exact = true;  ///< whether the percentiles are; otherwise within 0.1 %
  std::int64_t count = 0;
  double sum = 0;
  double mean = 0;  ///< this and all below are 0 where there is no sample
  double min = 0;
  double max = 0;
  double stddev = 0;  ///< of two samples at least; otherwise 0
  double p50 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;
  double p999 = 0;
};

struct ExpectationResult {
  std::size_t index = 0;  ///< in the order of the scenario, from 0
  std::string text;       ///< the expectation in words
  int line = 0;           ///< where it stands in the file; 0 where it came from none
  bool passed = false;
  std::string detail;            ///< what was found, where and when; never empty where it failed
  std::optional<double> figure;  ///< what was compared with a bound: in seconds, bytes, US dollars or plain
};

/// What became of an operation of the timeline.
struct OperationResult {
  std::string name;
  std::string kind;  ///< push, pull, retag, untag, delete
  std::string reference;
  std::string host;
  std::string issued_from;  ///< empty: the host itself
  std::string replica;      ///< the last that was asked; empty where none was
  Instant at;               ///< when it began; where it never did, the end of the run
  Duration duration;        ///< of all attempts; of one that is unfinished, so far
  std::uint32_t attempts = 0;
  std::string outcome;                ///< `ok`, an error code, or `unfinished`
  std::optional<std::string> digest;  ///< `sha256:…` of what was pushed or pulled
};

/// What became of an event that a webhook fired.
struct DeliveryResult {
  std::string webhook;
  std::string event;  ///< its id, the same in every run of a scenario under one seed
  std::string action;
  std::string reference;  ///< `repository:tag`, or the repository alone for a deletion
  std::string digest;
  Instant fired_at;
  std::uint32_t attempts = 0;
  int status = 0;  ///< of the last attempt; 0 where none was made
  std::optional<Instant> ended_at;
};

struct RunResult {
  bool passed = true;        ///< every expectation was met
  bool interrupted = false;  ///< `Runner::stop` ended it before its time
  bool endless = false;      ///< no `duration` was stated and the work had no end (`World::run`): it was cut off, and has not passed
  Instant ended_at;
  std::uint64_t events = 0;
  std::uint64_t trace_hash = 0;
  std::uint64_t seed = 0;
  std::vector<OperationResult> operations;
  std::vector<DeliveryResult> deliveries;
  std::vector<MeasureRow> measures;
  std::vector<ExpectationResult> expectations;
};

struct RunOptions {
  /// Every measure that had a sample, by its finest labels, beside those that expectations ask for.
  bool all_measures = false;
  /// Whether all of these are told apart by tag, of which a workload makes a new one with each push.
  bool by_tag = true;
  /// A violated expectation ends the run, where no more can be learnt about it.
  bool stop_at_violation = false;
};

class Runner {
 public:
  /// Scenario and plan must outlive the runner; the plan is that of the scenario's world.
  explicit Runner(const Scenario& scenario, const Plan& plan, RunOptions options = {});
  ~Runner();

  /// Runs from the start to the end that the scenario states, or to `until` if that is earlier, and tells all.
  RunResult run(std::uint64_t seed, std::uint64_t run,
                std::optional<Instant> until = std::nullopt);

  /// The same, but tells only what was violated, first of all. Costs what the expectations need and builds no text.
  const Violations& judge(std::uint64_t seed, std::uint64_t run,
                          std::optional<Instant> until = std::nullopt);

  /// Ends the run under way after the event that is being dispatched. The only member that another thread or a signal may call.
  void stop();

  /// The sums of durations that verdicts on the latest run hang on, if that was one of a search.
  std::vector<SumOfDurations> sums() const;

  /// The verdict of one expectation after `judge` or `run`.
  ExpectationResult verdict(std::size_t expectation) const;

  /// Whether the latest run had no end (`World::run`).
  bool endless() const;

  World& world();

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace georep
