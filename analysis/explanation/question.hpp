// What somebody wants explained: how an operation came out, or what became of an expectation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "models/world/plan.hpp"

namespace georep {

struct Question {
  enum class About : std::uint8_t { operation, expectation };
  std::string name;  ///< as it was asked
  About about = About::operation;
  /// Those of that name, by their index in the plan or in the scenario: of several, the first that came out badly is explained.
  std::vector<std::size_t> candidates;
};

/// A name is that of an operation, or of what an expectation is about: an error code, an anomaly, an invariant, a state, a measure,
/// a cluster, a webhook, or its whole text. Where the scenario expects nothing of an anomaly, a code, an invariant or a state, that
/// expectation is added to it. The error names what there is.
std::expected<Question, std::string> find_question(Scenario& scenario, const Plan& plan, const std::string& name);

/// The question about one expectation of a scenario.
Question question_about(const Scenario& scenario, std::size_t expectation);

}  // namespace georep
