#include "analysis/reports/run_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/reports/figures.hpp"
#include "analysis/verdicts/vocabulary.hpp"

namespace georep {

std::string content_name(const Plan& plan, const std::optional<std::string>& digest) {
  if (!digest) return {};
  for (std::size_t i = 0; i < plan.content.manifest_count(); ++i) {
    const Manifest& manifest = plan.content.manifest(ManifestId{static_cast<std::uint32_t>(i)});
    if (manifest.digest.text() == *digest) return manifest.name;
  }
  constexpr std::size_t prefix_and_twelve_digits = 19;
  return digest->substr(0, prefix_and_twelve_digits);
}

std::string labels_text(const MeasureRow& row) {
  std::string text;
  for (const auto& [label, value] : row.labels) {
    if (!text.empty()) text += ", ";
    // A region or a tag speaks for itself.
    text += value;
  }
  return text;
}

std::string figure_of(const MeasureRow& row, double value) {
  const MeasureTerm* term = find_measure(row.name);
  const bool ratio = term != nullptr && term->dimension == Quantity::Dimension::ratio;
  return figure(value, ratio ? "ratio" : std::string_view{row.unit});
}

std::string verdict_text(const RunResult& result) {
  const std::size_t all = result.expectations.size();
  const auto failed = static_cast<std::size_t>(
      std::count_if(result.expectations.begin(), result.expectations.end(),
                    [](const ExpectationResult& expectation) { return !expectation.passed; }));
  if (all == 0) return "nothing was expected";
  if (failed > 0) return fmt::format("{} of {} failed", failed, counted(all, "expectation"));
  return counted(all, "expectation") + " held";
}

std::string trace_hash_text(const RunResult& result) {
  return fmt::format("{:016x}", result.trace_hash);
}

}  // namespace georep
