// How much of the start of a run to drop.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace georep {

/// How many samples at the start of a sequence to drop so that the mean of the rest has the least
/// marginal standard error: MSER on means of five. Empty where the best cut lies in the last half,
/// which says that the sequence has not settled. Source: White 1997; Franklin & White 2008.
std::optional<std::size_t> suggested_warmup(std::span<const double> sequence);

}  // namespace georep
