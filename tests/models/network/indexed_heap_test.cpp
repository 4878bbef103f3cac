// The indexed heap against a sorted set.
#include <set>

#include <doctest/doctest.h>

#include "models/network/indexed_heap.hpp"
#include "sim/kernel/chance.hpp"

using namespace georep;

TEST_CASE("an indexed heap yields the least key, then the least number, whatever was added, moved and taken out") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Draw draw = Chance{seed, 0}.draw(1, Purpose::test, 0);
    const std::uint32_t numbers = 1 + static_cast<std::uint32_t>(draw.uniform_below(40));
    IndexedHeap<std::int64_t> heap;
    HeapPlaces places(numbers, no_heap_place);
    std::vector<std::int64_t> keys(numbers);
    std::set<std::pair<std::int64_t, std::uint32_t>> sorted;
    for (int step = 0; step < 2'000; ++step) {
      const auto id = static_cast<std::uint32_t>(draw.uniform_below(numbers));
      sorted.erase({keys[id], id});
      if (draw.uniform_below(4) == 0) {
        heap.erase(id, places);
      } else {
        keys[id] = static_cast<std::int64_t>(draw.uniform_below(60));
        heap.set(id, keys[id], places);
        sorted.insert({keys[id], id});
      }
      REQUIRE(heap.size() == sorted.size());
      if (sorted.empty()) continue;
      REQUIRE(heap.top().id == sorted.begin()->second);
      REQUIRE(heap.top().key == sorted.begin()->first);
    }
  }
}
