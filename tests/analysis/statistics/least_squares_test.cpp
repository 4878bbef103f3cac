// Fits against what algebra gives: a line through points, its intervals, and what nothing observed bounds.
#include <doctest/doctest.h>

#include <cmath>

#include "analysis/statistics/least_squares.hpp"

using namespace georep;

namespace {

const std::vector<double> xs{0, 1, 2, 3, 4, 5, 6, 7};
const std::vector<double> ys{1.1, 2.9, 5.2, 6.8, 9.1, 11.2, 12.7, 15.1};
const std::vector<double> unbounded{-1e9, -1e9};

std::vector<double> off_the_line(std::span<const double> line) {
  std::vector<double> left;
  for (std::size_t i = 0; i < xs.size(); ++i) left.push_back(line[0] + line[1] * xs[i] - ys[i]);
  return left;
}

}  // namespace

TEST_CASE("a line through points is that of the normal equations, and its interval that of Student") {
  const LeastSquaresFit line = fit_least_squares(off_the_line, {0, 0}, unbounded);
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  const auto n = static_cast<double>(xs.size());
  for (std::size_t i = 0; i < xs.size(); ++i) {
    sx += xs[i];
    sy += ys[i];
    sxx += xs[i] * xs[i];
    sxy += xs[i] * ys[i];
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  CHECK(line.parameters[1] == doctest::Approx(slope).epsilon(1e-7));
  CHECK(line.parameters[0] == doctest::Approx((sy - slope * sx) / n).epsilon(1e-6));

  const double variance = line.sum_of_squares / (n - 2);
  const double student = student_quantile(0.95, n - 2);
  CHECK(student == doctest::Approx(2.4469).epsilon(1e-4));
  const double half = student * std::sqrt(variance / (sxx - sx * sx / n));
  const ProfileInterval interval = profile_interval(off_the_line, {line}, unbounded, 1,
                                                    line.sum_of_squares + student * student * variance, 1e-3, 1e3);
  REQUIRE(interval.low);
  REQUIRE(interval.high);
  CHECK(*interval.low == doctest::Approx(slope - half).epsilon(1e-3));
  CHECK(*interval.high == doctest::Approx(slope + half).epsilon(1e-3));
}

TEST_CASE("a bend in a curve is found from a poor start") {
  // Rosenbrock's valley, as residuals.
  const auto valley = [](std::span<const double> at) {
    return std::vector<double>{10 * (at[1] - at[0] * at[0]), 1 - at[0]};
  };
  const LeastSquaresFit fit = fit_least_squares(valley, {-1.2, 1}, unbounded, std::nullopt, 500);
  CHECK(fit.parameters[0] == doctest::Approx(1).epsilon(1e-4));
  CHECK(fit.parameters[1] == doctest::Approx(1).epsilon(1e-4));
}

TEST_CASE("a fit stays above the bounds of its parameters and leaves a fixed one alone") {
  const std::vector<double> bounds{2, -1e9};
  const LeastSquaresFit bounded = fit_least_squares(off_the_line, {3, 0}, bounds);
  CHECK(bounded.parameters[0] == 2);
  const LeastSquaresFit fixed = fit_least_squares(off_the_line, {3, 1}, unbounded, 0);
  CHECK(fixed.parameters[0] == 3);
  CHECK(fixed.parameters[1] != 1);
}

TEST_CASE("a parameter that stops mattering has no upper end, also where another may take its place") {
  // Only the lesser of the two matters, and 3 was seen.
  const auto lesser = [](std::span<const double> at) {
    return std::vector<double>{std::min(at[0], at[1]) - 3.01, std::min(at[0], at[1]) - 2.99};
  };
  const LeastSquaresFit first = fit_least_squares(lesser, {2, 50}, unbounded);
  const LeastSquaresFit second = fit_least_squares(lesser, {50, 2}, unbounded);
  CHECK(first.parameters[0] == doctest::Approx(3));
  const ProfileInterval interval = profile_interval(lesser, {first, second}, unbounded, 0, 0.01, 1e-3, 100);
  CHECK(interval.low);
  CHECK_FALSE(interval.high);
}
