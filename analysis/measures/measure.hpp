// The measures of the scenario language, as what observers of a run record them under.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "models/network/ids.hpp"
#include "models/registry/error_code.hpp"
#include "models/registry/ids.hpp"

namespace georep {

/// In the order of `measure_terms()`.
enum class Measure : std::uint8_t {
  push_duration,
  pull_duration,
  manifest_latency,
  replication_lag,
  manifest_lag,
  visible_lag,
  staleness,
  errors,
  cache_hit_ratio,
  cache_requests,
  parent_cache_hit_ratio,
  parent_cache_requests,
  storage_requests,
  storage_wait,
  storage_utilization,
  link_bytes,
  link_utilization,
  egress_bytes,
  egress_cost,
  webhook_delay,
  webhook_attempts,
  version_skew,
  queue_depth,
};
inline constexpr std::size_t measure_count = static_cast<std::size_t>(Measure::queue_depth) + 1;

/// The measure of that name, or nothing.
std::optional<Measure> measure_named(std::string_view name);
std::string_view text(Measure measure);

/// What a sample belongs to. What does not apply stays none.
struct Labels {
  RegionId region = RegionId::none;
  TagId tag = TagId::none;
  LinkId link = LinkId::none;
  std::optional<ErrorCode> code;
  /// An index into the plan's clusters: tells their totals apart, and is not asked for.
  std::uint32_t cluster = 0xFFFF'FFFF;
};

/// Which samples of a measure are asked for: those of a region, a tag, a link, a code, or all.
struct MeasureQuery {
  Measure measure{};
  Labels labels;  ///< none: whatever it is
};

}  // namespace georep
