// The rare events of tests/data/analytic-cases.json, each within a tenth of what is known.
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
  CHECK(result.probability.half_width() <= 0.1 * truth);
}

}  // namespace

TEST_CASE(
    "a queue that overflows once in a million busy periods is found so often, within a tenth") {
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
  const auto passed = [] { return std::make_unique<Chain>(20, 1.5); };
  const auto against = [] { return std::make_unique<Chain>(20, 1.8); };
  const double truth = probability_of("rare-sum-exp");
  const SplittingResult first = split_with(passed, 50, 1000, 60);
  const SplittingResult second = split_with(against, 50, 1000, 60);
  check_rare(first, truth);
  check_rare(second, truth);
}
