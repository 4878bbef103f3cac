// Withdrawing a pending event and scheduling it anew, with N pending: nanoseconds for the pair, and for scheduling alone.
// usage: cancel N [pairs]
#include <cstdlib>
#include <memory>
#include <vector>

#include "sim/kernel/simulation.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {
class Timeout : public Event {
 public:
  Timeout() : Event{[](Simulation&, Event&) {}} {}
};
}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t pending = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::uint64_t pairs = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  Simulation simulation;
  bench::Increments increments{7};
  std::vector<std::unique_ptr<Timeout>> timeouts;
  for (std::uint64_t i = 0; i < pending; ++i) timeouts.push_back(std::make_unique<Timeout>());
  auto start = bench::Clock::now();
  for (const auto& timeout : timeouts)
    simulation.schedule(*timeout, Duration::nanoseconds(increments.next() + 1));
  const double push_ns = bench::seconds_since(start) * 1e9 / static_cast<double>(pending);
  start = bench::Clock::now();
  std::uint64_t place = 0;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    place = (place * 6364136223846793005ULL + 1442695040888963407ULL);
    Timeout& timeout = *timeouts[(place >> 33) % pending];
    simulation.cancel(timeout);
    simulation.schedule(timeout, Duration::nanoseconds(increments.next() + 1));
  }
  const double pair_ns = bench::seconds_since(start) * 1e9 / static_cast<double>(pairs);
  std::printf("ns_per_pair %.2f ns_per_push %.2f\n", pair_ns, push_ns);
  std::fflush(stdout);
  std::_Exit(0);
}
