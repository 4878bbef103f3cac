// The whole model under a catalog: sixty regions in a ring around one ocean, a thousand pulls a second of Zipf's law from hosts with bounded
// layer stores, ten pushes a minute that are copied everywhere.
// usage: catalog [simulated seconds]
#include <algorithm>
#include <cstdlib>
#include <string>

#include "models/world/world.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {

constexpr int regions = 60;

std::string region_name(int number) { return "region-" + std::to_string(number); }

// Nearer ones have shorter round trips, the farthest 300 ms.
Duration round_trip(int from, int to) {
  const int apart = std::min(to - from, regions - (to - from));
  return 10_ms * apart;
}

void add_regions(WorldSpec& spec) {
  spec.network.bandwidth = 10_Gbps;
  for (int i = 0; i < regions; ++i) {
    RegionSpec region;
    region.name = region_name(i);
    spec.network.regions.push_back(region);
    HostSpec host;
    host.name = region.name;
    host.region = region.name;
    host.count = 5;
    host.layer_store = 20_GB;
    spec.hosts.push_back(host);
    for (int j = 0; j < i; ++j) {
      LinkSpec link;
      link.ends = LinkBetween{{region_name(j), region.name}};
      link.rtt = round_trip(j, i);
      spec.network.links.push_back(link);
    }
  }
}

void add_workloads(WorldSpec& spec) {
  PullsSpec pulls;
  pulls.catalog.repositories = 500;
  pulls.catalog.tags = 20;
  pulls.catalog.zipf = 1.1;
  pulls.arrivals = PoissonArrivals{Rate{1000.0 / regions}};
  for (int i = 0; i < regions; ++i) {
    WorkloadSpec workload;
    workload.work = pulls;
    workload.on = region_name(i);
    spec.workloads.push_back(workload);
  }
  PushesSpec pushes;
  pushes.repositories = 20;
  pushes.arrivals = PoissonArrivals{Rate{10.0 / 60}};
  WorkloadSpec workload;
  workload.work = pushes;
  workload.on = region_name(0);
  spec.workloads.push_back(workload);
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t seconds = argc > 1 ? std::atoll(argv[1]) : 3600;
  WorldSpec spec;
  spec.duration = 1_s * seconds;
  spec.registry.manifest_cache = ManifestCacheSpec{};
  add_regions(spec);
  add_workloads(spec);
  const auto plan = compile(spec);
  World world{*plan};
  const auto start = bench::Clock::now();
  world.run();
  const double elapsed = bench::seconds_since(start);
  std::printf("seconds_per_hour %.2f events_per_s %.0f\n",
              elapsed * 3600 / static_cast<double>(seconds),
              static_cast<double>(world.simulation().events()) / elapsed);
  return 0;
}
