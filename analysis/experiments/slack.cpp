#include "analysis/experiments/slack.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "sim/kernel/assert.hpp"

namespace georep {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// Figures are in seconds, limits of durations in nanoseconds.
double limit_of(const Quantity& quantity) {
  constexpr double nanoseconds_per_second = 1e9;
  return quantity.dimension == Quantity::Dimension::duration
             ? quantity.value / nanoseconds_per_second
             : quantity.value;
}

double share_of(double distance, double limit) {
  return limit == 0 ? distance : distance / std::abs(limit);
}

double below(double figure, double limit) {
  return share_of(limit - figure, limit);
}
double above(double figure, double limit) {
  return share_of(figure - limit, limit);
}

}  // namespace

double slack_of_bound(const MeasureBound& bound, double figure) {
  return std::visit(Overloaded{
                        [&](const BelowBound& b) { return below(figure, limit_of(b.limit)); },
                        [&](const AboveBound& b) { return above(figure, limit_of(b.limit)); },
                        [&](const BetweenBound& b) {
                          return std::min(above(figure, limit_of(b.limits[0])),
                                          below(figure, limit_of(b.limits[1])));
                        },
                        [&](const EqualsBound& b) {
                          return -std::abs(share_of(figure - limit_of(b.value), limit_of(b.value)));
                        },
                    },
                    bound);
}

std::vector<double> slack_of(const Scenario& scenario, const RunResult& run, double share) {
  GEOREP_ASSERT(scenario.expect.size() == run.expectations.size(),
                "a run judges every expectation");
  std::vector<double> slack;
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    const ExpectationResult& result = run.expectations[i];
    const auto* measure = std::get_if<MeasureExpectation>(&scenario.expect[i].what);
    if (measure == nullptr) {
      slack.push_back((result.passed ? 1.0 : 0.0) - share);
    } else {
      slack.push_back(result.figure ? slack_of_bound(measure->bound, *result.figure) : -1.0);
    }
  }
  return slack;
}

}  // namespace georep
