// The clouds whose regions and measured round trips come with the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/time.hpp"

namespace georep {

struct CloudRegion {
  std::string name;
};

class CloudPreset {
 public:
  const std::vector<CloudRegion>& regions() const { return regions_; }
  std::optional<Duration> round_trip(std::string_view from, std::string_view to) const;

 private:
  std::vector<CloudRegion> regions_;
};

/// The cloud of that name, or null.
const CloudPreset* find_cloud(std::string_view name);

}  // namespace georep
