// Small scenarios for tests, built without a file: a world with expectations, and what a run of it came to.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "tests/support/world_builder.hpp"

namespace georep::test {

/// A run of a scenario, with everything measured.
class RanScenario {
 public:
  RanScenario(WorldSpec world, std::vector<ExpectationSpec> expect, std::uint64_t seed = 1)
      : scenario_{std::move(world), {}, std::move(expect)},
        plan_{*compile(scenario_.world)},
        runner_{scenario_, plan_, RunOptions{.all_measures = true}},
        result_{runner_.run(seed, 0)} {}

  const RunResult& result() const { return result_; }
  const ExpectationResult& expectation(std::size_t index) const {
    return result_.expectations[index];
  }
  bool passed(std::size_t index) const { return result_.expectations[index].passed; }

  /// The row of a measure under exactly those labels; null if it has no sample.
  const MeasureRow* row(std::string_view name,
                        std::vector<std::pair<std::string, std::string>> labels) const {
    for (const MeasureRow& found : result_.measures)
      if (found.name == name && found.labels == labels) return &found;
    return nullptr;
  }
  Runner& runner() { return runner_; }

 private:
  Scenario scenario_;
  Plan plan_;
  Runner runner_;
  RunResult result_;
};

inline ExpectationSpec expect_never(std::string what) {
  NeverExpectation never;
  never.what = std::move(what);
  return {never, {}};
}
inline ExpectationSpec expect_always(std::string invariant) {
  return {AlwaysExpectation{std::move(invariant)}, {}};
}
inline ExpectationSpec expect_converged(std::optional<Duration> within = std::nullopt) {
  return {EventuallyExpectation{"converged", within}, {}};
}
/// A measure whose bound never fails, to see its figure.
inline MeasureExpectation measure(std::string name, std::string statistic) {
  MeasureExpectation result;
  result.measure = std::move(name);
  result.statistic = std::move(statistic);
  result.bound = AboveBound{Quantity{Quantity::Dimension::number, -1}};
  return result;
}

}  // namespace georep::test
