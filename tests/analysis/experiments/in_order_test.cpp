#include "analysis/experiments/in_order.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

using namespace georep;

namespace {

// A worker whose work takes longer for some indices than for others.
std::int64_t uneven_work(std::int64_t index) {
  std::uint64_t x = static_cast<std::uint64_t>(index) + 1;
  for (std::int64_t i = 0; i < (index % 7) * 20'000; ++i) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
  }
  return static_cast<std::int64_t>(x >> 1);
}

std::vector<std::int64_t> consumed_with(int jobs, std::int64_t count, std::int64_t enough) {
  std::vector<std::int64_t> results;
  in_order(
      count, jobs, [] { return uneven_work; },
      [&](std::int64_t index, std::int64_t result) {
        CHECK(index == static_cast<std::int64_t>(results.size()));
        results.push_back(result);
        return static_cast<std::int64_t>(results.size()) < enough;
      });
  return results;
}

}  // namespace

TEST_CASE("the number of threads changes neither the results nor their order") {
  const std::vector<std::int64_t> alone = consumed_with(1, 200, 1000);
  CHECK(alone.size() == 200);
  CHECK(consumed_with(2, 200, 1000) == alone);
  CHECK(consumed_with(5, 200, 1000) == alone);
}

TEST_CASE("who has seen enough gets no more, with any number of threads") {
  CHECK(consumed_with(1, 200, 17).size() == 17);
  CHECK(consumed_with(3, 200, 17).size() == 17);
}

TEST_CASE("work ahead of what was consumed is bounded") {
  std::atomic<std::int64_t> started = 0;
  std::int64_t consumed = 0;
  in_order(
      10'000, 2, [&] { return [&](std::int64_t) { return ++started; }; },
      [&](std::int64_t, std::int64_t) {
        ++consumed;
        CHECK(started <= consumed + 2 * 8 + 2);
        return consumed < 100;
      });
  CHECK(started <= 100 + 2 * 8 + 2);
}

TEST_CASE("the failure of one result is thrown after all before it were consumed") {
  for (const int jobs : {1, 3}) {
    std::int64_t consumed = 0;
    const auto worker = [](std::int64_t index) {
      if (index == 5) throw std::runtime_error("five");
      return index;
    };
    const auto consume = [&](std::int64_t, std::int64_t) { return ++consumed > 0; };
    CHECK_THROWS_WITH(in_order(
                          20, jobs, [&] { return worker; }, consume),
                      "five");
    CHECK(consumed == 5);
  }
}
