// The results of a sweep as a page: every combination with its expectations, and how each measure moves along what was varied.
#pragma once

#include <string>
#include <vector>

#include "analysis/experiments/across_runs.hpp"
#include "analysis/experiments/store.hpp"

namespace georep {

struct StoredPoint {
  PointSettings settings;
  RunsSummary summary;
};

/// One HTML file that opens offline. Points without a run are left out.
std::string store_report(const SweepIdentity& sweep, const std::vector<StoredPoint>& points);

}  // namespace georep
