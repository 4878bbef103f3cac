#include "analysis/statistics/monotone_fit.hpp"

#include <cstddef>

#include "sim/kernel/assert.hpp"

namespace georep {
namespace {

// Neighbours that share one fitted value.
struct Pool {
  double value;
  double weight;
  std::size_t members;
};

}  // namespace

std::vector<double> non_decreasing_fit(std::span<const double> values,
                                       std::span<const double> weights) {
  GEOREP_ASSERT(values.size() == weights.size(), "each value has its weight");
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Pool pool{values[i], weights[i], 1};
    while (!pools.empty() && pools.back().value > pool.value) {
      const Pool& before = pools.back();
      const double weight = before.weight + pool.weight;
      pool = {(before.value * before.weight + pool.value * pool.weight) / weight, weight,
              before.members + pool.members};
      pools.pop_back();
    }
    pools.push_back(pool);
  }
  std::vector<double> fitted;
  for (const Pool& pool : pools) fitted.insert(fitted.end(), pool.members, pool.value);
  return fitted;
}

std::vector<double> non_increasing_fit(std::span<const double> values,
                                       std::span<const double> weights) {
  std::vector<double> negated;
  for (const double value : values) negated.push_back(-value);
  std::vector<double> fitted = non_decreasing_fit(negated, weights);
  for (double& value : fitted) value = -value;
  return fitted;
}

}  // namespace georep
