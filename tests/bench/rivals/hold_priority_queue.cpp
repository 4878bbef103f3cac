// The hold model on std::priority_queue with a sequence number. usage: hold_priority_queue N [holds] [law]
#include <cstdlib>
#include <queue>

#include "tests/bench/increments.hpp"

namespace {
struct Entry {
  std::int64_t at;
  std::uint64_t sequence;
  std::uint64_t payload;
  bool operator<(const Entry& other) const {
    return at != other.at ? at > other.at : sequence > other.sequence;
  }
};
}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t pending = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  const std::uint64_t holds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  bench::Increments increments{7, bench::law_of(argc > 3 ? argv[3] : "exponential")};
  std::priority_queue<Entry> queue;
  std::uint64_t sequence = 0;
  for (std::uint64_t i = 0; i < pending; ++i) queue.push({increments.next(), sequence++, i});
  const std::uint64_t warm = pending > 1'000'000 ? 1'000'000 : pending;
  auto start = bench::Clock::now();
  for (std::uint64_t i = 0; i < warm + holds; ++i) {
    if (i == warm) start = bench::Clock::now();
    const Entry entry = queue.top();
    queue.pop();
    queue.push({entry.at + increments.next(), sequence++, entry.payload});
  }
  std::printf("ns_per_hold %.2f bytes_per_event %zu\n",
              bench::seconds_since(start) * 1e9 / static_cast<double>(holds), sizeof(Entry));
  return 0;
}
