// How the section `network:` is written.
#pragma once

#include <string_view>

#include "models/network/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The preset as a scenario writes it.
std::string_view text(NetworkPreset preset);

/// The declared fields of `network:`.
const RecordOf<NetworkSpec>& network_fields();

}  // namespace georep
