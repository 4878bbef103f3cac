// The processes that `mpirun` has started together, each a rank; without MPI, or outside of mpirun, there is one.
#pragma once

#include <memory>
#include <vector>

#include "analysis/experiments/sweep.hpp"

namespace georep {

class Ranks {
 public:
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  bool first() const;  ///< the rank that has the store and prints
  bool alone() const;

  /// On the first rank: deals out the missing runs one after another to whoever is free, itself too, and stores all of them.
  OrProblem<SweepOutcome> lead(const Scenario& scenario, ResultsStore& store, const SweepRequest& request,
                               const SampleReader* samples) const;
  /// On the first rank, in the place of `lead`: there is nothing to do.
  void call_off() const;
  /// On the others: makes what the first one deals out, and sends it.
  void help(const Scenario& scenario, const std::vector<PointSettings>& points, const SweepRequest& request,
            const SampleReader* samples) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace georep
