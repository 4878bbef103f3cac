// The clouds whose regions and measured round trips a scenario can take as its network: `preset: azure`. Where the
// figures come from, and what was left out, stands in models/data/tables/README.md. Measured round trips break the
// triangle inequality; nothing here smooths them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/kernel/time.hpp"

namespace georep {

struct CloudRegion {
  std::string_view name;  ///< as the cloud's API writes it: westeurope, eu-west-1, europe-west1
  double latitude = 0;    ///< degrees, north is positive
  double longitude = 0;   ///< degrees, east is positive
  std::string_view display_name;
};

/// A cloud's regions and the round trips measured between them.
class CloudPreset {
 public:
  /// From tables with the columns `name,latitude,longitude,display_name` and `from,to,rtt_ms`, which must outlive this.
  CloudPreset(std::string_view name, std::string_view measurement, std::string_view regions_table,
              std::string_view round_trips_table);

  /// azure, aws or gcp.
  std::string_view name() const { return name_; }
  /// What was measured and when, for reports: "median, 30 days to 2025-06-29".
  std::string_view measurement() const { return measurement_; }
  /// The regions in the order of their names. Every two of them have a measured round trip.
  const std::vector<CloudRegion>& regions() const { return regions_; }

  /// The round trip measured from one region to another; where only the way back was measured, that one. Nothing for
  /// a region that is not of this cloud, or from a region to itself.
  std::optional<Duration> round_trip(std::string_view from, std::string_view to) const;
  /// Likewise, by places in regions().
  std::optional<Duration> round_trip(std::size_t from, std::size_t to) const {
    return round_trips_[from * regions_.size() + to];
  }

 private:
  std::optional<std::size_t> position(std::string_view region) const;
  std::optional<Duration>& cell(std::size_t from, std::size_t to);

  std::string_view name_;
  std::string_view measurement_;
  std::vector<CloudRegion> regions_;
  std::vector<std::optional<Duration>> round_trips_;  // row by row
};

/// The names of the clouds: aws, azure, gcp.
const std::vector<std::string_view>& cloud_names();

/// The cloud of that name, or null. Its tables are read at the first call.
const CloudPreset* find_cloud(std::string_view name);

}  // namespace georep
