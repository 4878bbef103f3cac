// Delta debugging held against brute force over all subsets.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/races/ddmin.hpp"
#include "sim/kernel/chance.hpp"

using namespace georep;

namespace {

std::uint32_t mask_of(const Elements& elements) {
  std::uint32_t mask = 0;
  for (const std::size_t element : elements) mask |= std::uint32_t{1} << element;
  return mask;
}

/// A property of subsets of `count` elements, of no shape at all: true of each subset with some probability, and of all.
std::vector<bool> any_property(std::uint64_t number, std::size_t count, unsigned one_in) {
  Draw draw = Chance{1, number}.draw(name_hash("properties"), Purpose::search, 0);
  std::vector<bool> holds(std::size_t{1} << count);
  for (std::size_t mask = 0; mask < holds.size(); ++mask) holds[mask] = draw.uniform_below(one_in) == 0;
  holds.back() = true;
  return holds;
}

}  // namespace

TEST_CASE("what is left holds, and without any one element of it nothing does") {
  for (std::uint64_t number = 0; number < 2'000; ++number) {
    const std::size_t count = number % 9;
    const std::vector<bool> holds = any_property(number, count, 2 + static_cast<unsigned>(number % 7));
    const Elements kept = ddmin(count, [&](const Elements& candidate) { return holds[mask_of(candidate)]; });
    const std::uint32_t mask = mask_of(kept);
    CHECK(std::is_sorted(kept.begin(), kept.end()));
    CHECK(holds[mask]);
    for (const std::size_t element : kept) CHECK_FALSE(holds[mask & ~(std::uint32_t{1} << element)]);
  }
}

TEST_CASE("where more elements never hurt, what is left is one of the least sets that brute force finds") {
  for (std::uint64_t number = 0; number < 500; ++number) {
    const std::size_t count = 1 + number % 8;
    std::vector<bool> holds = any_property(number, count, 40);
    for (std::size_t mask = 0; mask < holds.size(); ++mask)
      for (std::size_t element = 0; element < count; ++element)
        if (holds[mask]) holds[mask | std::size_t{1} << element] = true;
    const std::uint32_t kept =
        mask_of(ddmin(count, [&](const Elements& candidate) { return holds[mask_of(candidate)]; }));
    bool is_least = holds[kept];
    for (std::uint32_t part = kept; part != 0 && is_least; part = (part - 1) & kept)
      if (part != kept && holds[part]) is_least = false;
    CHECK(is_least);
  }
}

TEST_CASE("a few needed elements among many are found with few questions") {
  const Elements needed{3, 700, 701};
  int asked = 0;
  const Elements kept = ddmin(1'000, [&](const Elements& candidate) {
    ++asked;
    return std::includes(candidate.begin(), candidate.end(), needed.begin(), needed.end());
  });
  CHECK(kept == needed);
  CHECK(asked < 100);
}
