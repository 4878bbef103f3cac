// The search behind a plan: where the slack of a noisy system crosses zero along one value.
//
// Every value is tried with the same runs, so that the curve from value to slack is smooth in spite
// of chance, and crosses zero where the mean run just meets what is expected. The interval holds
// the values at which Student's t, its skewness removed, does not tell the mean slack from zero. All three crossings, of
// the mean and of both ends of its interval, are found by bisection among values tried once,
// through a fit that may only rise: sharing bandwidth fairly is not monotone on every path.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/experiments/magnitude.hpp"
#include "analysis/statistics/interval.hpp"

namespace georep {

/// What one run says of one value.
struct Trial {
  std::vector<double> slack;                  ///< of each expectation; see slack_of
  std::vector<std::optional<double>> figure;  ///< what each compared with a bound
  bool passed = false;
  std::uint64_t trace_hash = 0;
  std::optional<double> monthly_egress_usd;
};

/// Makes runs `first` … `first + count - 1` at a value. Fewer mean that somebody interrupted.
using TryValue = std::function<std::vector<Trial>(const Magnitude& value, std::int64_t first,
                                                  std::int64_t count)>;

struct PlanGoal {
  Magnitude low;
  Magnitude high;
  bool by_ratio = true;  ///< the middle of two values is the geometric one
  std::int64_t least_runs = 40;
  std::int64_t most_runs = 640;
  double confidence = 0.95;
  double precision = 0.05;  ///< width of the interval, as a share of the value, that is enough
};

/// One value that was tried.
struct PlanPoint {
  Magnitude value;
  std::size_t tightest = 0;  ///< the expectation that is least met
  Estimate slack;            ///< of that one; positive: met
  Estimate figure;           ///< of that one; without samples where it has no bound
  std::int64_t runs = 0;
  std::int64_t passed = 0;
  std::optional<double> monthly_egress_usd;
  /// What theory says of the slack of the tightest, where a closed form applies; see prediction.hpp.
  std::optional<double> predicted_slack;
};

enum class PlanVerdict : std::uint8_t {
  found,       ///< a value and its interval
  all_meet,    ///< every value of the range does
  none_meets,  ///< no value of the range does
  undecided,   ///< the interval is wider than asked for, or leaves the range
  interrupted,
};

struct PlanResult {
  PlanVerdict verdict = PlanVerdict::undecided;
  bool least = true;  ///< false: small values meet and large ones do not, so the greatest is sought
  Magnitude value;
  Magnitude interval_low;
  Magnitude interval_high;
  std::int64_t evaluations = 0;  ///< runs made
  bool deterministic = false;    ///< no chance takes part, so that one run tells all
  bool monotone = true;          ///< no value tried is worse than a nearer one beyond noise
  std::vector<PlanPoint> curve;  ///< in order of value
  std::optional<Magnitude> predicted;  ///< the value by theory, where a closed form applies to every expectation
  std::string_view law;                ///< by what theory
  std::string cost_unknown;            ///< why a month's egress has no price, where it was asked for and has none
};

PlanResult search_plan(const PlanGoal& goal, const TryValue& try_value);

}  // namespace georep
