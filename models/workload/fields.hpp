// How the entries of `workloads:` are written.
#pragma once

#include "models/workload/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of one entry of `workloads:`.
const RecordOf<WorkloadSpec>& workload_fields();

}  // namespace georep
