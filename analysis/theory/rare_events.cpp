#include "analysis/theory/rare_events.hpp"

#include <Eigen/SparseLU>
#include <cmath>
#include <vector>

#include "sim/kernel/assert.hpp"

namespace georep::theory {

double overflow_probability(double arrival_rate, double service_rate, std::int64_t level) {
  const double ratio = service_rate / arrival_rate;
  if (ratio == 1) return 1 / static_cast<double>(level);
  return (ratio - 1) / (std::pow(ratio, static_cast<double>(level)) - 1);
}

double tandem_overflow_probability(double arrival_rate, double first_rate, double second_rate,
                                   std::int64_t level) {
  GEOREP_ASSERT(level >= 2, "the population has room to grow");
  // Populations (first, second) with fewer than `level` together; none at all is the way out.
  const auto index = [level](std::int64_t first, std::int64_t second) {
    return static_cast<int>(first * level + second);
  };
  const int size = static_cast<int>(level * level);
  std::vector<Eigen::Triplet<double>> entries;
  Eigen::VectorXd reaches = Eigen::VectorXd::Zero(size);
  for (std::int64_t first = 0; first < level; ++first) {
    for (std::int64_t second = 0; second < level; ++second) {
      const int here = index(first, second);
      const bool inside = first + second > 0 && first + second < level;
      if (!inside) {
        entries.emplace_back(here, here, 1);
        continue;
      }
      double rate = arrival_rate;
      if (first + second + 1 == level) {
        reaches(here) = arrival_rate;
      } else {
        entries.emplace_back(here, index(first + 1, second), -arrival_rate);
      }
      if (first > 0) {
        rate += first_rate;
        entries.emplace_back(here, index(first - 1, second + 1), -first_rate);
      }
      if (second > 0) {
        rate += second_rate;
        entries.emplace_back(here, index(first, second - 1), -second_rate);
      }
      entries.emplace_back(here, here, rate);
    }
  }
  Eigen::SparseMatrix<double> system(size, size);
  system.setFromTriplets(entries.begin(), entries.end());
  Eigen::SparseLU<Eigen::SparseMatrix<double>> solver(system);
  GEOREP_ASSERT(solver.info() == Eigen::Success, "the system has one solution");
  const Eigen::VectorXd probability = solver.solve(reaches);
  return probability(index(1, 0));
}

}  // namespace georep::theory
