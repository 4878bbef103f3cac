// By how much a run meets what a scenario expects: the number that a plan drives to zero.
#pragma once

#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/experiments/scenario.hpp"

namespace georep {

/// Of each expectation by how much it is met, in the order of the scenario. Of a bound on a
/// measure: the distance of the figure from the bound as a share of the bound, positive on the good
/// side, and -1 where there was no figure. Of anything else: what `share` of the runs may be added
/// up to, so that the mean over runs is positive where more than `share` of them met it.
std::vector<double> slack_of(const Scenario& scenario, const RunResult& run, double share);

/// The distance of a figure from its bound, as above.
double slack_of_bound(const MeasureBound& bound, double figure);

}  // namespace georep
