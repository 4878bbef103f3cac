// What a search runs, again and again.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/verdicts/sum_of_durations.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

class Subject {
 public:
  virtual ~Subject() = default;
  virtual Simulation& simulation() = 0;
  /// Resets the simulation and runs it to its end; a function of nothing but what the simulation's chooser decides. Yields what it came to,
  /// in the subject's own terms.
  virtual std::uint64_t execute() = 0;
  /// What every event goes by without noting it, if that changes in mid-run; whoever changes it notes that.
  virtual std::optional<SharedObject> conditions() { return std::nullopt; }
  /// The sums of durations that this hangs on as well: the same events at other times may come to something else.
  virtual std::vector<SumOfDurations> sums() const { return {}; }
};

}  // namespace georep
