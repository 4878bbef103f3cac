#include "analysis/reports/expectation_column.hpp"

#include <algorithm>
#include <variant>

#include "analysis/verdicts/fields.hpp"

namespace georep {

std::string column_of(const Scenario& scenario, const ExpectationSpec& expectation) {
  const auto* measure = std::get_if<MeasureExpectation>(&expectation.what);
  if (measure == nullptr) return text_of(expectation);
  const std::string figure = measure->statistic + " " + measure->measure;
  const auto alike = std::count_if(scenario.expect.begin(), scenario.expect.end(), [&](const ExpectationSpec& other) {
    const auto* asked = std::get_if<MeasureExpectation>(&other.what);
    return asked != nullptr && asked->statistic == measure->statistic && asked->measure == measure->measure;
  });
  const std::string which = !measure->region.empty() ? measure->region : !measure->of.empty() ? measure->of : measure->code;
  return alike > 1 && !which.empty() ? which + ": " + figure : figure;
}

}  // namespace georep
