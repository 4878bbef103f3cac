// Real images by name: their layers' digests and compressed sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace georep {

struct RealLayer {
  std::string digest;
  std::int64_t bytes = 0;
};

/// The layers of a real image, or nothing where the table has none of that name.
std::optional<std::vector<RealLayer>> find_real_image(std::string_view name);

}  // namespace georep
