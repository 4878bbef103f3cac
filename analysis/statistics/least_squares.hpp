// Fits the parameters of a model to what was observed, and says how far each can be off.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace georep {

/// What is left of each observation at the given parameters, in units of its standard error.
using Residuals = std::function<std::vector<double>(std::span<const double> parameters)>;

struct LeastSquaresFit {
  std::vector<double> parameters;
  double sum_of_squares = 0;
};

/// The parameters with the least sum of squared residuals near `start`, those of `fixed` left as they
/// are: Levenberg and Marquardt with differences for derivatives. `lowest` holds a bound for each
/// parameter. Source: Marquardt 1963; Nocedal & Wright, Numerical Optimization, ch. 10.
LeastSquaresFit fit_least_squares(const Residuals& residuals, std::vector<double> start, std::span<const double> lowest,
                                  std::optional<std::size_t> fixed = std::nullopt, int most_steps = 60);

/// Where a parameter can lie; an end is empty where nothing observed bounds it.
struct ProfileInterval {
  std::optional<double> low;
  std::optional<double> high;
};

/// The values of a parameter at which the best fit with all others free has a sum of squares below `limit`,
/// looked for within `reach` on either side of the first of `fits`: the profile-likelihood interval, for a limit of
/// the least sum of squares and t² times the variance. The other fits are further minima, from which a path may lead on
/// where the first one's ends. Source: Bates & Watts, Nonlinear Regression Analysis, sec. 6.1.
ProfileInterval profile_interval(const Residuals& residuals, const std::vector<LeastSquaresFit>& fits,
                                 std::span<const double> lowest, std::size_t parameter, double limit, double first_step,
                                 double reach);

/// The quantile of Student's law for a two-sided interval.
double student_quantile(double confidence, double freedom);

}  // namespace georep
