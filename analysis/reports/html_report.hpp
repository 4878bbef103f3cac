// A run as a page: verdicts, what happened and when, measures, and how the replicas fared over time.
#pragma once

#include <string>

#include "analysis/reports/run_report.hpp"
#include "analysis/reports/series.hpp"

namespace georep {

std::string html_report(const RunReport& report, const SeriesRecorder& series);

}  // namespace georep
