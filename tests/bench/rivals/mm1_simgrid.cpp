// M/M/1 as two SimGrid actors. usage: mm1_simgrid [customers]
#include <cstdlib>
#include <deque>

#include <simgrid/s4u.hpp>

#include "tests/bench/increments.hpp"

namespace {
bench::Increments arrivals{1};
bench::Increments services{2};
std::deque<double> waiting;
double total_s = 0;
std::uint64_t customers = 1'000'000;
simgrid::s4u::SemaphorePtr arrived;

void arrive() {
  for (std::uint64_t i = 0; i < customers; ++i) {
    simgrid::s4u::this_actor::sleep_for(static_cast<double>(arrivals.next()) * 10 / 9 * 1e-9);
    waiting.push_back(simgrid::s4u::Engine::get_clock());
    arrived->release();
  }
}
void serve() {
  for (std::uint64_t i = 0; i < customers; ++i) {
    arrived->acquire();
    simgrid::s4u::this_actor::sleep_for(static_cast<double>(services.next()) * 1e-9);
    total_s += simgrid::s4u::Engine::get_clock() - waiting.front();
    waiting.pop_front();
  }
}
}  // namespace

int main(int argc, char** argv) {
  simgrid::s4u::Engine engine{&argc, argv};
  if (argc > 1) customers = std::strtoull(argv[1], nullptr, 10);
  auto* zone = simgrid::s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  arrived = simgrid::s4u::Semaphore::create(0);
  simgrid::s4u::Actor::create("arrivals", host, arrive);
  simgrid::s4u::Actor::create("server", host, serve);
  const auto start = bench::Clock::now();
  engine.run();
  const double seconds = bench::seconds_since(start);
  std::printf("customers_per_s %.0f mean_s %.3f\n", static_cast<double>(customers) / seconds,
              total_s / static_cast<double>(customers));
  return 0;
}
