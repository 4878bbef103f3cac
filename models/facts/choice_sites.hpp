// Where a search may let a fault strike: the kind of the fault and a stable hash of the place, in one number.
#pragma once

#include <cstdint>

#include "sim/kernel/simulation.hpp"

namespace georep {

enum class FaultSite : std::uint8_t {
  duplicate_delivery = 1,  ///< a change that was copied to its end is copied once more
  reordered_delivery,      ///< a record is overtaken by those behind it
  replication_crash,       ///< the copying of a change ends half done and is tried again
  lost_webhook,            ///< an attempt at a delivery never reaches its receiver
  lost_invalidation,       ///< the destination never hears of an invalidation
};

/// The site of a choice of kind `ChoiceKind::fault`.
constexpr std::uint64_t fault_site(FaultSite fault, std::uint64_t place) {
  return static_cast<std::uint64_t>(fault) << 56 | place >> 8;
}

/// The fault that is chosen at such a site.
constexpr FaultSite fault_at(std::uint64_t site) { return static_cast<FaultSite>(site >> 56); }

/// Whether the fault strikes at that place; never without a search. Each place is asked once in a run.
inline bool strikes(Simulation& simulation, FaultSite fault, std::uint64_t place) {
  return simulation.has_chooser() &&
         simulation.choose(fault_site(fault, place), ChoiceKind::fault, 2) != 0;
}

}  // namespace georep
