#include "models/workload/popularity.hpp"

#include <algorithm>

#include "sim/kernel/assert.hpp"
#include "sim/kernel/elementary.hpp"

namespace georep {

Popularity::Popularity(std::size_t count, double exponent) {
  GEOREP_ASSERT(count > 0, "something is chosen among at least one");
  cumulative_.reserve(count);
  double sum = 0;
  for (std::size_t rank = 1; rank <= count; ++rank)
    cumulative_.push_back(sum += elementary::pow(static_cast<double>(rank), -exponent));
  for (double& upto : cumulative_) upto /= sum;
}

double Popularity::share(std::size_t rank) const {
  return rank == 0 ? cumulative_[0] : cumulative_[rank] - cumulative_[rank - 1];
}

std::size_t Popularity::rank(double u) const {
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), u);
  return std::min(static_cast<std::size_t>(found - cumulative_.begin()), cumulative_.size() - 1);
}

}  // namespace georep
