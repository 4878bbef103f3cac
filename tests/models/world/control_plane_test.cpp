// The control plane: replicas that come and go, retention, settings that change, routing switched; each rule by a case computed by hand.
#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::RanWorld;
using test::WorldBuilder;

namespace {

/// Three regions a round trip of 100 ms apart, replicas in the first two, and a third that is added at 10 s.
WorldBuilder third_added(RoutedWhen routed = RoutedWhen::at_once,
                         BackfillOrder backfill = BackfillOrder::oldest_first) {
  WorldBuilder builder{{"west", "east", "south"}};
  builder.spec.registry.replicas = {"west", "east"};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.routing.dns_ttl = 0_s;
  builder.push(0_s, "one", "app:v1", "west").push(1_s, "two", "app:v2", "east");
  builder.add(10_s, "", AddReplicaAction{"south", routed, backfill});
  return builder;
}

struct Heard {
  explicit Heard(const WorldSpec& spec) : plan{*compile(spec)}, world{plan} {
    world.facts().subscribe<TagApplied>([this](const TagApplied& fact) { applied.push_back(fact); });
    world.facts().subscribe<ReplicaSynced>([this](const ReplicaSynced& fact) { synced = fact.at; });
    world.facts().subscribe<ManifestRemoved>(
        [this](const ManifestRemoved& fact) { removed.push_back(fact.at); });
    world.facts().subscribe<BlobRemoved>([this](const BlobRemoved&) { ++blobs_removed; });
    world.facts().subscribe<WebhookFired>([this](const WebhookFired&) { ++fired; });
    world.run();
  }
  std::vector<TagId> applied_in(std::uint32_t region) const {
    std::vector<TagId> result;
    for (const TagApplied& fact : applied)
      if (fact.replica == RegionId{static_cast<std::uint16_t>(region)}) result.push_back(fact.tag);
    return result;
  }
  Plan plan;
  World world;
  std::vector<TagApplied> applied;
  std::vector<Instant> removed;
  std::optional<Instant> synced;
  int blobs_removed = 0;
  int fired = 0;
};

}  // namespace

TEST_CASE("an added replica copies what there is: one round trip, the bytes and one latency") {
  WorldBuilder builder = third_added();
  builder.pull(9_s, "app:v1", "south", "far");             // served by the nearest other one
  builder.pull(10_s + 50_ms, "app:v1", "south", "early");  // served at home, where nothing is yet
  builder.pull(10_s + 150_ms, "app:v2", "south", "near");
  const RanWorld world{builder.spec};
  CHECK(world.duration("far") == 200_ms);
  CHECK(world.outcome("early") == "MANIFEST_UNKNOWN");
  CHECK(world.duration("early") == 2_ms);
  CHECK(world.outcome("near") == "two");
  CHECK(world.duration("near") == 4_ms);
  const Heard heard{builder.spec};
  CHECK(heard.synced == Instant::at(10_s + 150_ms));
}

TEST_CASE("a replica that is routed when synced is not answered before it holds all there was") {
  WorldBuilder builder = third_added(RoutedWhen::when_synced);
  builder.pull(10_s + 10_ms, "app:v1", "south", "early");
  builder.pull(10_s + 300_ms, "app:v1", "south", "synced");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("early") == "one");
  CHECK(world.duration("early") == 200_ms);
  // Its layers are there from the pull before.
  CHECK(world.duration("synced") == 2_ms);
}

TEST_CASE("a back-fill takes the oldest change first, or the newest") {
  for (const bool newest : {false, true}) {
    WorldBuilder builder = third_added(
        RoutedWhen::at_once, newest ? BackfillOrder::newest_first : BackfillOrder::oldest_first);
    builder.spec.registry.replication.concurrency = 1;
    const Heard heard{builder.spec};
    const std::vector<TagId> order = heard.applied_in(2);
    REQUIRE(order.size() == 2);
    CHECK(heard.world.names().tag_name(order[0]) == (newest ? "v2" : "v1"));
    // One change at a time: the second begins when the first has left, after a round trip.
    CHECK(heard.synced == Instant::at(10_s + 250_ms));
  }
}

TEST_CASE("what is on its way when a replica is added reaches it too, and so do untagged manifests and deletions") {
  WorldBuilder builder = third_added();
  builder.spec.registry.replication.start_delay = always(1_s);
  builder.push(9_s + 900_ms, "two", "app:late", "east");
  builder.add(5_s, "", UntagAction{"app:v1", "west"});
  builder.pull(20_s, "app:late", "south", "late").pull(20_s, "app@one", "south", "untagged");
  builder.pull(20_s, "app:v1", "south", "gone");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("late") == "two");
  CHECK(world.outcome("untagged") == "one");
  CHECK(world.outcome("gone") == "MANIFEST_UNKNOWN");
}

TEST_CASE("a back-fill fires no webhook, a push after it does") {
  WorldBuilder builder = third_added();
  WebhookSpec webhook;
  webhook.name = "south";
  webhook.region = "south";
  builder.spec.webhooks.push_back(webhook);
  CHECK(Heard{builder.spec}.fired == 0);
  builder.push(20_s, "one", "app:v3", "west");
  CHECK(Heard{builder.spec}.fired == 1);
}

TEST_CASE("a back-fill does not take the place of a push that reached the new replica before it") {
  for (const ApplyKind apply : {ApplyKind::arrival_order, ApplyKind::last_writer_wins}) {
    WorldBuilder builder = third_added();
    builder.spec.registry.replication.apply = apply;
    builder.spec.network.links[1].bandwidth = 10_Mbps;  // west to south: the old content takes 8 s
    builder.push(11_s, "two", "app:v1", "south", "new");
    builder.pull(40_s, "app:v1", "south", "later");
    CHECK(RanWorld{builder.spec}.outcome("later") == "two");
  }
}

TEST_CASE("a catalog is back-filled like what was pushed") {
  WorldBuilder builder = third_added();
  PullsSpec pulls;
  pulls.catalog.repositories = 2;
  pulls.catalog.tags = 3;
  pulls.arrivals = PeriodicArrivals{1_s};
  WorkloadSpec workload;
  workload.work = pulls;
  workload.on = "south";
  workload.from = 30_s;
  workload.until = 40_s;
  builder.spec.workloads.push_back(workload);
  const auto plan = compile(builder.spec);
  World world{*plan};
  int pulled = 0;
  world.facts().subscribe<OperationEnded>([&](const OperationEnded& fact) {
    if (fact.operation != OperationId::none) return;
    CHECK(fact.replica == RegionId{2});
    CHECK(!fact.error);
    ++pulled;
  });
  world.run();
  CHECK(pulled == 10);
}

TEST_CASE("a removed replica is not answered any more, hears of nothing, and what was pushed to it is still copied") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.dns_ttl = 10_s;
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east", "home");
  builder.push(4_s, "two", "app:v2", "east", "last");  // keeps the answer of 1 s
  builder.add(4_s + 10_ms, "", RemoveReplicaAction{"east"});
  builder.pull(5_s, "app:v1", "east", "kept-answer");
  builder.pull(12_s, "app:v2", "east", "elsewhere");
  builder.push(13_s, "two", "app:v3", "west");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("last") == "two");
  CHECK(world.outcome("kept-answer") == "UNREACHABLE");
  CHECK(world.duration("kept-answer") == 0_s);
  CHECK(world.outcome("elsewhere") == "two");
  CHECK(world.operation("elsewhere").replica == RegionId{0});
  const Heard heard{builder.spec};
  CHECK(heard.applied_in(1).size() == 2);  // v1 and v2, never v3
}

TEST_CASE("a replica that is removed and added again starts empty") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(5_s, "", RemoveReplicaAction{"east"});
  builder.add(6_s, "", AddReplicaAction{"east", RoutedWhen::at_once, BackfillOrder::oldest_first});
  builder.pull(6_s + 10_ms, "app:v1", "east", "empty").pull(7_s, "app:v1", "east", "filled");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("empty") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("filled") == "one");
}

namespace {

/// Regions whose links carry a megabyte a second, so that the first image is under way for ten seconds, and one of them removed at 2 s.
WorldBuilder removed_in_mid_copy(std::vector<std::string> regions, TopologyKind topology, const std::string& removed) {
  WorldBuilder builder{std::move(regions)};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.registry.replication.topology.kind = topology;
  for (LinkSpec& link : builder.spec.network.links) link.bandwidth = 8_Mbps;
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(2_s, "", RemoveReplicaAction{removed});
  return builder;
}

}  // namespace

TEST_CASE("a change whose way led over a replica that is removed in mid-copy goes on over the way that is left") {
  // A chain; a tree that is a star around the removed one.
  for (const TopologyKind topology : {TopologyKind::chain, TopologyKind::tree}) {
    WorldBuilder builder = removed_in_mid_copy({"west", "east", "south", "north"}, topology, "east");
    if (topology == TopologyKind::tree)
      for (LinkSpec& link : builder.spec.network.links) {
        const auto& ends = std::get<LinkBetween>(link.ends).regions;
        if (ends[0] == "east" || ends[1] == "east") link.rtt = 20_ms;
      }
    builder.pull(1_h, "app:v1", "south", "south").pull(1_h, "app:v1", "north", "north");
    const RanWorld world{builder.spec};
    CHECK(world.outcome("south") == "one");
    CHECK(world.outcome("north") == "one");
  }
}

TEST_CASE("in a mesh the removal of a replica sends nothing anew") {
  const Heard heard{removed_in_mid_copy({"west", "east", "south"}, TopologyKind::mesh, "east").spec};
  CHECK(heard.applied_in(1).empty());
  CHECK(heard.applied_in(2).size() == 1);
}

TEST_CASE("a change under way in a chain reaches all replicas where a mesh takes its place") {
  WorldBuilder builder = removed_in_mid_copy({"west", "east", "south"}, TopologyKind::chain, "east");
  builder.spec.timeline.back().action = SetAction{{{"registry.replication.topology", "mesh"}}};
  builder.pull(1_h, "app:v1", "south", "south").pull(1_h, "app:v1", "east", "east");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("south") == "one");
  CHECK(world.outcome("east") == "one");
}

TEST_CASE("a copy that has begun fails when its destination is removed, whether it is still sent or has left") {
  for (const Duration removed : {2_s, 10_s + 130_ms}) {
    WorldBuilder builder = removed_in_mid_copy({"west", "east"}, TopologyKind::mesh, "east");
    builder.spec.timeline.back().at = removed;
    Plan plan = test::compiled(builder.spec);
    World world{plan};
    int begun = 0;
    std::vector<Instant> failed;
    int done = 0;
    world.facts().subscribe<ReplicationStarted>([&](const ReplicationStarted&) { ++begun; });
    world.facts().subscribe<ReplicationFailed>([&](const ReplicationFailed& fact) { failed.push_back(fact.at); });
    world.facts().subscribe<ReplicationDone>([&](const ReplicationDone&) { ++done; });
    world.run();
    CHECK(begun == 1);
    CHECK(failed == std::vector<Instant>{Instant::at(removed)});
    CHECK(done == 0);
  }
}

TEST_CASE("a replica out of routing still receives changes, and is answered again when it is back") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.dns_ttl = 0_s;
  builder.add(0_s, "", DisableRoutingAction{"east"});
  builder.push(1_s, "one", "app:v1", "west");
  builder.pull(2_s, "app:v1", "east", "away");
  builder.add(3_s, "", EnableRoutingAction{"east"});
  builder.pull(4_s, "app:v1", "east", "home");
  const RanWorld world{builder.spec};
  CHECK(world.operation("away").replica == RegionId{0});
  CHECK(world.operation("home").replica == RegionId{1});
  CHECK(world.outcome("home") == "one");
}

namespace {

/// An image that is untagged at 10 s and shares a layer with one that stays.
WorldBuilder retained() {
  WorldBuilder builder{{"west"}};
  builder.spec.layers = {{"shared", 1_MB}, {"own", 2_MB}, {"other", 3_MB}};
  for (const char* top : {"own", "other"}) {
    ImageSpec image;
    image.name = top;
    image.content = LayeredImage{{LayerUse{"shared"}, LayerUse{top}}};
    builder.spec.images.push_back(image);
  }
  builder.spec.registry.retention.untagged = 1_h;
  builder.spec.duration = 2_h;
  builder.push(0_s, "own", "app:v1", "west").push(1_s, "other", "app:v2", "west");
  builder.add(10_s, "", UntagAction{"app:v1", "west"});
  return builder;
}

}  // namespace

TEST_CASE("retention purges an untagged manifest at its age, and the layers that nothing else lists") {
  WorldBuilder builder = retained();
  // Untagged when the DELETE has arrived, at 10.001 s. A pull reads the manifest 1 ms after it began and asks for layers at 3 ms.
  builder.pull(1_h + 9_s + 997_ms, "app@own", "west", "before");
  builder.pull(1_h + 10_s, "app@own", "west", "after");
  builder.pull(1_h + 11_s, "app:v2", "west", "other");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("before") == "own");
  CHECK(world.outcome("after") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("other") == "other");
  const Heard heard{builder.spec};
  REQUIRE(heard.removed.size() == 1);
  CHECK(heard.removed[0] == Instant::at(1_h + 10_s + 1_ms));
  CHECK(heard.blobs_removed == 1);
}

TEST_CASE("a manifest that is tagged again is kept, and its age counts anew when it is untagged again") {
  WorldBuilder builder = retained();
  builder.push(20_s, "own", "app:v3", "west");
  CHECK(Heard{builder.spec}.removed.empty());
  builder.add(30_min, "", UntagAction{"app:v3", "west"});
  const Heard heard{builder.spec};
  REQUIRE(heard.removed.size() == 1);
  CHECK(heard.removed[0] == Instant::at(90_min + 1_ms));
}

TEST_CASE("a tag that moves leaves its old manifest untagged, in every replica for itself") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.retention.untagged = 10_min;
  builder.spec.duration = 1_h;
  builder.push(0_s, "one", "app:v1", "west").push(10_s, "two", "app:v1", "west");
  const Heard heard{builder.spec};
  REQUIRE(heard.removed.size() == 2);
  // Moved in the west at 10.007 s, in the east 150 ms later: a round trip for the blob and one latency.
  CHECK(heard.removed[0] == Instant::at(10_min + 10_s + 7_ms));
  CHECK(heard.removed[1] == Instant::at(10_min + 10_s + 157_ms));
}

TEST_CASE("what an index lists is kept with it and purged when it is untagged after the index is gone") {
  WorldBuilder builder{{"west"}};
  ImageSpec index;
  index.name = "multi";
  index.content = ImageIndex{{{"linux/amd64", "one"}, {"linux/arm64", "two"}}, ChildrenOrder::before};
  builder.spec.images.push_back(index);
  builder.spec.registry.retention.untagged = 10_min;
  builder.spec.duration = 1_h;
  builder.push(0_s, "multi", "app:v1", "west");
  CHECK(Heard{builder.spec}.removed.empty());
  builder.add(10_s, "", UntagAction{"app:v1", "west"});
  const Heard heard{builder.spec};
  REQUIRE(heard.removed.size() == 3);
  CHECK(heard.removed[0] == Instant::at(10_min + 10_s + 1_ms));
  CHECK(heard.removed[1] == Instant::at(20_min + 10_s + 1_ms));
  CHECK(heard.blobs_removed == 2);
}

TEST_CASE("a purge between the HEAD of a shared layer and the PUT of the manifest refuses the push") {
  WorldBuilder builder{{"west"}};
  builder.spec.layers = {{"shared", 1_MB}, {"own", 2_MB}};
  for (const bool more : {false, true}) {
    ImageSpec image;
    image.name = more ? "new" : "old";
    LayeredImage layers{{LayerUse{"shared"}}};
    if (more) layers.layers.emplace_back("own");
    image.content = layers;
    builder.spec.images.push_back(image);
  }
  builder.spec.registry.retention.untagged = 2_s;
  builder.spec.duration = 1_min;
  builder.push(0_s, "old", "app:v1", "west");
  builder.add(1_s, "", UntagAction{"app:v1", "west"});
  // Purged at 3.001 s: the HEAD arrives at 2.997 s, the manifest at 3.003 s.
  builder.push(2_s + 996_ms, "new", "app:v2", "west", "straddling");
  builder.push(10_s, "new", "app:v3", "west", "after");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("straddling") == "MANIFEST_BLOB_UNKNOWN");
  CHECK(world.outcome("after") == "new");
}

TEST_CASE("a retention that is set in mid-run heeds what was untagged before, by its age") {
  WorldBuilder builder = retained();
  builder.spec.registry.retention.untagged.reset();
  CHECK(Heard{builder.spec}.removed.empty());
  builder.add(30_min, "", SetAction{{{"registry.retention.untagged", "1 h"}}});
  const Heard heard{builder.spec};
  REQUIRE(heard.removed.size() == 1);
  CHECK(heard.removed[0] == Instant::at(1_h + 10_s + 1_ms));
}

TEST_CASE("what is set counts from then on: replication, routing, links, hosts, cache, limits, clocks") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.dns_ttl = 0_s;
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(10_s, "", SetAction{{{"registry.replication.start_delay", "1 min"},
                                   {"network.links[0].rtt", "200 ms"},
                                   {"network.local_rtt", "4 ms"},
                                   {"hosts.east.timeout", "1 s"}}});
  builder.push(20_s, "two", "app:v1", "west");
  builder.pull(70_s, "app:v1", "east", "old").pull(90_s, "app:v1", "east", "new");
  builder.add(100_s, "", SetAction{{{"routing.policy", "{pinned: west}"}}});
  builder.pull(110_s, "app:v1", "east", "pinned");
  builder.add(120_s, "", FailAction{ReplicaFault{"west"}, std::nullopt});
  builder.pull(130_s, "app:v1", "east", "impatient");
  builder.spec.duration = 10_min;
  const RanWorld world{builder.spec};
  CHECK(world.outcome("old") == "one");
  CHECK(world.duration("old") == 8_ms);
  CHECK(world.outcome("new") == "two");
  CHECK(world.duration("pinned") == 200_ms);
  CHECK(world.outcome("impatient") == "TIMEOUT");
  CHECK(world.duration("impatient") == 1_s);
}

TEST_CASE("a cache that is switched off forgets, and one that is switched on starts empty") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.replication.order = {
      {ReplicationStep::blobs}, {ReplicationStep::manifest}, {ReplicationStep::tag}};
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east", "fill");
  builder.push(2_s, "two", "app:v1", "west").pull(3_s, "app:v1", "east", "stale");
  builder.add(4_s, "", SetAction{{{"registry.manifest_cache", "none"}}});
  builder.pull(5_s, "app:v1", "east", "uncached");
  builder.add(6_s, "", SetAction{{{"registry.manifest_cache", "{ttl: 10 s}"}}});
  builder.pull(7_s, "app:v1", "east", "refill");
  builder.push(8_s, "one", "app:v1", "west").pull(9_s, "app:v1", "east", "stale-again");
  builder.pull(17_s, "app:v1", "east", "expired");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("stale") == "one");
  CHECK(world.outcome("uncached") == "two");
  CHECK(world.outcome("refill") == "two");
  CHECK(world.outcome("stale-again") == "two");
  CHECK(world.outcome("expired") == "one");
}

TEST_CASE("what cannot change during a run is refused when the world is compiled, and so is what is no value") {
  WorldBuilder builder{{"west", "east"}};
  const auto refused = [&](const char* path, const char* value) {
    WorldSpec spec = builder.spec;
    TimelineEntry entry;
    entry.at = 1_s;
    entry.action = SetAction{{{path, value}}};
    spec.timeline.push_back(entry);
    return !compile(spec).has_value();
  };
  CHECK(refused("registry.replicas", "[west]"));
  CHECK(refused("registry.config_size", "1 MB"));
  CHECK(refused("hosts.west.count", "3"));
  CHECK(refused("hosts.west.region", "east"));
  CHECK(refused("network.regions.north", "{}"));
  CHECK(refused("seed", "7"));
  CHECK(refused("registry.replication.streams", "many"));
  CHECK(!refused("registry.replication.streams", "16"));
  CHECK(!refused("network.links[0].bandwidth", "1 Gbps"));
}

TEST_CASE("a world that was set, added to and removed from is the same again after a reset") {
  WorldBuilder builder = third_added();
  builder.add(12_s, "", SetAction{{{"registry.replication.streams", "1"}, {"network.local_rtt", "8 ms"}}});
  builder.add(13_s, "", RemoveReplicaAction{"east"});
  builder.push(14_s, "one", "app:v3", "south", "after").pull(15_s, "app:v3", "east", "far");
  const auto plan = compile(builder.spec);
  World world{*plan};
  world.run();
  const std::uint64_t hash = world.simulation().trace_hash();
  for (int i = 0; i < 3; ++i) {
    world.reset(1, 0);
    world.run();
    CHECK(world.simulation().trace_hash() == hash);
  }
}

TEST_CASE("entries of one instant act in the order of the file, whatever they do") {
  for (const bool pull_first : {true, false}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.registry.manifest_size = 0_B;
    builder.push(0_s, "one", "app:v1", "west");
    if (pull_first) builder.pull(10_s, "app:v1", "east", "pull");
    builder.add(10_s, "", DisableRoutingAction{"east"});
    if (!pull_first) builder.pull(10_s, "app:v1", "east", "pull");
    const RanWorld world{builder.spec};
    CAPTURE(pull_first);
    CHECK(world.operation("pull").replica == RegionId{static_cast<std::uint16_t>(pull_first ? 1 : 0)});
  }
}

TEST_CASE("a replica that fails at the instant of a probe is found dead by it, as the fault was planned before the probe") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.routing.dns_ttl = 0_s;
  builder.spec.routing.probe = ProbeSpec{5_s, 1_s, 0};
  builder.spec.duration = 70_s;
  builder.push(0_s, "one", "app:v1", "west");
  FailAction fail;
  fail.target = ReplicaFault{"east"};
  builder.add(60_s, "", fail);
  builder.pull(62_s, "app:v1", "east", "pull");
  const RanWorld world{builder.spec};
  CHECK(world.operation("pull").replica == RegionId{0});
}
