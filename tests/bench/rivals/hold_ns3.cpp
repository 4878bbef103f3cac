// The hold model through ns-3's simulator and one of its schedulers. usage: hold_ns3 SCHEDULER N [holds]
#include <cstdlib>
#include <string>

#include <ns3/core-module.h>

#include "tests/bench/increments.hpp"

namespace {
bench::Increments increments{7};
std::uint64_t done = 0;
std::uint64_t warm = 0;
std::uint64_t holds = 0;
bench::Clock::time_point start;

void tick(std::uint64_t id) {
  if (++done == warm) start = bench::Clock::now();
  if (done >= warm + holds) ns3::Simulator::Stop();
  ns3::Simulator::Schedule(ns3::TimeStep(static_cast<std::uint64_t>(increments.next())), &tick, id);
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::uint64_t pending = std::strtoull(argv[2], nullptr, 10);
  holds = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 2'000'000;
  warm = pending > 1'000'000 ? 1'000'000 : pending;
  ns3::ObjectFactory factory;
  factory.SetTypeId(std::string("ns3::") + argv[1] + "Scheduler");
  ns3::Simulator::SetScheduler(factory);
  const double before = bench::resident_bytes();
  for (std::uint64_t i = 0; i < pending; ++i)
    ns3::Simulator::Schedule(ns3::TimeStep(static_cast<std::uint64_t>(increments.next())), &tick, i);
  const double bytes = bench::resident_bytes() - before;
  ns3::Simulator::Run();
  std::printf("ns_per_hold %.2f bytes_per_event %.1f\n",
              bench::seconds_since(start) * 1e9 / static_cast<double>(holds),
              bytes / static_cast<double>(pending));
  std::fflush(stdout);
  std::_Exit(0);
}
