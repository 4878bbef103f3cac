// The trace hash is no constant: whatever alters a fact alters it; and nothing else does.
#include <functional>
#include <set>

#include <doctest/doctest.h>

#include "sim/kernel/chance.hpp"
#include "tests/support/world_builder.hpp"

using namespace georep;
using test::WorldBuilder;

namespace {

/// A world of random sizes and times in which every part has something to do.
WorldSpec generated(std::uint64_t seed) {
  Draw draw = Chance{seed, 0}.draw(name_hash("generated"), Purpose::test, 0);
  const auto milliseconds = [&draw](std::uint64_t least, std::uint64_t most) {
    return 1_ms * static_cast<std::int64_t>(least + draw.uniform_below(most - least));
  };
  WorldBuilder builder{{"west", "east", "north"}, milliseconds(20, 200)};
  builder.spec.seed = seed;
  builder.spec.network.bandwidth = Bandwidth{
      static_cast<std::int64_t>(50'000'000 + draw.uniform_below(500'000'000))};
  builder.spec.network.jitter = Ratio{0.05};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.manifest_cache->ttl = milliseconds(10'000, 20'000);
  builder.spec.registry.storage.service_time = always(milliseconds(1, 30));
  builder.push(milliseconds(0, 100), "one", "app:v1", "west", "first");
  builder.pull(milliseconds(500, 3'000), "app:v1", "east", "pull");
  builder.push(milliseconds(4'000, 6'000), "two", "app:v1", "north", "second");
  builder.pull(milliseconds(12'000, 13'000), "app:v1", "east", "again");
  builder.pull(milliseconds(13'100, 14'900), "app:v1", "east", "cached");
  return builder.spec;
}

std::uint64_t hash_of(const WorldSpec& spec) {
  const auto plan = compile(spec);
  REQUIRE(plan.has_value());
  World world{*plan};
  world.run();
  return world.simulation().trace_hash();
}

}  // namespace

TEST_CASE("the same world has the same hash, run again or with everybody listening") {
  const auto plan = compile(generated(1));
  World world{*plan};
  world.run();
  const std::uint64_t hash = world.simulation().trace_hash();
  world.reset(1, 0);
  int heard = 0;
  world.facts().subscribe<TagApplied>([&heard](const TagApplied&) { ++heard; });
  world.facts().subscribe<ManifestAnswered>([&heard](const ManifestAnswered&) { ++heard; });
  world.facts().subscribe<BlobStored>([&heard](const BlobStored&) { ++heard; });
  world.run();
  CHECK(heard > 5);
  CHECK(world.simulation().trace_hash() == hash);
}

TEST_CASE("changing one delay, size, time, seed or rule of a generated world changes its hash") {
  const std::vector<std::function<void(WorldSpec&)>> changes{
      [](WorldSpec& spec) { spec.seed += 1; },
      [](WorldSpec& spec) { spec.network.links[0].rtt = *spec.network.links[0].rtt + 2_ns; },
      [](WorldSpec& spec) { spec.network.local_rtt += 2_ns; },
      [](WorldSpec& spec) { spec.network.bandwidth.bits_per_second += 1'000'000; },
      [](WorldSpec& spec) { spec.network.jitter.value += 0.001; },
      [](WorldSpec& spec) { spec.registry.manifest_size.count += 100; },
      [](WorldSpec& spec) { spec.registry.config_size = 1_KiB; },
      [](WorldSpec& spec) { spec.registry.storage.service_time = always(31_ms); },
      [](WorldSpec& spec) { spec.registry.manifest_cache.reset(); },
      [](WorldSpec& spec) { spec.registry.replication.round_trips_per_blob = 2; },
      [](WorldSpec& spec) { spec.registry.replication.start_delay = always(1_ms); },
      [](WorldSpec& spec) {
        spec.registry.replication.order = {{ReplicationStep::manifest},
                                           {ReplicationStep::tag},
                                           {ReplicationStep::blobs}};
      },
      [](WorldSpec& spec) { spec.timeline[1].at = *spec.timeline[1].at + 1_ns; },
      [](WorldSpec& spec) { std::get<LayeredImage>(spec.images[0].content).layers[0] = 11_MB; },
      [](WorldSpec& spec) { spec.timeline.pop_back(); },
      [](WorldSpec& spec) { spec.hosts[1].resolver = "west"; },
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::set<std::uint64_t> hashes{hash_of(generated(seed))};
    for (const auto& change : changes) {
      WorldSpec spec = generated(seed);
      change(spec);
      hashes.insert(hash_of(spec));
    }
    CHECK(hashes.size() == changes.size() + 1);
  }
}
