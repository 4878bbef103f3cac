// A single-server queue on the kernel alone: Poisson arrivals at 0.9 a second, exponential service of 1 s on average.
#include <cstdio>

#include "sim/kernel/chance.hpp"
#include "sim/kernel/signal.hpp"

using namespace georep;

struct Queue {
  Simulation& simulation;
  Resource server{1};
  double total_time_s = 0;

  Duration draw(Purpose purpose, std::uint64_t customer, double mean_s) const {
    Draw chance = simulation.chance().draw(name_hash("queue"), purpose, customer);
    return Duration::from_seconds(chance.exponential(mean_s));
  }
  Task<void> visit(std::uint64_t customer) {
    const Instant arrived_at = simulation.now();
    const Resource::Slot place = co_await server.acquire();
    co_await simulation.delay(draw(Purpose::storage, customer, 1.0));
    total_time_s += (simulation.now() - arrived_at).seconds();
  }
  Task<void> arrive(std::uint64_t customers) {
    for (std::uint64_t customer = 0; customer < customers; ++customer) {
      co_await simulation.delay(draw(Purpose::arrival, customer, 1 / 0.9));
      simulation.spawn(visit(customer));
    }
  }
};

int main() {
  Simulation simulation{/*seed=*/1};
  Queue queue{simulation};
  simulation.spawn(queue.arrive(1'000'000));
  simulation.run();
  std::printf("mean time in system %.2f s (theory: 10 s)\n",
              queue.total_time_s / 1e6);
}
