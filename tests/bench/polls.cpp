// The whole model under a poll storm: a scenario whose first workload polls, without measures or expectations.
// usage: polls SCENARIO [simulated seconds]
#include <cstdlib>
#include <string>
#include <variant>

#include "models/world/world.hpp"
#include "scenarios/reader/reader.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {

double polls_in_a_second(const WorldSpec& spec) {
  const WorkloadSpec& storm = spec.workloads.at(0);
  double machines = 0;
  for (const HostSpec& host : spec.hosts)
    if (host.name == storm.on) machines += static_cast<double>(host.count);
  return machines / std::get<PollSpec>(storm.work).every.seconds();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto read = read_scenario(argv[1]);
  if (!read || !read->scenario) return 1;
  WorldSpec spec = read->scenario->world;
  const Duration warm = 10_s;
  const Duration length = 1_s * (argc > 2 ? std::atoll(argv[2]) : 600);
  spec.duration = warm + length;
  const auto plan = compile(spec);
  if (!plan) return 1;
  World world{*plan};
  world.run(Instant::at(warm));
  const std::uint64_t events_before = world.simulation().events();
  const auto start = bench::Clock::now();
  world.run();
  const double elapsed = bench::seconds_since(start);
  const double polls = polls_in_a_second(spec) * length.seconds();
  const auto events = static_cast<double>(world.simulation().events() - events_before);
  std::printf("polls_per_s %.0f events_per_s %.0f events_per_poll %.2f ns_per_poll %.1f polls %.0f\n",
              polls / elapsed, events / elapsed, events / polls, elapsed * 1e9 / polls, polls);
  return 0;
}
