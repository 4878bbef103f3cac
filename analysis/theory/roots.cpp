#include "analysis/theory/roots.hpp"

#include <boost/math/tools/roots.hpp>
#include <cstdint>

#include "sim/kernel/assert.hpp"

namespace georep::theory {

double increasing_root(const std::function<double(double)>& function, double low, double step) {
  double at_low = function(low);
  if (at_low >= 0) return low;
  double high = low + step;
  double at_high = function(high);
  for (int doublings = 0; at_high < 0; ++doublings) {
    GEOREP_ASSERT(doublings < 1000, "the function crosses zero");
    low = high;
    at_low = at_high;
    step *= 2;
    high = low + step;
    at_high = function(high);
  }
  if (at_high == 0) return high;
  std::uintmax_t most_steps = 200;
  const boost::math::tools::eps_tolerance<double> to_the_last_bits(52);
  const auto [below, above] = boost::math::tools::toms748_solve(
      function, low, high, at_low, at_high, to_the_last_bits, most_steps);
  return below + (above - below) / 2;
}

}  // namespace georep::theory
