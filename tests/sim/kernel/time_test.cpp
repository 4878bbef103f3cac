#include "sim/kernel/time.hpp"

#include <doctest/doctest.h>

using namespace georep;

TEST_CASE("a real number of seconds rounds up to a whole nanosecond") {
  CHECK(Duration::from_seconds(1e-10) == 1_ns);
  CHECK(Duration::from_seconds(0.0) == 0_ns);
  CHECK(Duration::from_seconds(1.5) == 1500_ms);
}
