// Withdrawing pending events and moving them, N being pending: nanoseconds to schedule, to move (withdraw and schedule anew), and to withdraw.
// Events are taken in random order throughout, as the answers to requests come in.
// usage: cancel N [moves]
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "sim/kernel/simulation.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {
class Timeout : public Event {
 public:
  Timeout() : Event{[](Simulation&, Event&) {}} {}
};

/// Pseudorandom indices below a count.
class Picker {
 public:
  std::size_t below(std::size_t count) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33) % count;
  }

 private:
  std::uint64_t state_ = 1;
};

double ns_each(bench::Clock::time_point start, std::uint64_t count) {
  return bench::seconds_since(start) * 1e9 / static_cast<double>(count);
}
}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t pending = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::uint64_t moves = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  const std::uint64_t rounds = 1 + 1'000'000 / pending;
  Simulation simulation;
  bench::Increments increments{7};
  Picker picker;
  std::vector<Timeout> timeouts(pending);
  std::vector<Timeout*> order;
  for (Timeout& timeout : timeouts) order.push_back(&timeout);
  for (std::size_t i = pending; i > 1; --i) std::swap(order[i - 1], order[picker.below(i)]);
  const auto schedule = [&](Timeout& timeout) {
    simulation.schedule(timeout, Duration::nanoseconds(increments.next() + 1));
  };

  double push_ns = 0;
  double cancel_ns = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    auto start = bench::Clock::now();
    for (Timeout* timeout : order) schedule(*timeout);
    push_ns += ns_each(start, pending * rounds);
    start = bench::Clock::now();
    for (Timeout* timeout : order) simulation.cancel(*timeout);
    cancel_ns += ns_each(start, pending * rounds);
  }
  for (Timeout* timeout : order) schedule(*timeout);
  const auto start = bench::Clock::now();
  for (std::uint64_t i = 0; i < moves; ++i) {
    Timeout& timeout = timeouts[picker.below(pending)];
    simulation.cancel(timeout);
    schedule(timeout);
  }
  std::printf("ns_per_move %.2f ns_per_push %.2f ns_per_cancel %.2f\n",
              ns_each(start, moves), push_ns, cancel_ns);
  std::fflush(stdout);
  std::_Exit(0);
}
