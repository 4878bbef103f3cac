// How the section `network:` is written.
#pragma once

#include "models/network/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of `network:`.
const RecordOf<NetworkSpec>& network_fields();

}  // namespace georep
