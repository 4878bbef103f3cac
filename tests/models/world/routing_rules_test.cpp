// Routing and faults as a user meets them: the nearest replica, kept answers, probes, links and replicas that fail.
#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::RanWorld;
using test::WorldBuilder;

namespace {

std::string replica_of(RanWorld& world, const std::string& operation) {
  const RegionId region = world.operation(operation).replica;
  return region == RegionId::none ? "none" : world.world().plan().region_name(region);
}

FailAction failing(FaultTarget target, std::optional<Duration> lasts = std::nullopt) {
  FailAction action;
  action.target = std::move(target);
  action.lasts = lasts;
  return action;
}

}  // namespace

TEST_CASE("a pull goes to the replica nearest to the host that executes it, not to the client that asks") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  PullAction remote;
  remote.reference = "app:v1";
  remote.on = "east";
  remote.issued_from = "west";
  builder.add(10_ms, "too-early", remote);
  RanWorld world{builder.spec};
  CHECK(replica_of(world, "too-early") == "east");
  CHECK(world.outcome("too-early") == "MANIFEST_UNKNOWN");
}

TEST_CASE("routing looks at the resolver, not at the host") {
  WorldBuilder builder{{"west", "east"}};
  builder.add_host("far-dns", "east").resolver = "west";
  builder.push(0_s, "one", "app:v1", "west").pull(10_ms, "app:v1", "far-dns", "pull");
  RanWorld world{builder.spec};
  CHECK(replica_of(world, "pull") == "west");
  CHECK(world.outcome("pull") == "one");
}

TEST_CASE("of equally near replicas the resolver's own region is taken, then the order of the replicas") {
  WorldBuilder builder{{"a", "b", "c"}, 0_s};
  builder.spec.network.local_rtt = 0_s;
  builder.spec.registry.replicas = {"b", "a"};
  builder.push(0_s, "one", "app:v1", "a");
  builder.pull(1_s, "app:v1", "a", "own").pull(1_s, "app:v1", "c", "other");
  RanWorld world{builder.spec};
  CHECK(replica_of(world, "own") == "a");
  CHECK(replica_of(world, "other") == "b");
}

TEST_CASE("priority takes the first region that is answered, pinned only its own") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.policy = PriorityPolicy{{"east", "west"}};
  builder.push(0_s, "one", "app:v1", "west");
  RanWorld priority{builder.spec};
  CHECK(replica_of(priority, "push-1") == "east");
  builder.spec.routing.policy = PinnedPolicy{"west"};
  RanWorld pinned{builder.spec};
  CHECK(replica_of(pinned, "push-1") == "west");
}

TEST_CASE("a host with a regional endpoint asks that replica and no other") {
  WorldBuilder builder{{"west", "east"}};
  builder.add_host("pinned", "west").endpoint = "east";
  builder.push(0_s, "one", "app:v1", "pinned", "push");
  builder.add(0_s, "", failing(ReplicaFault{"east"}));
  RanWorld world{builder.spec};
  CHECK(replica_of(world, "push") == "east");
  CHECK(world.outcome("push") == "TIMEOUT");
}

TEST_CASE("a replica that is out of routing still receives what is replicated") {
  WorldBuilder builder{{"west", "east"}};
  builder.add(0_s, "", DisableRoutingAction{"east"});
  builder.push(1_s, "one", "app:v1", "west").pull(5_s, "app:v1", "east", "elsewhere");
  builder.add(6_s, "", EnableRoutingAction{"east"});
  builder.pull(70_s, "app:v1", "east", "here");
  RanWorld world{builder.spec};
  CHECK(replica_of(world, "elsewhere") == "west");
  CHECK(replica_of(world, "here") == "east");
  CHECK(world.outcome("here") == "one");
}

TEST_CASE("where nothing is in routing there is no replica") {
  WorldBuilder builder{{"west"}};
  builder.add(0_s, "", DisableRoutingAction{"west"});
  builder.push(1_s, "one", "app:v1", "west", "push");
  CHECK(RanWorld{builder.spec}.outcome("push") == "NO_REPLICA");
}

TEST_CASE("where all that the policy names have failed they are answered, whatever else is healthy") {
  for (const RoutingPolicy& policy :
       {RoutingPolicy{PriorityPolicy{{"east"}}}, RoutingPolicy{PinnedPolicy{"east"}},
        RoutingPolicy{WeightedPolicy{{{"west", 0}, {"east", 1}}}}}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.routing.policy = policy;
    builder.spec.routing.probe = ProbeSpec{10_s, 2_s, 0};
    builder.push(0_s, "one", "app:v1", "west");
    builder.add(5_s, "", failing(ReplicaFault{"east"}, 30_s));
    builder.pull(14_s, "app:v1", "west", "pull");
    builder.spec.routing.dns_ttl = 1_s;
    RanWorld world{builder.spec};
    CHECK(replica_of(world, "pull") == "east");
    CHECK(world.outcome("pull") == "TIMEOUT");
  }
}

TEST_CASE("failover takes the failed probes, and then the age of the kept answer") {
  // Probes every 30 s with a timeout of 10 s; three failures are tolerated, so the fourth, sent at 120 s, counts at 130 s. The
  // host's answer of 65 s is stale at 125 s, and again at 185 s.
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.probe = ProbeSpec{};
  builder.spec.hosts[0].timeout = 5_s;
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(20_s, "", failing(ReplicaFault{"west"}, 10_min));
  builder.pull(65_s, "app:v1", "west", "down").pull(126_s, "app:v1", "west", "kept-again");
  builder.pull(185_s, "app:v1", "west", "still-kept").pull(187_s, "app:v1", "west", "moved");
  // Back at 620 s: the probe of 630 s succeeds; the answer of 187 s is long stale.
  builder.pull(629_s, "app:v1", "west", "before-probe").pull(690_s, "app:v1", "west", "back");
  RanWorld world{builder.spec};
  CHECK(world.outcome("down") == "TIMEOUT");
  CHECK(world.duration("down") == 5_s);
  CHECK(world.outcome("kept-again") == "TIMEOUT");
  CHECK(replica_of(world, "still-kept") == "west");
  CHECK(replica_of(world, "moved") == "east");
  CHECK(world.outcome("moved") == "one");
  CHECK(replica_of(world, "before-probe") == "east");
  CHECK(replica_of(world, "back") == "west");
}

TEST_CASE("if all replicas have failed, all are answered") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.probe = ProbeSpec{};
  builder.add(1_s, "", failing(ReplicaFault{"west"}, 10_min));
  builder.add(1_s, "", failing(ReplicaFault{"east"}, 10_min));
  builder.pull(300_s, "app:v1", "west", "pull");
  RanWorld world{builder.spec};
  CHECK(replica_of(world, "pull") == "west");
  CHECK(world.outcome("pull") == "TIMEOUT");
}

TEST_CASE("a failed link is gone round, and where nothing leads round it the answer is UNREACHABLE at once") {
  WorldBuilder builder{{"west", "east", "north"}};
  builder.spec.registry.replicas = {"west"};
  builder.add(0_s, "", failing(LinkFault{{"west", "east"}}));
  builder.push(1_s, "one", "app:v1", "east", "round");
  builder.add(10_s, "", failing(LinkFault{{"west", "north"}}));
  builder.push(11_s, "two", "app:v2", "east", "cut");
  RanWorld world{builder.spec};
  CHECK(world.duration("round") == 800_ms);  // four round trips of 200 ms by the north
  CHECK(world.outcome("cut") == "UNREACHABLE");
  CHECK(world.duration("cut") == 0_s);
}

TEST_CASE("replication over a link that fails in mid-transfer is tried again and arrives") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.network.links[0].bandwidth = 8_Mbps;  // 10 MB take 10 s
  builder.spec.registry.manifest_size = 0_B;
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(5_s, "", failing(LinkFault{{"west", "east"}}, 20_s));
  builder.pull(1_min, "app:v1", "east", "late");
  RanWorld world{builder.spec};
  std::vector<Instant> failed;
  std::vector<Instant> done;
  world.world().facts().subscribe<ReplicationFailed>(
      [&](const ReplicationFailed& fact) { failed.push_back(fact.at); });
  world.world().facts().subscribe<ReplicationDone>(
      [&](const ReplicationDone& fact) { done.push_back(fact.at); });
  world.world().reset(1, 0);
  world.world().run();
  // Broken at 5 s; tried again after 1, 2, 4 and 8 s: at 6, 8, 12 and 20 s there is no way, at 36 s there is.
  REQUIRE(failed.size() == 5);
  CHECK(failed[0] == Instant::at(5_s));
  CHECK(failed[4] == Instant::at(20_s));
  REQUIRE(done.size() == 1);
  CHECK(done[0] == Instant::at(36_s + 100_ms + 10_s + 50_ms));
  CHECK(world.outcome("late") == "one");
}

TEST_CASE("what a crash interrupts is copied again, from the start unless copies are resumed") {
  for (const bool resume : {true, false}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.network.links[0].bandwidth = 8_Mbps;
    builder.spec.registry.manifest_size = 0_B;
    builder.spec.registry.replication.streams = 1;
    builder.spec.registry.replication.round_trips_per_blob = 0;
    builder.spec.registry.replication.resume = resume;
    builder.add_image("pair", {1_MB, 2_MB});
    builder.push(0_s, "pair", "app:v1", "west");
    // The first blob has arrived at 1.058 s; the crash comes while the second is on its way.
    builder.add(2_s, "", failing(ReplicaFault{"east"}, 500_ms));
    RanWorld world{builder.spec};
    Instant done;
    world.world().facts().subscribe<ReplicationDone>(
        [&](const ReplicationDone& fact) { done = fact.at; });
    world.world().reset(1, 0);
    world.world().run();
    CHECK(done == Instant::at(3_s + (resume ? 2_s : 3_s) + 50_ms));
  }
}

TEST_CASE("a request to a failed replica times out at the host, and a retry finds it back") {
  WorldBuilder builder{{"west"}};
  builder.spec.hosts[0].timeout = 2_s;
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(1_s, "", failing(RegionFault{"west"}, 3_s));
  PullAction patient;
  patient.reference = "app:v1";
  patient.on = "west";
  patient.retry = RetrySpec{};
  builder.add(2_s, "patient", patient);
  RanWorld world{builder.spec};
  CHECK(world.outcome("patient") == "one");
  CHECK(world.operation("patient").attempts == 2);
  CHECK(world.duration("patient") == 2_s + 1_s + 4_ms);
}

TEST_CASE("a download that was redirected outlives its replica but not its region; one that was not ends with the replica") {
  const auto pulled = [](bool redirected, FaultTarget target) {
    WorldBuilder builder{{"west"}};
    builder.spec.registry.redirect_downloads = redirected;
    builder.spec.hosts[0].download = 8_Mbps;  // ten seconds for the image's layer
    builder.spec.hosts[0].timeout = 2_s;
    builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "west", "pull");
    builder.add(5_s, "", failing(std::move(target), 1_min));
    const RanWorld world{builder.spec};
    return world.outcome("pull") + " after " + std::to_string(world.duration("pull").count() / 1'000'000) + " ms";
  };
  // The manifest's 2 KiB take 2.048 ms, the layer 10 s, each after its round trip of 2 ms.
  CHECK(pulled(true, ReplicaFault{"west"}) == "one after 10006 ms");
  // Of the layer's host patience a millisecond was used up before the bytes began to move.
  CHECK(pulled(false, ReplicaFault{"west"}) == "TIMEOUT after 5999 ms");
  CHECK(pulled(true, RegionFault{"west"}) == "TIMEOUT after 5999 ms");
}

TEST_CASE("an index is pulled by platform, and its children are replicated before it or after") {
  WorldBuilder builder{{"west", "east"}};
  ImageSpec multi;
  multi.name = "multi";
  ImageIndex content;
  content.index = {{"linux/amd64", "one"}, {"linux/arm64", "two"}};
  multi.content = content;
  builder.spec.images.push_back(multi);
  builder.add_host("arm", "east").platform = "linux/arm64";
  builder.add_host("other", "east").platform = "windows/amd64";
  builder.push(0_s, "multi", "app:v1", "west", "push");
  builder.pull(1_s, "app:v1", "arm", "arm").pull(1_s, "app:v1", "other", "other");
  RanWorld world{builder.spec};
  CHECK(world.duration("push") == 6_ms + 3 * 2_ms);  // blobs, two children, the index
  CHECK(world.outcome("arm") == "multi");
  CHECK(world.duration("arm") == 6_ms);  // the index, the child, its blob
  CHECK(world.outcome("other") == "MANIFEST_UNKNOWN");
}
