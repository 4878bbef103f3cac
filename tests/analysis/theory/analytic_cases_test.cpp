#include "tests/analysis/theory/analytic_cases.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace georep::test;

TEST_CASE("theory gives every figure of every case with a known answer, to nine digits") {
  const std::vector<AnalyticCase> cases = analytic_cases();
  CHECK(cases.size() == 52);
  for (const AnalyticCase& each : cases) {
    CAPTURE(each.id);
    const Answers computed = theory_of(each.id);
    for (const auto& [name, expected] : each.expected) {
      CAPTURE(name);
      REQUIRE(computed.contains(name));
      const std::vector<double>& values = computed.at(name);
      REQUIRE(values.size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CAPTURE(expected[i]);
        CAPTURE(values[i]);
        CHECK(std::abs(values[i] - expected[i]) <= 1e-9 * std::abs(expected[i]));
      }
    }
  }
}
