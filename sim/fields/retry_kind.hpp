// How `retry:` is written, wherever it stands.
#pragma once

#include "sim/fields/kind.hpp"
#include "sim/fields/retry_spec.hpp"

namespace georep {

/// `none`, or a map such as `{first: 1 s, factor: 2, most: 30 s, attempts: 10}` or `{waits: [5 s,
/// 10 s]}`.
KindOf<RetrySpec> retry();

}  // namespace georep
