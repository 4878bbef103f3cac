// How the entries of `expect:` are written.
#pragma once

#include <string>

#include "analysis/verdicts/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of one entry of `expect:`.
const RecordOf<ExpectationSpec>& expectation_fields();

/// The entry in words, as a run prints it: `operation first-push succeeds`.
std::string text_of(const ExpectationSpec& expectation);

}  // namespace georep
