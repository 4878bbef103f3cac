#include "analysis/theory/delays.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "analysis/theory/roots.hpp"

namespace georep::theory {

double SlowestOfMany::mean() const {
  double harmonic = 0;
  for (std::int64_t i = 1; i <= count; ++i) harmonic += 1 / static_cast<double>(i);
  return harmonic / rate;
}

double SlowestOfMany::quantile(double probability) const {
  return -std::log1p(-std::pow(probability, 1 / static_cast<double>(count))) / rate;
}

double StagesInSeries::mean() const {
  double sum = 0;
  for (const double rate : rates_) sum += 1 / rate;
  return sum;
}

double StagesInSeries::variance() const {
  double sum = 0;
  for (const double rate : rates_) sum += 1 / (rate * rate);
  return sum;
}

double StagesInSeries::tail(double seconds) const {
  double tail = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    double weight = 1;
    for (std::size_t j = 0; j < rates_.size(); ++j) {
      if (j != i) weight *= rates_[j] / (rates_[j] - rates_[i]);
    }
    tail += weight * std::exp(-rates_[i] * seconds);
  }
  return tail;
}

double StagesInSeries::quantile(double probability) const {
  return increasing_root([&](double seconds) { return (1 - probability) - tail(seconds); }, 0,
                         mean());
}

double erlang_tail(std::int64_t stages, double seconds) {
  return boost::math::gamma_q(static_cast<double>(stages), seconds);
}

double poisson_tail(double mean, std::int64_t count) {
  return boost::math::gamma_p(static_cast<double>(count + 1), mean);
}

}  // namespace georep::theory
