// What a fit found, as a fragment of a scenario and as JSON.
#pragma once

#include <optional>
#include <string>

#include "analysis/experiments/fit.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

struct FitReport {
  FitResult result;
  double confidence = 0.95;
  std::string preset;          ///< the cloud whose measured round trips were taken; empty: none
  std::size_t unobserved = 0;  ///< pushes that were not seen to arrive in a region where others were
};

/// Sections of a scenario that set what was found; comments have the intervals.
std::string fit_fragment(const FitReport& report);
/// What the observations do not tell, a sentence each.
std::vector<std::string> fit_caveats(const FitReport& report);
std::string fit_text(const FitReport& report, const TextStyle& style);
std::string fit_json(const FitReport& report);

}  // namespace georep
