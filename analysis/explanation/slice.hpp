// What of a run bears on an outcome: the backward slice of happens-before, in the words of the chronicle, with what came too late or
// was not seen.
#pragma once

#include <vector>

#include "analysis/explanation/counterfactual_run.hpp"
#include "analysis/explanation/explanation.hpp"
#include "analysis/explanation/recorded_run.hpp"

namespace georep {

struct OutcomeSlice {
  std::vector<Circumstance> circumstances;
  EventSet past;  ///< the events that happened before the outcome; of none where causes are not known
};

/// `expectation`: what is asked about, where it is no operation.
OutcomeSlice slice_of(const RecordedRun& run, const Question& question, const ExpectationSpec* expectation,
                      const AskedOutcome& outcome);

}  // namespace georep
