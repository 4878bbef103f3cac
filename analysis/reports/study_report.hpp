// What many runs say together, as text, JSON and CSV. Times are seconds, sizes bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/across_runs.hpp"
#include "analysis/experiments/prediction.hpp"
#include "analysis/experiments/scenario.hpp"
#include "analysis/experiments/variation.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

/// Runs of one scenario.
struct RunsReport {
  const Scenario& scenario;
  const RunsSummary& summary;
  bool goal_met = true;            ///< false: a precision that was asked for was not reached
  std::vector<std::string> notes;  ///< what a reader should know, a sentence or more each
  bool all_measures = false;       ///< beside those that the expectations ask for
};

std::string runs_text(const RunsReport& report, const TextStyle& style);
std::string runs_json(const RunsReport& report);

/// One point of a sweep.
struct SweptPoint {
  PointSettings settings;
  RunsSummary summary;
  /// Of each expectation what theory says of its figure, where a closed form applies; see prediction.hpp.
  std::vector<std::optional<Prediction>> predictions = {};
};

/// Every point has one run at least.
struct SweepReport {
  const Scenario& scenario;
  std::vector<SweptPoint> points;
  bool interrupted = false;
};

std::string sweep_text(const SweepReport& report, const TextStyle& style);
std::string sweep_json(const SweepReport& report);
/// A line for each point and measure (RFC 4180), the varied paths first.
std::string sweep_csv(const SweepReport& report);

/// `3.1 s ± 0.2 s`; of one run the value alone.
std::string estimate_text(const std::string& measure, const Estimate& estimate);

}  // namespace georep
