// Pushes and arrivals as a table: what was seen of a registry, for `georep fit`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/fit.hpp"
#include "scenarios/reader/reader.hpp"
#include "sim/fields/diagnostic.hpp"

namespace georep {

struct ReadObservations {
  Observations observations;            ///< whole only where there is no diagnostic
  std::vector<Diagnostic> diagnostics;  ///< all that is wrong, each with its place
};

/// Reads comma-separated values (RFC 4180) with a line of names first: `event` (push or arrival), `name` (of the push),
/// `time` (seconds, or a moment as RFC 3339 has it), `region`, and `size`: of a push, the bytes of each blob that had to be copied,
/// as in `30 MiB + 6 KiB`; of an arrival, nothing. Columns may stand in any order, and others between them. Lines
/// that begin with # are comments.
ReadObservations read_observations(const SourceText& source);

}  // namespace georep
