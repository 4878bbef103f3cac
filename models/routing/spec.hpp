// What a scenario says of the traffic manager that answers hosts with a replica.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

struct NearestPolicy {
  friend bool operator==(const NearestPolicy&, const NearestPolicy&) = default;
};
struct PriorityPolicy {
  std::vector<std::string> regions;  ///< best first
  friend bool operator==(const PriorityPolicy&, const PriorityPolicy&) = default;
};
struct RegionWeight {
  std::string name;
  std::int64_t weight = 0;
  friend bool operator==(const RegionWeight&, const RegionWeight&) = default;
};
struct WeightedPolicy {
  std::vector<RegionWeight> weights;
  friend bool operator==(const WeightedPolicy&, const WeightedPolicy&) = default;
};
struct PinnedPolicy {
  std::string region;
  friend bool operator==(const PinnedPolicy&, const PinnedPolicy&) = default;
};
using RoutingPolicy = std::variant<NearestPolicy, PriorityPolicy, WeightedPolicy, PinnedPolicy>;

struct ProbeSpec {
  Duration interval = 30_s;
  Duration timeout = 10_s;
  std::int64_t tolerated_failures = 3;  ///< in a row; one more and the replica leaves the answers
  friend bool operator==(const ProbeSpec&, const ProbeSpec&) = default;
};

struct RoutingSpec {
  RoutingPolicy policy;
  Duration dns_ttl = 60_s;
  std::optional<ProbeSpec> probe;  ///< empty: nothing ever leaves the answers
  friend bool operator==(const RoutingSpec&, const RoutingSpec&) = default;
};

}  // namespace georep
