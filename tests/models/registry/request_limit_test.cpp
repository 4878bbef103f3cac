// The token bucket of a replica, against the level of a real bucket.
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include "models/registry/replica.hpp"
#include "sim/kernel/task.hpp"

using namespace georep;

namespace {

/// A limit that is set at a time.
struct Setting {
  Duration at;
  std::optional<RateLimitSpec> limit;
};

/// Takes a token at each of the given times and yields the waits that it was told (nothing where it got one). Settings of a time come first.
std::vector<std::optional<Duration>> waits(const std::vector<Setting>& settings,
                                           const std::vector<Duration>& times) {
  Simulation simulation;
  RequestLimit limit{SharedObject{}};
  std::vector<std::optional<Duration>> result;
  struct Asker {
    static Task<void> run(Simulation& simulation, RequestLimit& limit,
                          const std::vector<Setting>& settings, const std::vector<Duration>& times,
                          std::vector<std::optional<Duration>>& result) {
      auto setting = settings.begin();
      for (const Duration time : times) {
        for (; setting != settings.end() && setting->at <= time; ++setting) {
          co_await simulation.until(Instant::at(setting->at));
          limit.change(simulation, setting->limit);
        }
        co_await simulation.until(Instant::at(time));
        result.push_back(limit.take(simulation));
      }
    }
  };
  simulation.spawn(Asker::run(simulation, limit, settings, times, result));
  simulation.run();
  return result;
}

std::vector<std::optional<Duration>> waits(const RateLimitSpec& spec,
                                           const std::vector<Duration>& times) {
  return waits(std::vector<Setting>{{0_s, spec}}, times);
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

TEST_CASE("what a bucket held when its limit was changed is what it holds under the new one") {
  // Eight of ten taken at 0 s; two have come by 2 s. From then on one comes in ten seconds.
  const std::vector<Setting> slower{{0_s, RateLimitSpec{Rate{1}, 10}}, {2_s, RateLimitSpec{Rate{0.1}, 10}}};
  std::vector<Duration> times(8, 0_s);
  for (int i = 0; i < 5; ++i) times.push_back(2_s);
  times.push_back(7_s);
  const auto told = waits(slower, times);
  for (std::size_t i = 8; i < 12; ++i) CHECK(!told[i]);
  CHECK(told[12] == 10_s);
  CHECK(told[13] == 5_s);
}

TEST_CASE("a burst that is lowered cuts what a bucket holds, and leaves no debt of what was taken before") {
  const std::vector<Setting> lower{{0_s, RateLimitSpec{Rate{1}, 1000}}, {101_s, RateLimitSpec{Rate{1}, 10}}};
  std::vector<Duration> times(900, 100_s);
  for (int i = 0; i < 11; ++i) times.push_back(101_s);
  const auto told = waits(lower, times);
  for (std::size_t i = 0; i < 910; ++i) REQUIRE(!told[i]);
  CHECK(told[910] == 1_s);
}

TEST_CASE("a burst that is raised adds no tokens at once") {
  const std::vector<Setting> higher{{0_s, RateLimitSpec{Rate{1}, 2}}, {5_s, RateLimitSpec{Rate{2}, 4}}};
  const auto told = waits(higher, {5_s, 5_s, 5_s, 6_s, 6_s, 6_s});
  CHECK(!told[0]);
  CHECK(!told[1]);
  CHECK(told[2] == 500_ms);
  CHECK(!told[3]);
  CHECK(!told[4]);
  CHECK(told[5] == 500_ms);
}

TEST_CASE("a full bucket stays full under a slower limit, and one that is new starts full") {
  for (const std::optional<RateLimitSpec>& before : {std::optional{RateLimitSpec{Rate{100}, 1000}}, std::optional<RateLimitSpec>{}}) {
    const std::vector<Setting> settings{{0_s, before}, {100_s, RateLimitSpec{Rate{1 / 3600.0}, 2}}};
    const auto told = waits(settings, {1_s, 101_s, 101_s, 101_s});
    CHECK(!told[1]);
    CHECK(!told[2]);
    CHECK(told[3] == 1_h);
  }
}

TEST_CASE("a limit so slow that it never refills within a run serves its burst, however large") {
  const RateLimitSpec slow{Rate{0.001 / 86'400}, 1000};
  const auto told = waits(slow, std::vector<Duration>(1001, 1_s));
  for (std::size_t i = 0; i < 1000; ++i) REQUIRE(!told[i]);
  CHECK(told[1000] == 86'400'000_s);
  const auto never = waits(RateLimitSpec{Rate{1e-9 / 86'400}, 1}, {0_s, 0_s, 1_d});
  CHECK(!never[0]);
  CHECK(*never[2] > 36'500_d);
}
