#include "sim/kernel/time.hpp"

#include <cmath>

namespace georep {

Duration Duration::from_seconds(double seconds) {
  const double nanoseconds = std::ceil(seconds * 1e9);
  GEOREP_ASSERT(nanoseconds >= -9.2e18 && nanoseconds <= 9.2e18, "a duration fits in 63 bits");
  return Duration{static_cast<std::int64_t>(nanoseconds)};
}

}  // namespace georep
