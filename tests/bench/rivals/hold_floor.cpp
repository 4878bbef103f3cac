// The hold model on a hand-written ladder and nothing else. usage: hold_floor N [holds] [law]
#include <cstdlib>
#include <memory>

#include "tests/bench/increments.hpp"
#include "tests/bench/rivals/radix_ladder.hpp"

int main(int argc, char** argv) {
  const std::uint64_t pending = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  const std::uint64_t holds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  bench::Increments increments{7, bench::law_of(argc > 3 ? argv[3] : "exponential")};
  const double before = bench::resident_bytes();
  const auto ladder = std::make_unique<bench::RadixLadder>();
  for (std::uint64_t i = 0; i < pending; ++i)
    ladder->push(static_cast<std::uint64_t>(increments.next()), i);
  const double bytes = bench::resident_bytes() - before;
  const std::uint64_t warm = pending > 1'000'000 ? 1'000'000 : pending;
  auto start = bench::Clock::now();
  for (std::uint64_t i = 0; i < warm + holds; ++i) {
    if (i == warm) start = bench::Clock::now();
    const bench::RadixLadder::Entry entry = ladder->pop();
    ladder->push(entry.at + static_cast<std::uint64_t>(increments.next()), entry.payload);
  }
  std::printf("ns_per_hold %.2f bytes_per_event %.1f\n",
              bench::seconds_since(start) * 1e9 / static_cast<double>(holds),
              bytes / static_cast<double>(pending));
  return 0;
}
