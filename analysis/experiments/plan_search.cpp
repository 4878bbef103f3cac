#include "analysis/experiments/plan_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/statistics/monotone_fit.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {
namespace {

// Brackets end at this share of the value; what is left is interpolated.
constexpr double bracket = 0.01;
// A mean so many standard errors from zero stays on its side however many runs follow.
constexpr double far_errors = 8;
// That is not told by fewer.
constexpr std::int64_t fewest_runs = 20;

// Values tried on each side of what was found.
constexpr std::int64_t probes = 3;

enum class End : std::uint8_t { low, mean, high };

// The tightest of several estimates, end by end.
struct Slack {
  double low;
  double mean;
  double high;
  double of(End end) const { return end == End::low ? low : end == End::mean ? mean : high; }
};

class PlanSearch {
 public:
  PlanSearch(const PlanGoal& goal, const TryValue& try_value)
      : goal_(goal), try_value_(try_value), wanted_(goal.least_runs) {}

  PlanResult run() {
    GEOREP_ASSERT(goal_.low.unit == goal_.high.unit && goal_.low.value < goal_.high.value,
                  "a range has a low and a high end of one unit");
    find_out_whether_chance_plays();
    const Slack at_low = slack_at(goal_.low.value);
    const Slack at_high = slack_at(goal_.high.value);
    if (interrupted_) return finish(PlanVerdict::interrupted);
    if (at_low.low >= 0 && at_high.low >= 0) return finish(PlanVerdict::all_meet);
    if (at_low.high < 0 && at_high.high < 0) return finish(PlanVerdict::none_meets);
    result_.least = at_low.mean < at_high.mean;

    while (true) {
      locate();
      if (interrupted_) return finish(PlanVerdict::interrupted);
      if (inside_range() && precise()) {
        probe_both_sides();
        return finish(interrupted_ ? PlanVerdict::interrupted : PlanVerdict::found);
      }
      if (deterministic_ || wanted_ * 2 > goal_.most_runs) return finish(PlanVerdict::undecided);
      wanted_ *= 2;
    }
  }

 private:
  struct Tried {
    std::vector<Trial> trials;
  };

  void find_out_whether_chance_plays() {
    Tried& tried = tried_[goal_.low.value];
    extend(tried, goal_.low.value, std::min<std::int64_t>(2, wanted_));
    deterministic_ =
        tried.trials.size() < 2 || tried.trials[0].trace_hash == tried.trials[1].trace_hash;
    if (deterministic_) wanted_ = 1;
    result_.deterministic = deterministic_;
  }

  void extend(Tried& tried, double value, std::int64_t runs) {
    const auto have = static_cast<std::int64_t>(tried.trials.size());
    if (interrupted_ || have >= runs) return;
    std::vector<Trial> more = try_value_({goal_.low.unit, value}, have, runs - have);
    interrupted_ = static_cast<std::int64_t>(more.size()) < runs - have;
    result_.evaluations += static_cast<std::int64_t>(more.size());
    for (Trial& trial : more) tried.trials.push_back(std::move(trial));
  }

  Slack slack_at(double value) {
    Tried& tried = tried_[value];
    extend(tried, value, std::min(wanted_, fewest_runs));
    if (!far_from_zero(tried)) extend(tried, value, wanted_);
    return slack_of(tried);
  }

  Estimate estimate(const Tried& tried, std::size_t expectation) const {
    std::vector<double> values;
    for (const Trial& trial : tried.trials) values.push_back(trial.slack[expectation]);
    Estimate mean = skewed_mean_interval(values, goal_.confidence);
    if (deterministic_) mean.low = mean.high = mean.value;
    return mean;
  }

  Slack slack_of(const Tried& tried) const {
    Slack least{1e300, 1e300, 1e300};
    if (tried.trials.empty()) return {-1e300, -1e300, -1e300};  // interrupted
    for (std::size_t i = 0; i < tried.trials.front().slack.size(); ++i) {
      const Estimate each = estimate(tried, i);
      least.low = std::min(least.low, each.low);
      least.mean = std::min(least.mean, each.value);
      least.high = std::min(least.high, each.high);
    }
    return least;
  }

  bool far_from_zero(const Tried& tried) const {
    if (static_cast<std::int64_t>(tried.trials.size()) < std::min(goal_.least_runs, fewest_runs)) return false;
    const Slack slack = slack_of(tried);
    const double error = (slack.high - slack.low) / 4;
    return std::abs(slack.mean) > far_errors * error;
  }

  // Whether a value lies on the side that meets, by the fit through all values tried.
  bool meets(double value, End end) {
    slack_at(value);
    return fitted_slack(value, end) >= 0;
  }

  double fitted_slack(double value, End end) const {
    std::vector<double> slacks;
    std::vector<double> weights;
    std::size_t place = 0;
    for (const auto& [tried_value, tried] : tried_) {
      if (tried.trials.empty()) continue;
      if (tried_value == value) place = slacks.size();
      slacks.push_back(slack_of(tried).of(end));
      weights.push_back(static_cast<double>(tried.trials.size()));
    }
    return (result_.least ? non_decreasing_fit(slacks, weights)
                          : non_increasing_fit(slacks, weights))[place];
  }

  double middle(double low, double high) const {
    const Magnitude half =
        between({goal_.low.unit, low}, {goal_.low.unit, high}, goal_.by_ratio && low > 0);
    const double value = goal_.low.unit == Magnitude::Unit::integer ? std::floor((low + high) / 2)
                                                                    : rounded(half, 6).value;
    return value > low && value < high ? value : (low + high) / 2;
  }

  bool narrow(double low, double high) const {
    if (goal_.low.unit == Magnitude::Unit::integer) return high - low <= 1;
    const double scale = std::max(std::abs(low), std::abs(high));
    return high - low <= (deterministic_ ? bracket / 10 : bracket) * scale;
  }

  // Where one end of the interval of the slack crosses zero; an end of the range where it does not.
  double crossing(End end) {
    double low = goal_.low.value;
    double high = goal_.high.value;
    if (meets(low, end) == meets(high, end)) {
      // Everything is on one side of this end: the crossing lies beyond the range.
      const bool beyond_low = meets(low, end) == result_.least;
      return beyond_low ? low : high;
    }
    while (!narrow(low, high) && !interrupted_) {
      const double half = middle(low, high);
      (meets(half, end) == result_.least ? high : low) = half;
    }
    return interpolated(low, high, end);
  }

  // Between two neighbours of which one meets: the value that meets where there is nothing between
  // or the curve jumps, else where the line through both crosses zero.
  double interpolated(double low, double high, End end) const {
    const double meeting = result_.least ? high : low;
    if (deterministic_ || goal_.low.unit == Magnitude::Unit::integer) return meeting;
    const double at_low = slack_of(tried_.at(low)).of(end);
    const double at_high = slack_of(tried_.at(high)).of(end);
    if (!(at_low * at_high < 0) || !std::isfinite(at_low) || !std::isfinite(at_high)) {
      return meeting;
    }
    return low + (high - low) * at_low / (at_low - at_high);
  }

  void locate() {
    // The interval's upper end of the slack crosses first on the way to what meets.
    const double mean = crossing(End::mean);
    const double first = deterministic_ ? mean : crossing(End::high);
    const double last = deterministic_ ? mean : crossing(End::low);
    const auto magnitude = [&](double value) { return Magnitude{goal_.low.unit, value}; };
    result_.value = magnitude(mean);
    result_.interval_low = magnitude(std::min({first, last, mean}));
    result_.interval_high = magnitude(std::max({first, last, mean}));
  }

  // Bisection looks only where it goes. A few values on either side show the rest of the curve.
  void probe_both_sides() {
    wanted_ = std::min({wanted_, goal_.least_runs, fewest_runs});
    const auto probe = [&](double low, double high) {
      if (!(low < high)) return;
      const Magnitude from{goal_.low.unit, low};
      const Magnitude to{goal_.low.unit, high};
      for (const Magnitude& value : spaced(from, to, probes + 2, goal_.by_ratio && low > 0)) {
        slack_at(value.value);
      }
    };
    probe(goal_.low.value, result_.interval_low.value);
    probe(result_.interval_high.value, goal_.high.value);
  }

  bool inside_range() const {
    return deterministic_ || (result_.interval_low.value > goal_.low.value &&
                              result_.interval_high.value < goal_.high.value);
  }

  bool precise() const {
    const double width = result_.interval_high.value - result_.interval_low.value;
    if (goal_.low.unit == Magnitude::Unit::integer && width <= 1) return true;
    return width <= goal_.precision * std::abs(result_.value.value);
  }

  PlanResult finish(PlanVerdict verdict) {
    result_.verdict = verdict;
    for (const auto& [value, tried] : tried_) {
      if (!tried.trials.empty()) result_.curve.push_back(point(value, tried));
    }
    result_.monotone = monotone();
    return result_;
  }

  PlanPoint point(double value, const Tried& tried) const {
    PlanPoint point;
    point.value = {goal_.low.unit, value};
    point.runs = static_cast<std::int64_t>(tried.trials.size());
    const std::size_t expectations = tried.trials.front().slack.size();
    for (std::size_t i = 0; i < expectations; ++i) {
      const Estimate each = estimate(tried, i);
      if (i == 0 || each.value < point.slack.value) {
        point.slack = each;
        point.tightest = i;
      }
    }
    std::vector<double> figures;
    std::vector<double> costs;
    for (const Trial& trial : tried.trials) {
      if (trial.passed) ++point.passed;
      if (point.tightest < trial.figure.size() && trial.figure[point.tightest]) {
        figures.push_back(*trial.figure[point.tightest]);
      }
      if (trial.monthly_egress_usd) costs.push_back(*trial.monthly_egress_usd);
    }
    if (!figures.empty()) point.figure = mean_interval(figures, goal_.confidence);
    if (!costs.empty()) point.monthly_egress_usd = mean_interval(costs, goal_.confidence).value;
    return point;
  }

  // Neighbours are compared by the runs that they share, of the expectation that is tightest there.
  bool monotone() const {
    for (auto next = tried_.begin(); next != tried_.end(); ++next) {
      if (next == tried_.begin()) continue;
      const Tried& before = std::prev(next)->second;
      const Tried& after = next->second;
      const std::size_t shared = std::min(before.trials.size(), after.trials.size());
      if (shared == 0) continue;
      std::vector<double> lower;
      std::vector<double> upper;
      for (std::size_t i = 0; i < shared; ++i) {
        lower.push_back(
            *std::min_element(before.trials[i].slack.begin(), before.trials[i].slack.end()));
        upper.push_back(
            *std::min_element(after.trials[i].slack.begin(), after.trials[i].slack.end()));
      }
      if (!result_.least) std::swap(lower, upper);
      if (deterministic_ ? upper[0] < lower[0] : paired_difference(upper, lower, 0.999).high < 0) {
        return false;
      }
    }
    return true;
  }

  const PlanGoal& goal_;
  const TryValue& try_value_;
  std::map<double, Tried> tried_;
  std::int64_t wanted_;
  bool deterministic_ = false;
  bool interrupted_ = false;
  PlanResult result_;
};

}  // namespace

PlanResult search_plan(const PlanGoal& goal, const TryValue& try_value) {
  return PlanSearch(goal, try_value).run();
}

}  // namespace georep
