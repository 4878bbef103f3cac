#include "analysis/reports/run_report.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "analysis/verdicts/vocabulary.hpp"
#include "sim/fields/figures.hpp"

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
  return figure_of(row.name, value);
}

std::string figure_of(std::string_view measure, double value) {
  const MeasureTerm* term = find_measure(measure);
  switch (term == nullptr ? Quantity::Dimension::number : term->dimension) {
    case Quantity::Dimension::duration: return figure(Duration::from_seconds(value));
    case Quantity::Dimension::size: return figure_of_bytes(value);
    case Quantity::Dimension::ratio: return figure_of_ratio(value);
    case Quantity::Dimension::money: return figure_of_number(value) + " USD";
    case Quantity::Dimension::number: break;
  }
  return figure_of_number(value);
}

std::vector<const MeasureRow*> asked_measures(const Scenario& scenario, const RunResult& result) {
  using Label = std::pair<std::string, std::string>;
  std::vector<const MeasureRow*> asked;
  for (const MeasureRow& row : result.measures) {
    const bool wanted = std::any_of(scenario.expect.begin(), scenario.expect.end(), [&](const auto& expectation) {
      const auto* spec = std::get_if<MeasureExpectation>(&expectation.what);
      if (spec == nullptr || spec->measure != row.name) return false;
      std::size_t labels = 0;
      for (const Label& label : {Label{"region", spec->region}, Label{"of", spec->of}, Label{"code", spec->code}}) {
        if (label.second.empty()) continue;
        ++labels;
        if (std::find(row.labels.begin(), row.labels.end(), label) == row.labels.end()) return false;
      }
      if (spec->link) ++labels;
      return labels == row.labels.size();
    });
    if (wanted) asked.push_back(&row);
  }
  return asked;
}

std::string verdict_text(const RunResult& result) {
  const std::size_t all = result.expectations.size();
  const auto failed = static_cast<std::size_t>(
      std::count_if(result.expectations.begin(), result.expectations.end(),
                    [](const ExpectationResult& expectation) { return !expectation.passed; }));
  if (result.endless) return "the run has no end";
  if (all == 0) return "nothing was expected";
  if (failed > 0) return fmt::format("{} of {} failed", failed, counted(all, "expectation"));
  return counted(all, "expectation") + " held";
}

std::string endless_text(const RunResult& result) {
  return fmt::format(
      "The run has no end: at {} something was still being tried again, long after the last moment that the scenario names. "
      "State a 'duration'.",
      figure(result.ended_at));
}

std::string trace_hash_text(const RunResult& result) {
  return fmt::format("{:016x}", result.trace_hash);
}

}  // namespace georep
