// Rules of replication that need more than one change or a fault, each by a case computed by hand.
#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::RanWorld;
using test::WorldBuilder;

namespace {

std::vector<std::pair<std::string, Instant>> arrivals(const WorldSpec& spec,
                                                      std::uint32_t region = 1) {
  const auto plan = compile(spec);
  World world{*plan};
  std::vector<std::pair<std::string, Instant>> result;
  world.facts().subscribe<TagApplied>([&](const TagApplied& fact) {
    if (fact.replica == RegionId{static_cast<std::uint16_t>(region)}) result.emplace_back(world.names().tag_name(fact.tag), fact.at);
  });
  world.run();
  return result;
}

WorldBuilder with_index(ChildrenOrder children) {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  ImageSpec index;
  index.name = "multi";
  index.content = ImageIndex{{{"linux/amd64", "one"}, {"linux/arm64", "two"}}, children};
  builder.spec.images.push_back(index);
  return builder;
}

}  // namespace

TEST_CASE("the newest change that waits goes first where the queue says so") {
  for (const QueueDiscipline queue : {QueueDiscipline::fifo, QueueDiscipline::newest_first}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.registry.manifest_size = 0_B;
    builder.spec.network.links[0].bandwidth = 80_Mbps;  // a second for the image
    builder.spec.registry.replication.concurrency = 1;
    builder.spec.registry.replication.queue = queue;
    builder.push(0_s, "one", "app:v1", "west");
    builder.add_image("small", {1_B});
    builder.push(100_ms, "small", "app:v2", "west").push(200_ms, "small", "app:v3", "west");
    const auto order = arrivals(builder.spec);
    REQUIRE(order.size() == 3);
    CHECK(order[0].first == "v1");
    CHECK(order[1].first == (queue == QueueDiscipline::fifo ? "v2" : "v3"));
    // Committed at 7 ms; a round trip, a second for the bytes, one latency.
    CHECK(order[0].second == Instant::at(7_ms + 100_ms + 1_s + 50_ms));
  }
}

TEST_CASE("a layer that two repositories share is copied once, also while it is under way") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.network.links[0].bandwidth = 80_Mbps;
  builder.push(0_s, "one", "app:v1", "west").push(100_ms, "one", "other:v1", "west");
  builder.push(10_s, "one", "third:v1", "west");
  const auto plan = compile(builder.spec);
  World world{*plan};
  world.run();
  CHECK(world.network().egress_bytes(RegionId{0}) == 10'000'000);
  for (const char* tag : {"app:v1", "other:v1", "third:v1"}) {
    const Reference reference = plan->reference(const_cast<Names&>(world.names()), tag);
    Replica& east = *world.registry().replica(RegionId{1});
    CHECK(world.registry().serves(east, reference.repository, plan->images.at("one")));
  }
}

TEST_CASE("after a break the blobs that were copied are kept, or copied again where resume is off") {
  for (const bool resume : {true, false}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.registry.manifest_size = 0_B;
    builder.spec.network.links[0].bandwidth = 80_Mbps;
    builder.spec.registry.replication.streams = 1;
    builder.spec.registry.replication.resume = resume;
    builder.add_image("both", {10_MB, 20_MB});
    builder.push(0_s, "both", "app:v1", "west");
    // Committed at 7 ms. The first blob has left at 1.107 s and is there at 1.157 s; the second begins to move at 1.207 s.
    builder.add(2_s, "", FailAction{LinkFault{{"west", "east"}}, 500_ms});
    const auto plan = compile(builder.spec);
    World world{*plan};
    std::optional<Instant> there;
    world.facts().subscribe<TagApplied>([&](const TagApplied& fact) {
      if (!fact.local) there = fact.at;
    });
    world.run();
    // Tried again a second after the break. The second blob moves from its start; the first is asked for, and moves too where it was
    // dropped.
    const Duration first_again = resume ? 0_s : 1_s;
    CHECK(there == Instant::at(3_s + 100_ms + first_again + 100_ms + 2_s + 50_ms));
    const double half_done = 793'000'000 / 8e9 * 80e6;  // from 1.207 s to 2 s
    CHECK(world.network().egress_bytes(RegionId{0}) ==
          doctest::Approx((resume ? 30e6 : 40e6) + half_done).epsilon(1e-9));
  }
}

TEST_CASE("an index arrives behind its children, or before them with all that names it") {
  WorldBuilder before = with_index(ChildrenOrder::before);
  before.spec.network.links[0].bandwidth = 80_Mbps;
  before.push(0_s, "multi", "app:v1", "west");
  before.pull(3_s, "app:v1", "east", "early").pull(10_s, "app:v1", "east", "late");
  const RanWorld first{before.spec};
  CHECK(first.outcome("early") == "MANIFEST_UNKNOWN");  // the tag is not there yet
  CHECK(first.duration("early") == 2_ms);
  CHECK(first.outcome("late") == "multi");
  // Pushed by HEAD, POST and PUT of two blobs at once (6 ms), two children (4 ms) and the index, which arrives at 11 ms. Both blobs
  // move together: 30 MB in 3 s after a round trip.
  CHECK(arrivals(before.spec)[0].second == Instant::at(11_ms + 100_ms + 3_s + 50_ms));

  WorldBuilder after = with_index(ChildrenOrder::after);
  after.spec.network.links[0].bandwidth = 80_Mbps;
  after.push(0_s, "multi", "app:v1", "west");
  after.pull(3_s, "app:v1", "east", "early").pull(10_s, "app:v1", "east", "late");
  const RanWorld second{after.spec};
  CHECK(second.outcome("early") == "MANIFEST_UNKNOWN");  // the index is there, its child is not
  CHECK(second.duration("early") == 4_ms);
  CHECK(second.outcome("late") == "multi");
  CHECK(arrivals(after.spec)[0].second == Instant::at(11_ms + 50_ms));
}

TEST_CASE("a host takes its platform's child: docker in three round trips, containerd in four") {
  WorldBuilder builder = with_index(ChildrenOrder::before);
  builder.add_host("arm", "west").platform = "linux/arm64";
  HostSpec& node = builder.add_host("node", "west");
  node.client = ClientKind::containerd;
  node.platform = "linux/arm64";
  builder.add_host("strange", "west").platform = "plan9/mips";
  builder.push(0_s, "multi", "app:v1", "west");
  for (const char* host : {"arm", "node", "strange"}) builder.pull(1_s, "app:v1", host, std::string{"by-"} + host);
  const RanWorld world{builder.spec};
  CHECK(world.outcome("by-arm") == "multi");
  CHECK(world.duration("by-arm") == 6_ms);
  CHECK(world.duration("by-node") == 8_ms);
  CHECK(world.outcome("by-strange") == "MANIFEST_UNKNOWN");
}

TEST_CASE("a hybrid clock that has heard of a change stamps later ones after it, however slow it is") {
  for (const StampKind stamp : {StampKind::wall_clock, StampKind::hybrid_logical_clock}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.registry.replication.stamp = stamp;
    builder.spec.registry.clock_skew = std::vector<ClockSkewOf>{{"east", Duration{} - 1_min}};
    builder.push(0_s, "one", "app:v1", "west");
    builder.push(1_s, "two", "app:v1", "east");  // knows of the first, but its clock says a minute earlier
    builder.pull(5_s, "app:v1", "west", "in-west").pull(5_s, "app:v1", "east", "in-east");
    const RanWorld world{builder.spec};
    const std::string winner = stamp == StampKind::wall_clock ? "one" : "two";
    CHECK(world.outcome("in-west") == winner);
    CHECK(world.outcome("in-east") == winner);
  }
}

TEST_CASE("one skew that all clocks have may be negative, and so may what each draws") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.clock_skew = always(Duration{} - 5_s);
  const Plan plan = test::compiled(builder.spec);
  for (const RegionId region : plan.replicas)
    CHECK(registry_member(plan, plan.spec.registry, region, Chance{1, 0}).skew == Duration{} - 5_s);
  DurationLaw law;
  law.law = Distribution::Law::uniform;
  law.a = -5e9;
  law.b = -4e9;
  builder.spec.registry.clock_skew = law;
  for (const RegionId region : plan.replicas) {
    const Duration skew = registry_member(plan, builder.spec.registry, region, Chance{1, 0}).skew;
    CHECK(skew >= Duration{} - 5_s);
    CHECK(skew <= Duration{} - 4_s);
  }
}

TEST_CASE("two faults of one link overlap under either order of its ends, and so do two degradations") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replicas = {"west"};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(10_s, "", FailAction{LinkFault{{"west", "east"}}, 10_s});
  builder.add(15_s, "", FailAction{LinkFault{{"east", "west"}}, 10_s});
  builder.pull(22_s, "app:v1", "east", "cut").pull(26_s, "app:v1", "east", "whole");
  builder.add(30_s, "", DegradeAction{{"west", "east"}, {}, 400_ms, {}, 20_s});
  builder.add(35_s, "", DegradeAction{{"west", "east"}, {}, 1_s, {}, 5_s});
  for (const auto& [at, name] : {std::pair{36_s, "worse"}, std::pair{42_s, "bad"}, std::pair{55_s, "good"}})
    builder.pull(at, "app:v1", "east", name);
  const RanWorld world{builder.spec};
  CHECK(world.outcome("cut") == "UNREACHABLE");
  CHECK(world.outcome("whole") == "one");
  CHECK(world.duration("worse") == 1_s);
  CHECK(world.duration("bad") == 400_ms);
  CHECK(world.duration("good") == 100_ms);
}

TEST_CASE("a wait between attempts is rounded up, but not for the errors of a multiplication") {
  RetrySpec retry;
  retry.first = 1_s;
  retry.factor = 1.1;
  CHECK(retry_wait(retry, 2) == 1100_ms);
  retry.first = 1_ns;
  CHECK(retry_wait(retry, 2) == 2_ns);
  retry.factor = 2;
  retry.first = 10_s;
  CHECK(retry_wait(retry, 6) == 5_min);  // 320 s, but at most five minutes
}
