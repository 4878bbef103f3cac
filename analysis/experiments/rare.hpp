// How rarely a scenario's run violates an expectation, by multilevel splitting; see splitting.hpp.
#pragma once

#include <cstdint>
#include <memory>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/experiments/splitting.hpp"

namespace georep {

/// How near a run has come to a violation. A replica is exposed as long as what it answers for a tag is out of date or not whole.
enum class Exposure : std::uint8_t {
  longest,  ///< the longest time that a replica is exposed by now
  total,    ///< all such times so far, added up
};

/// The runs of a scenario, for `split` with the target `violated`. The scenario must outlive it.
std::unique_ptr<SplitModel> violation_model(CompiledPtr compiled, std::uint64_t seed, Exposure exposure);

/// The score of a run that violated an expectation.
inline constexpr double violated = 1e18;

}  // namespace georep
