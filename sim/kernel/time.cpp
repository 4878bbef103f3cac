#include "sim/kernel/time.hpp"

#include <cmath>

namespace georep {

Duration Duration::from_seconds(double seconds) {
  const double nanoseconds = std::ceil(seconds * 1e9);
  GEOREP_ASSERT(nanoseconds >= -9.2e18 && nanoseconds <= 9.2e18, "a duration fits in 63 bits");
  return Duration{static_cast<std::int64_t>(nanoseconds)};
}

Duration Duration::from_nanoseconds(double nanoseconds) {
  const double nearest = std::floor(nanoseconds + 0.5);
  const bool whole = std::abs(nanoseconds - nearest) <= 1e-12 * std::abs(nanoseconds);
  const double result = whole ? nearest : std::ceil(nanoseconds);
  GEOREP_ASSERT(result >= -9.2e18 && result <= 9.2e18, "a duration fits in 63 bits");
  return Duration{static_cast<std::int64_t>(result)};
}

}  // namespace georep
