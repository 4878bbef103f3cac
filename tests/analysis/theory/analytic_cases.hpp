// The cases with known answers of tests/data/analytic-cases.json, and what analysis/theory says of
// them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace georep::test {

/// One figure that theory gives for a case: a number, or as many as the case lists.
using Answers = std::map<std::string, std::vector<double>>;

struct AnalyticCase {
  std::string id;
  std::string family;
  std::string check;
  Answers expected;
};

/// All cases but those of the explorer, each with the answers that the file states.
std::vector<AnalyticCase> analytic_cases();

/// What the theory computes for a case from the inputs in the file; throws std::out_of_range on a
/// family that no computation is known for.
Answers theory_of(const std::string& id);

}  // namespace georep::test
