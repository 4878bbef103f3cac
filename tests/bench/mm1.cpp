// M/M/1 as two processes, an arrival process and a server, a queue between them: customers per second.
// usage: mm1 [customers]
#include <cstdlib>
#include <deque>

#include "sim/kernel/signal.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {

struct Queue {
  Simulation simulation;
  bench::Increments arrivals{1};
  bench::Increments services{2};
  std::deque<Instant> waiting;
  Signal arrived;
  double total_s = 0;

  Task<void> arrive(std::uint64_t customers) {
    for (std::uint64_t i = 0; i < customers; ++i) {
      co_await simulation.delay(Duration::nanoseconds(arrivals.next() * 10 / 9));
      waiting.push_back(simulation.now());
      if (waiting.size() == 1) arrived.notify_one();
    }
  }
  Task<void> serve(std::uint64_t customers) {
    for (std::uint64_t i = 0; i < customers; ++i) {
      while (waiting.empty()) co_await arrived.wait();
      co_await simulation.delay(Duration::nanoseconds(services.next()));
      total_s += (simulation.now() - waiting.front()).seconds();
      waiting.pop_front();
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t customers = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  Queue queue;
  queue.simulation.spawn(queue.arrive(customers));
  queue.simulation.spawn(queue.serve(customers));
  const auto start = bench::Clock::now();
  queue.simulation.run();
  const double seconds = bench::seconds_since(start);
  std::printf("customers_per_s %.0f mean_s %.3f\n", static_cast<double>(customers) / seconds,
              queue.total_s / static_cast<double>(customers));
  return 0;
}
