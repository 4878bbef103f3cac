// Why an outcome came about, for people, for Mermaid, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "analysis/explanation/explanation.hpp"
#include "analysis/reports/text_style.hpp"

namespace georep {

std::string explanation_text(const Explanation& explanation, const TextStyle& style);

/// A Mermaid sequence diagram of what bears on the outcome, with its races as notes at the end.
std::string explanation_diagram(const Explanation& explanation);

/// One JSON object with `"georep": 1`, and a line end.
std::string explanation_json(const Explanation& explanation);

/// The same in two to five lines, to stand below a failed expectation.
std::vector<std::string> explanation_lines(const Explanation& explanation);

}  // namespace georep
