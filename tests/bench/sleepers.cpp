// N processes that sleep again and again: nanoseconds per sleep and bytes per process, its event included.
// usage: sleepers N [sleeps]
#include <cstdlib>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {

struct Sleepers {
  Simulation simulation;
  bench::Increments increments{7};
  std::uint64_t warm = 0;
  std::uint64_t sleeps = 0;
  std::uint64_t done = 0;
  bench::Clock::time_point start;

  Task<void> sleep() {
    while (true) {
      co_await simulation.delay(Duration::nanoseconds(increments.next()));
      if (++done == warm) start = bench::Clock::now();
      if (done >= warm + sleeps) simulation.stop();
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t processes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  Sleepers sleepers;
  sleepers.sleeps = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2'000'000;
  sleepers.warm = processes;
  const double before = bench::resident_bytes();
  for (std::uint64_t i = 0; i < processes; ++i) sleepers.simulation.spawn(sleepers.sleep());
  sleepers.simulation.run();
  const double bytes = bench::resident_bytes() - before;
  const double ns =
      bench::seconds_since(sleepers.start) * 1e9 / static_cast<double>(sleepers.sleeps);
  std::printf("ns_per_sleep %.2f bytes_per_process %.1f\n", ns,
              bytes / static_cast<double>(processes));
  std::fflush(stdout);
  std::_Exit(0);
}
