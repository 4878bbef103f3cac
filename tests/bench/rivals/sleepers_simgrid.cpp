// N SimGrid actors that sleep again and again. usage: sleepers_simgrid N [sleeps]
#include <cstdlib>

#include <simgrid/s4u.hpp>

#include "tests/bench/increments.hpp"

namespace {
bench::Increments increments{7};
std::uint64_t warm = 0;
std::uint64_t sleeps = 0;
std::uint64_t done = 0;
bench::Clock::time_point start;
double before = 0;

void sleep_for_ever() {
  while (true) {
    simgrid::s4u::this_actor::sleep_for(static_cast<double>(increments.next()) * 1e-9);
    if (++done == warm) start = bench::Clock::now();
    if (done < warm + sleeps) continue;
    const double ns = bench::seconds_since(start) * 1e9 / static_cast<double>(sleeps);
    std::printf("ns_per_sleep %.2f bytes_per_process %.1f\n", ns,
                (bench::resident_bytes() - before) / static_cast<double>(warm));
    std::fflush(stdout);
    std::_Exit(0);
  }
}
}  // namespace

int main(int argc, char** argv) {
  simgrid::s4u::Engine engine{&argc, argv};
  warm = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  sleeps = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
  auto* zone = simgrid::s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  before = bench::resident_bytes();
  for (std::uint64_t i = 0; i < warm; ++i)
    simgrid::s4u::Actor::create("sleeper", host, sleep_for_ever);
  engine.run();
  return 0;
}
