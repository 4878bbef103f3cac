// The whole model under polls: three hundred machines ask every second for an hour, through a manifest cache.
// usage: polls [simulated seconds]
#include <cstdlib>

#include "models/world/world.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

int main(int argc, char** argv) {
  const std::int64_t seconds = argc > 1 ? std::atoll(argv[1]) : 3600;
  WorldSpec spec;
  spec.network.local_rtt = 1_ms;
  RegionSpec region;
  region.name = "west";
  spec.network.regions.push_back(region);
  spec.registry.manifest_cache = ManifestCacheSpec{};
  for (const std::int64_t count : {1, 300}) {
    HostSpec host;
    host.name = count == 1 ? "dev" : "pollers";
    host.region = "west";
    host.count = count;
    spec.hosts.push_back(host);
  }
  ImageSpec image;
  image.name = "hello";
  image.content = LayeredImage{{LayerUse{30_MB}}};
  spec.images.push_back(image);
  PushAction push;
  push.image = "hello";
  push.to = "app:v1";
  push.on = "dev";
  TimelineEntry entry;
  entry.at = 0_s;
  entry.action = push;
  spec.timeline.push_back(entry);
  WorkloadSpec polls;
  PollSpec poll;
  poll.reference = "app:v1";
  poll.every = 1_s;
  polls.work = poll;
  polls.on = "pollers";
  polls.until = 1_s * seconds;
  spec.workloads.push_back(polls);

  const auto plan = compile(spec);
  World world{*plan};
  const auto start = bench::Clock::now();
  world.run();
  const double elapsed = bench::seconds_since(start);
  const double count = 300.0 * static_cast<double>(seconds);
  std::printf("polls_per_s %.0f events_per_s %.0f ns_per_poll %.1f\n", count / elapsed,
              static_cast<double>(world.simulation().events()) / elapsed, elapsed * 1e9 / count);
  return 0;
}
