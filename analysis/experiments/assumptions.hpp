// Which verdicts rest on a default that nobody has published.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/experiments/run.hpp"

namespace georep {

/// A default of the language that is ours: no vendor's page, code or report states the value (grade A in docs/model.md).
struct Assumption {
  std::string_view path;
  std::string_view value;                      ///< as it is by default
  std::vector<std::string_view> alternatives;  ///< what it may be as well, in a real registry
};
const std::vector<Assumption>& assumptions();

/// That a verdict is another one under another value of an assumed default.
struct RestsOnAssumption {
  std::size_t expectation = 0;
  const Assumption* assumption = nullptr;
  std::string_view alternative;  ///< with it the expectation fails where it held, or holds where it failed
  bool passes = false;           ///< what the alternative's verdict is
  friend bool operator==(const RestsOnAssumption&, const RestsOnAssumption&) = default;
};

/// Runs the scenario again with each assumed default set to each alternative, and tells which verdicts of `run` turn: for an expectation
/// and a path the first alternative that does it. Left out are paths that `written` says somebody has set, and those whose value is not
/// the default. Costs a run for each alternative.
std::vector<RestsOnAssumption> resting_on_assumptions(const Scenario& scenario, const RunResult& run, std::optional<Instant> until,
                                                      const std::function<bool(std::string_view path)>& written);

/// What a reader of the verdicts should know, a sentence or two for each assumption: which verdicts rest on it, and which `--set` shows it.
std::vector<std::string> texts_of(const std::vector<RestsOnAssumption>& resting, const RunResult& run);

}  // namespace georep
