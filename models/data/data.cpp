#include "models/data/clouds.hpp"
#include "models/data/images.hpp"

namespace georep {

std::optional<Duration> CloudPreset::round_trip(std::string_view, std::string_view) const {
  return std::nullopt;
}
const CloudPreset* find_cloud(std::string_view) { return nullptr; }
std::optional<std::vector<RealLayer>> find_real_image(std::string_view) { return std::nullopt; }

}  // namespace georep
