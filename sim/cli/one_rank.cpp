// A program without MPI: one rank.
#include "sim/cli/ranks.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

class Ranks::Parts {};

Ranks::Ranks() = default;
Ranks::~Ranks() = default;

bool Ranks::first() const { return true; }
bool Ranks::alone() const { return true; }

OrProblem<SweepOutcome> Ranks::lead(const Scenario& scenario, ResultsStore& store, const SweepRequest& request,
                                    const SampleReader* samples) const {
  return sweep(scenario, store, request, samples);
}

void Ranks::call_off() const {}

void Ranks::help(const Scenario&, const std::vector<PointSettings>&, const SweepRequest&, const SampleReader*) const {
  GEOREP_ASSERT(false, "one rank helps nobody");
}

}  // namespace georep
