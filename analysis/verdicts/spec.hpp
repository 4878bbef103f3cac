// What a scenario expects: the section `expect:`. Names of codes, measures and invariants stay as
// written; vocabulary.hpp has what they may be.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

/// How one operation of the timeline ends. At least one of `succeeds`, `fails`, `gets` is given.
struct OperationExpectation {
  std::string operation;
  std::optional<bool> succeeds;
  std::string fails;  ///< an error code; empty: not asked
  std::string gets;   ///< an image; empty: not asked
  std::optional<Duration> within;
  friend bool operator==(const OperationExpectation&, const OperationExpectation&) = default;
};

/// An error code or an anomaly (`stale-read`, `lost-tag`, …) that must not occur.
struct NeverExpectation {
  std::string what;
  Duration longer_than;  ///< only for `stale-read`
  std::string region;    ///< empty: anywhere
  std::string of;        ///< a reference; empty: any
  friend bool operator==(const NeverExpectation&, const NeverExpectation&) = default;
};

/// An invariant that is checked as facts arrive.
struct AlwaysExpectation {
  std::string invariant;
  friend bool operator==(const AlwaysExpectation&, const AlwaysExpectation&) = default;
};

/// A state (`converged`) that is reached and then kept.
struct EventuallyExpectation {
  std::string state;
  std::optional<Duration> within;
  friend bool operator==(const EventuallyExpectation&, const EventuallyExpectation&) = default;
};

struct BelowBound {
  Quantity limit;
  friend bool operator==(const BelowBound&, const BelowBound&) = default;
};
struct AboveBound {
  Quantity limit;
  friend bool operator==(const AboveBound&, const AboveBound&) = default;
};
/// Includes both ends.
struct BetweenBound {
  std::array<Quantity, 2> limits;
  friend bool operator==(const BetweenBound&, const BetweenBound&) = default;
};
struct EqualsBound {
  Quantity value;
  friend bool operator==(const EqualsBound&, const EqualsBound&) = default;
};
using MeasureBound = std::variant<BelowBound, AboveBound, BetweenBound, EqualsBound>;

struct MeasureExpectation {
  std::string measure;
  std::string of;                                  ///< a reference; empty: all
  std::string region;                              ///< empty: all
  std::optional<std::array<std::string, 2>> link;  ///< from, to; empty: all
  std::string code;                                ///< an error code; empty: all
  std::string statistic;
  MeasureBound bound;
  friend bool operator==(const MeasureExpectation&, const MeasureExpectation&) = default;
};

/// The distinct contents that run in a cluster.
struct RunningExpectation {
  std::string cluster;
  std::optional<Duration> at;  ///< empty: at the end
  std::vector<std::string> images;
  friend bool operator==(const RunningExpectation&, const RunningExpectation&) = default;
};

struct WebhookExpectation {
  std::string webhook;
  std::optional<std::int64_t> fires;
  std::optional<std::int64_t> status;
  std::optional<Duration> within;
  friend bool operator==(const WebhookExpectation&, const WebhookExpectation&) = default;
};

struct ExpectationSpec {
  std::variant<OperationExpectation, NeverExpectation, AlwaysExpectation, EventuallyExpectation,
               MeasureExpectation, RunningExpectation, WebhookExpectation>
      what;
  Place place;
  friend bool operator==(const ExpectationSpec&, const ExpectationSpec&) = default;
};

}  // namespace georep
