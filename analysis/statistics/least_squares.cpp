#include "analysis/statistics/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Dense>
#include <boost/math/distributions/students_t.hpp>

namespace georep {

namespace {

double squares_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

// One-sided differences: models have kinks, which a central one would blur no less.
Eigen::MatrixXd derivatives(const Residuals& residuals, const std::vector<double>& at, const std::vector<double>& here,
                            const std::vector<std::size_t>& free) {
  Eigen::MatrixXd result(static_cast<Eigen::Index>(here.size()), static_cast<Eigen::Index>(free.size()));
  for (std::size_t column = 0; column < free.size(); ++column) {
    std::vector<double> moved = at;
    const double step = 1e-6 * std::max(1.0, std::abs(at[free[column]]));
    moved[free[column]] += step;
    const std::vector<double> there = residuals(moved);
    for (std::size_t row = 0; row < here.size(); ++row)
      result(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) = (there[row] - here[row]) / step;
  }
  return result;
}

}  // namespace

LeastSquaresFit fit_least_squares(const Residuals& residuals, std::vector<double> start, std::span<const double> lowest,
                                  std::optional<std::size_t> fixed, int most_steps) {
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < start.size(); ++i)
    if (i != fixed) free.push_back(i);
  LeastSquaresFit fit{std::move(start), 0};
  std::vector<double> here = residuals(fit.parameters);
  fit.sum_of_squares = squares_of(here);
  if (free.empty()) return fit;
  double damping = 1e-3;
  for (int step = 0; step < most_steps && damping < 1e12; ++step) {
    const Eigen::MatrixXd slope = derivatives(residuals, fit.parameters, here, free);
    const Eigen::VectorXd left = Eigen::Map<const Eigen::VectorXd>(here.data(), static_cast<Eigen::Index>(here.size()));
    const Eigen::MatrixXd curvature = slope.transpose() * slope;
    const Eigen::VectorXd downhill = -slope.transpose() * left;
    bool better = false;
    double gain = 0;
    for (; !better && damping < 1e12; damping *= better ? 0.1 : 10) {
      Eigen::MatrixXd damped = curvature;
      // What nothing depends on stays where it is.
      damped.diagonal() += damping * curvature.diagonal().cwiseMax(1e-12);
      const Eigen::VectorXd move = damped.ldlt().solve(downhill);
      std::vector<double> there = fit.parameters;
      for (std::size_t i = 0; i < free.size(); ++i)
        there[free[i]] = std::max(lowest[free[i]], there[free[i]] + move(static_cast<Eigen::Index>(i)));
      std::vector<double> after = residuals(there);
      const double squares = squares_of(after);
      better = squares < fit.sum_of_squares;
      if (!better) continue;
      gain = fit.sum_of_squares - squares;
      fit = {std::move(there), squares};
      here = std::move(after);
    }
    if (gain <= 1e-7 * fit.sum_of_squares) break;
  }
  return fit;
}

ProfileInterval profile_interval(const Residuals& residuals, const std::vector<LeastSquaresFit>& fits,
                                 std::span<const double> lowest, std::size_t parameter, double limit, double first_step,
                                 double reach) {
  const double centre = fits.front().parameters[parameter];
  const auto end = [&](double sign) -> std::optional<double> {
    std::vector<LeastSquaresFit> from = fits;
    const auto inside = [&](double distance) {
      return std::any_of(from.begin(), from.end(), [&](const LeastSquaresFit& near) {
        std::vector<double> start = near.parameters;
        start[parameter] = centre + sign * distance;
        const LeastSquaresFit there = fit_least_squares(residuals, std::move(start), lowest, parameter, 15);
        if (there.sum_of_squares <= limit) from.front() = there;
        return there.sum_of_squares <= limit;
      });
    };
    const double most = sign < 0 ? std::min(reach, centre - lowest[parameter]) : reach;
    double within = 0;
    double beyond = std::min(first_step, most);
    while (inside(beyond)) {
      if (beyond >= most) return std::nullopt;
      within = beyond;
      beyond = std::min(4 * beyond, most);
    }
    for (int i = 0; i < 60 && beyond - within > 1e-2 * beyond; ++i) {
      const double middle = (within + beyond) / 2;
      (inside(middle) ? within : beyond) = middle;
    }
    return centre + sign * beyond;
  };
  return {end(-1), end(1)};
}

double student_quantile(double confidence, double freedom) {
  return boost::math::quantile(boost::math::students_t(freedom), 0.5 + confidence / 2);
}

}  // namespace georep
