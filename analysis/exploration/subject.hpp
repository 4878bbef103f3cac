// What a search runs, again and again.
#pragma once

#include <cstdint>

#include "sim/kernel/simulation.hpp"

namespace georep {

class Subject {
 public:
  virtual ~Subject() = default;
  virtual Simulation& simulation() = 0;
  /// Resets the simulation and runs it to its end; a function of nothing but what the simulation's chooser decides. Yields what it came to,
  /// in the subject's own terms.
  virtual std::uint64_t execute() = 0;
};

}  // namespace georep
