#include "sim/cli/version.hpp"

#include <fmt/format.h>

#include "models/world/model_version.hpp"

namespace georep {

std::string version_text() {
  return fmt::format("georep {} (model {})", GEOREP_VERSION, model_version);
}

}  // namespace georep
