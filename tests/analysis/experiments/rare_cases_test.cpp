// The rare events of tests/data/analytic-cases.json: what is known lies inside the interval, and the
// standard error is a twentieth at most.
#include <doctest/doctest.h>

#include "tests/analysis/experiments/rare_models.hpp"
#include "tests/analysis/theory/analytic_cases.hpp"

using namespace georep;
using namespace georep::test;

namespace {

double probability_of(const char* id) {
  return theory_of(id).at("probability")[0];
}

void check_rare(const SplittingResult& result, double truth) {
  CAPTURE(result.probability.value);
  CAPTURE(result.probability.low);
  CAPTURE(result.probability.high);
  CAPTURE(truth);
  CHECK(result.reached);
  CHECK(result.probability.covers(truth));
  CHECK(result.relative_error <= 0.05);
}

}  // namespace

TEST_CASE(
    "a queue that overflows once in a million busy periods is found so often, within a twentieth") {
  const auto model = [] { return std::make_unique<Queues>(0.5, std::vector<double>{1}); };
  check_rare(split_with(model, 20, 1000, 60), probability_of("rare-mm1-0.5-1-20"));
}

TEST_CASE("a queue that overflows five times in a thousand million is found so often") {
  const auto model = [] { return std::make_unique<Queues>(1, std::vector<double>{3}); };
  check_rare(split_with(model, 18, 1000, 80), probability_of("rare-mm1-1-3-18"));
}

TEST_CASE("two queues in series overflow together as the exact linear system says") {
  const auto model = [] { return std::make_unique<Queues>(0.1, std::vector<double>{0.45, 0.45}); };
  check_rare(split_with(model, 12, 1000, 80), probability_of("rare-tandem"));
}

TEST_CASE(
    "twenty delays that add up to fifty are as rare as the tail of their sum, by two scores") {
  const auto credited = [] { return std::make_unique<Chain>(20, 50, credit(1.5)); };
  const auto bounded = [] { return std::make_unique<Chain>(20, 50, chernoff_bound()); };
  const double truth = probability_of("rare-sum-exp");
  check_rare(split_with(credited, Chain::reached, 3000, 100), truth);
  check_rare(split_with(bounded, Chain::reached, 3000, 100), truth);
}
