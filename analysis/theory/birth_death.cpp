#include "analysis/theory/birth_death.hpp"

#include <algorithm>

#include "sim/kernel/assert.hpp"

namespace georep::theory {

std::vector<double> birth_death(std::span<const double> births, std::span<const double> deaths) {
  GEOREP_ASSERT(births.size() == deaths.size(), "each way up has its way down");
  // Scaled by the largest seen so far, so that no product overflows.
  std::vector<double> weights{1};
  for (std::size_t i = 0; i < births.size(); ++i) {
    weights.push_back(weights.back() * births[i] / deaths[i]);
    if (weights.back() > 1e100) {
      for (double& weight : weights) weight *= 1e-100;
    }
  }
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
  return weights;
}

double mean_state(std::span<const double> probabilities) {
  double mean = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    mean += static_cast<double>(i) * probabilities[i];
  }
  return mean;
}

}  // namespace georep::theory
