// How `uncertainty:` is written.
#pragma once

#include "analysis/exploration/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of `uncertainty:`.
const RecordOf<UncertaintySpec>& uncertainty_fields();

}  // namespace georep
