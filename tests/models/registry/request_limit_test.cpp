// The token bucket of a replica, against the level of a real bucket.
#include <doctest/doctest.h>

#include "models/registry/replica.hpp"
#include "sim/kernel/task.hpp"

using namespace georep;

namespace {

/// Takes a token at each of the given times and yields the waits that it was told (nothing where it got one).
std::vector<std::optional<Duration>> waits(const RateLimitSpec& spec,
                                           const std::vector<Duration>& times) {
  Simulation simulation;
  RequestLimit limit{SharedObject{}};
  std::vector<std::optional<Duration>> result;
  struct Asker {
    static Task<void> run(Simulation& simulation, RequestLimit& limit, const RateLimitSpec& spec,
                          const std::vector<Duration>& times,
                          std::vector<std::optional<Duration>>& result) {
      for (const Duration time : times) {
        co_await simulation.until(Instant::at(time));
        result.push_back(limit.take(simulation, spec));
      }
    }
  };
  simulation.spawn(Asker::run(simulation, limit, spec, times, result));
  simulation.run();
  return result;
}

}  // namespace

TEST_CASE("a bucket starts full, and tells to the nanosecond when the next token is there") {
  const auto told = waits({Rate{3}, 3}, {0_s, 0_s, 0_s, 0_s, 333'333'333_ns, 333'333'334_ns});
  for (int i = 0; i < 3; ++i) CHECK(!told[static_cast<std::size_t>(i)]);
  CHECK(told[3] == 333'333'334_ns);  // a third of a second, rounded up
  CHECK(told[4] == 1_ns);
  CHECK(!told[5]);
}

TEST_CASE("no rounding adds up: whoever comes as often as the bucket allows is never refused") {
  // Seven a second, each exactly on time, rounded up, from a bucket that was emptied and never fills up again.
  std::vector<Duration> times{0_s, 0_s};
  for (std::int64_t k = 1; k <= 100'000; ++k)
    times.push_back(Duration::nanoseconds((k * 1'000'000'000 + 6) / 7));
  for (const auto& wait : waits({Rate{7}, 2}, times)) REQUIRE(!wait);
}

TEST_CASE("a rate of so many a minute refills at its exact times") {
  const auto told = waits({Rate{20'000 / 60.0}, 1}, {0_s, 0_s, 3_ms, 3_ms});
  CHECK(!told[0]);
  CHECK(told[1] == 3_ms);
  CHECK(!told[2]);
  CHECK(told[3] == 3_ms);
}

TEST_CASE("a bucket never holds more than its burst") {
  const auto told = waits({Rate{1}, 2}, {0_s, 100_s, 100_s, 100_s});
  CHECK(!told[2]);
  CHECK(told[3] == 1_s);
}
