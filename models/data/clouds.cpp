#include "models/data/clouds.hpp"

#include <algorithm>

#include "models/data/rows.hpp"
#include "models/data/tables.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

CloudPreset::CloudPreset(std::string_view name, std::string_view measurement,
                         std::string_view regions_table, std::string_view round_trips_table)
    : name_{name}, measurement_{measurement} {
  for_each_row(regions_table, "name,latitude,longitude,display_name", [this](const auto row) {
    regions_.push_back({row[0], real_number(row[1]), real_number(row[2]), row[3]});
  });
  std::sort(regions_.begin(), regions_.end(),
            [](const CloudRegion& x, const CloudRegion& y) { return x.name < y.name; });

  round_trips_.resize(regions_.size() * regions_.size());
  for_each_row(round_trips_table, "from,to,rtt_ms", [this](const auto row) {
    const auto from = position(row[0]);
    const auto to = position(row[1]);
    GEOREP_ASSERT(from && to, "a round trip leads from a region of the table to another");
    cell(*from, *to) = milliseconds(row[2]);
  });
  for (std::size_t from = 0; from < regions_.size(); ++from)
    for (std::size_t to = 0; to < regions_.size(); ++to)
      if (!cell(from, to)) cell(from, to) = cell(to, from);
}

std::optional<std::size_t> CloudPreset::position(std::string_view region) const {
  const auto found = std::lower_bound(
      regions_.begin(), regions_.end(), region,
      [](const CloudRegion& known, std::string_view wanted) { return known.name < wanted; });
  if (found == regions_.end() || found->name != region) return std::nullopt;
  return static_cast<std::size_t>(found - regions_.begin());
}

std::optional<Duration>& CloudPreset::cell(std::size_t from, std::size_t to) {
  return round_trips_[from * regions_.size() + to];
}

std::optional<Duration> CloudPreset::round_trip(std::string_view from, std::string_view to) const {
  const auto row = position(from);
  const auto column = position(to);
  if (!row || !column) return std::nullopt;
  return round_trip(*row, *column);
}

const std::vector<std::string_view>& cloud_names() {
  static const std::vector<std::string_view> names{"aws", "azure", "gcp"};
  return names;
}

const CloudPreset* find_cloud(std::string_view name) {
  if (name == "aws") {
    static const CloudPreset aws{"aws", "mean of one series of pings between machines, April 2022",
                                 tables::aws_regions, tables::aws_rtt_ms};
    return &aws;
  }
  if (name == "azure") {
    static const CloudPreset azure{"azure", "median of the 30 days to 2025-06-29, published by the cloud",
                                   tables::azure_regions, tables::azure_rtt_ms};
    return &azure;
  }
  if (name == "gcp") {
    static const CloudPreset gcp{"gcp", "mean of one series of pings between machines, April 2022",
                                 tables::gcp_regions, tables::gcp_rtt_ms};
    return &gcp;
  }
  return nullptr;
}

}  // namespace georep
