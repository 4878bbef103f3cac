// What the clouds charge for bytes that leave a region for another of the same cloud: list prices of early 2023 at
// the first volume tier. Sources: models/data/tables/README.md.
#pragma once

#include <optional>
#include <string_view>

#include "sim/fields/quantities.hpp"

namespace georep {

/// The price of a gigabyte from one region of a cloud to another, or nothing where it is not known. `cloud` is azure, aws
/// or gcp, the regions are named as in clouds.hpp.
std::optional<Price> egress_price(std::string_view cloud, std::string_view from, std::string_view to);

}  // namespace georep
