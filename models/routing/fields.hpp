// How the section `routing:` is written.
#pragma once

#include "models/routing/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of `routing:`.
const RecordOf<RoutingSpec>& routing_fields();

}  // namespace georep
