// What a report on one run is made from.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/experiments/scenario.hpp"
#include "models/world/plan.hpp"

namespace georep {

struct RunReport {
  const Scenario& scenario;
  const Plan& plan;
  const RunResult& result;
  std::string file;                ///< the scenario's, as the user named it
  std::string replay;              ///< the command that runs it again
  std::vector<std::string> notes;  ///< what a reader should know of the verdicts, a sentence or more each
  bool all_measures = false;       ///< beside those that the expectations ask for
  /// Of an expectation that failed, by its index: why, in a few lines.
  std::map<std::size_t, std::vector<std::string>> explanations = {};
};

/// The name of the image with that digest, or the digest's beginning where the scenario has none, or empty.
std::string content_name(const Plan& plan, const std::optional<std::string>& digest);

/// `westeurope, samples/helloworld:v1`; empty for a measure of everything.
std::string labels_text(const MeasureRow& row);

/// The rows that the expectations of a scenario ask for.
std::vector<const MeasureRow*> asked_measures(const Scenario& scenario, const RunResult& result);

/// A figure in the unit of a measure.
std::string figure_of(std::string_view measure, double value);
std::string figure_of(const MeasureRow& row, double value);

/// What a run came to, in a line: `6 expectations held`, `2 of 6 expectations failed`.
std::string verdict_text(const RunResult& result);

/// That a run had no end of its own (`RunResult::endless`), and what to write.
std::string endless_text(const RunResult& result);

/// The run's trace hash as it is printed: 16 hexadecimal digits.
std::string trace_hash_text(const RunResult& result);

}  // namespace georep
