// What a search over schedules may decide: the section `uncertainty:`. An ordinary run decides none
// of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

/// From the first to the second, both included.
using DurationRange = std::array<Duration, 2>;

/// Plus or minus a share of the nominal value, or anything within a range.
using DelaySpread = std::variant<Ratio, DurationRange>;

/// When a named entry of the timeline may happen.
struct UncertainTime {
  std::string name;
  DurationRange range;
  friend bool operator==(const UncertainTime&, const UncertainTime&) = default;
};

enum class UncertainFault : std::uint8_t {
  duplicate_delivery,
  reordered_delivery,
  replication_crash,
  lost_webhook,
  lost_invalidation,
};

struct UncertainFaults {
  std::int64_t at_most = 0;
  std::vector<UncertainFault> of;
  friend bool operator==(const UncertainFaults&, const UncertainFaults&) = default;
};

struct UncertaintySpec {
  bool ties = false;                       ///< the order of events at one instant
  std::optional<DelaySpread> latency;      ///< each message's delay
  std::optional<Ratio> bandwidth;          ///< each transfer's duration, plus or minus
  std::optional<DelaySpread> storage;      ///< each storage access
  std::optional<DelaySpread> start_delay;  ///< each replication's start
  std::vector<UncertainTime> at;
  std::optional<UncertainFaults> faults;
  friend bool operator==(const UncertaintySpec&, const UncertaintySpec&) = default;
};

}  // namespace georep
