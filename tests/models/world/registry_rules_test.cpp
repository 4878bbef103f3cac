// The rules of the registry as a user meets them: caches, missing parts, tags that move, conflicts, limits.
#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::RanWorld;
using test::WorldBuilder;

namespace {

constexpr Duration replicated = 1_s;  // long after a push has reached the other region

WorldBuilder with_cache(Duration ttl, bool invalidate_step) {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.manifest_cache->ttl = ttl;
  if (!invalidate_step) {
    builder.spec.registry.replication.order = {{ReplicationStep::blobs},
                                               {ReplicationStep::manifest},
                                               {ReplicationStep::tag},
                                               {ReplicationStep::notify}};
  }
  return builder;
}

}  // namespace

TEST_CASE("a cached tag that replication does not invalidate is stale until its time to live is over") {
  WorldBuilder builder = with_cache(1_h, false);
  builder.push(0_s, "one", "app:v1", "west").pull(replicated, "app:v1", "east", "fill");
  builder.push(10_s, "two", "app:v1", "west").pull(20_s, "app:v1", "east", "stale");
  // Filled 1 ms after the pull began: of age one hour at 3601.001 s, expired.
  builder.pull(3600_s + 999_ms, "app:v1", "east", "last-stale");
  builder.pull(3601_s, "app:v1", "east", "fresh");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("fill") == "one");
  CHECK(world.outcome("stale") == "one");
  CHECK(world.outcome("last-stale") == "one");
  CHECK(world.outcome("fresh") == "two");
}

TEST_CASE("an entry of age ttl has expired, and a hit does not renew it") {
  WorldBuilder builder = with_cache(10_s, false);
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east", "fill");
  builder.push(2_s, "two", "app:v1", "west");
  builder.pull(10_s, "app:v1", "east", "hit");
  builder.pull(11_s, "app:v1", "east", "at-ttl");  // arrives 10 s to the nanosecond after the fill
  const RanWorld world{builder.spec};
  CHECK(world.outcome("hit") == "one");
  CHECK(world.outcome("at-ttl") == "two");
}

TEST_CASE("the invalidate step leaves no stale answer behind") {
  WorldBuilder builder = with_cache(1_h, true);
  builder.push(0_s, "one", "app:v1", "west").pull(replicated, "app:v1", "east", "fill");
  builder.push(10_s, "two", "app:v1", "west").pull(11_s, "app:v1", "east", "fresh");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("fill") == "one");
  CHECK(world.outcome("fresh") == "two");
}

TEST_CASE("a local push evicts, unless the scenario says that it does not") {
  for (const bool evicts : {true, false}) {
    WorldBuilder builder = with_cache(1_h, true);
    builder.spec.registry.manifest_cache->invalidate_on_push = evicts;
    builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "west", "fill");
    builder.push(2_s, "two", "app:v1", "west").pull(3_s, "app:v1", "west", "after");
    CHECK(RanWorld{builder.spec}.outcome("after") == (evicts ? "two" : "one"));
  }
}

TEST_CASE("a negative entry hides a tag that has arrived until it expires") {
  WorldBuilder builder = with_cache(1_h, false);
  builder.spec.registry.manifest_cache->negative_ttl = 30_s;
  builder.pull(0_s, "app:v1", "east", "miss");
  builder.push(1_s, "one", "app:v1", "west");
  builder.pull(20_s, "app:v1", "east", "hidden").pull(31_s, "app:v1", "east", "found");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("hidden") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("found") == "one");
}

TEST_CASE("a digest that was asked for too early is known where the manifest is pushed, and where it arrives with an invalidation") {
  for (const bool invalidates : {true, false}) {
    WorldBuilder builder = with_cache(1_h, invalidates);
    builder.spec.registry.manifest_cache->negative_ttl = 1_h;
    for (const char* region : {"west", "east"}) builder.pull(0_s, "app@one", region, std::string{"early-"} + region);
    builder.push(1_s, "one", "app:v1", "west");
    for (const char* region : {"west", "east"}) {
      builder.add_host(std::string{"node-"} + region, region).client = ClientKind::containerd;
      builder.pull(10_s, "app@one", region, std::string{"digest-"} + region);
      builder.pull(10_s, "app:v1", std::string{"node-"} + region, std::string{"tag-"} + region);
    }
    const RanWorld world{builder.spec};
    CHECK(world.outcome("early-west") == "MANIFEST_UNKNOWN");
    CHECK(world.outcome("early-east") == "MANIFEST_UNKNOWN");
    CHECK(world.outcome("digest-west") == "one");
    CHECK(world.outcome("tag-west") == "one");
    const std::string far = invalidates ? "one" : "MANIFEST_UNKNOWN";
    CHECK(world.outcome("digest-east") == far);
    CHECK(world.outcome("tag-east") == far);
  }
}

TEST_CASE("an index's child that was asked for too early is known once it arrives, before its index or behind it") {
  for (const ChildrenOrder order : {ChildrenOrder::before, ChildrenOrder::after}) {
    WorldBuilder builder = with_cache(1_h, true);
    builder.spec.registry.manifest_cache->negative_ttl = 1_h;
    ImageSpec index;
    index.name = "multi";
    index.content = ImageIndex{{{"linux/amd64", "one"}}, order};
    builder.spec.images.push_back(index);
    builder.pull(0_s, "app@one", "east", "early").push(1_s, "multi", "app:v1", "west");
    builder.pull(60_s, "app:v1", "east", "late");
    const RanWorld world{builder.spec};
    CHECK(world.outcome("early") == "MANIFEST_UNKNOWN");
    CHECK(world.outcome("late") == "multi");
  }
}

TEST_CASE("what a cache remembers of a digest outlasts a retag: content by its digest never changes") {
  WorldBuilder builder = with_cache(1_h, true);
  builder.spec.registry.storage.service_time = always(100_ms);
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app@one", "west", "fill");
  builder.add(2_s, "", RetagAction{"app:v1", "app:stable", "west"});
  builder.pull(3_s, "app@one", "west", "hit");
  CHECK(RanWorld{builder.spec}.duration("hit") == 2_ms);
}

TEST_CASE("a cache that all regions share is evicted by a push anywhere") {
  WorldBuilder builder = with_cache(1_h, false);
  builder.spec.registry.manifest_cache->scope = CacheScope::registry;
  builder.push(0_s, "one", "app:v1", "west").pull(replicated, "app:v1", "east", "fill");
  builder.push(10_s, "two", "app:v1", "west").pull(20_s, "app:v1", "east", "after");
  CHECK(RanWorld{builder.spec}.outcome("after") == "two");
}

TEST_CASE("the lifetimes of a cache and of the one behind it add up") {
  WorldBuilder builder = with_cache(10_s, false);
  builder.spec.registry.parent_cache = ManifestCacheSpec{};
  builder.spec.registry.parent_cache->ttl = 1_min;
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east", "fills-both");
  builder.push(2_s, "two", "app:v1", "west");
  builder.pull(60_s, "app:v1", "east", "from-parent");  // whose entry is a second short of its minute
  builder.pull(69_s, "app:v1", "east", "from-front");
  builder.pull(70_s, "app:v1", "east", "from-storage");  // arrives 10 s to the nanosecond after the front cache was filled
  const RanWorld world{builder.spec};
  CHECK(world.outcome("from-parent") == "one");
  CHECK(world.outcome("from-front") == "one");
  CHECK(world.outcome("from-storage") == "two");
}

TEST_CASE("an invalidation evicts from a cache and from the one behind it, a push likewise") {
  WorldBuilder builder = with_cache(1_h, true);
  builder.spec.registry.parent_cache = ManifestCacheSpec{};
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(2_s, "two", "app:v1", "west").pull(4_s, "app:v1", "west", "here").pull(4_s, "app:v1", "east", "there");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("here") == "two");
  CHECK(world.outcome("there") == "two");
}

TEST_CASE("a parent cache that all regions share brings an old tag home from a region that has not got the new one") {
  for (const CacheScope scope : {CacheScope::registry, CacheScope::replica}) {
    WorldBuilder builder = with_cache(10_s, true);
    builder.spec.registry.replication.start_delay = always(1_min);
    builder.spec.registry.parent_cache = ManifestCacheSpec{};
    builder.spec.registry.parent_cache->scope = scope;
    builder.push(0_s, "one", "app:v1", "west").push(5_min, "two", "app:v1", "west");
    builder.pull(5_min + 10_s, "app:v1", "east", "away").pull(5_min + 20_s, "app:v1", "west", "home");
    builder.pull(7_min, "app:v1", "west", "after");
    const RanWorld world{builder.spec};
    CHECK(world.outcome("away") == "one");
    CHECK(world.outcome("home") == (scope == CacheScope::registry ? "one" : "two"));
    CHECK(world.outcome("after") == "two");
  }
}

TEST_CASE("what a parent cache remembers as unknown is unknown to the cache before it for as long as that one says") {
  WorldBuilder builder = with_cache(1_h, false);
  builder.spec.registry.manifest_cache->negative_ttl = 10_s;
  builder.spec.registry.parent_cache = ManifestCacheSpec{};
  builder.spec.registry.parent_cache->negative_ttl = 1_min;
  builder.pull(0_s, "app:v1", "east", "miss").push(1_s, "one", "app:v1", "west");
  builder.pull(59_s, "app:v1", "east", "by-parent").pull(65_s, "app:v1", "east", "by-front");
  builder.pull(69_s, "app:v1", "east", "found");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("by-parent") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("by-front") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("found") == "one");
}

namespace {

/// A read that misses just before an invalidation and fills the cache after it.
RanWorld stale_fill(CacheFill fill) {
  WorldBuilder builder = with_cache(1_h, true);
  builder.spec.registry.manifest_cache->fill = fill;
  builder.spec.registry.storage.service_time = always(500_ms);
  builder.push(0_s, "one", "app:v1", "west");
  builder.push(10_s, "two", "app:v1", "west");
  // The second push is visible in the east at 10.157 s; the read takes its value at 10.151 s and fills at 10.651 s.
  builder.pull(10_s + 150_ms, "app:v1", "east", "reader");
  builder.pull(20_s, "app:v1", "east", "later");
  return RanWorld{builder.spec};
}

}  // namespace

TEST_CASE("an unguarded fill stores the old answer after the invalidation; a leased one does not") {
  const RanWorld unguarded = stale_fill(CacheFill::unguarded);
  CHECK(unguarded.outcome("reader") == "one");
  CHECK(unguarded.outcome("later") == "one");
  const RanWorld leased = stale_fill(CacheFill::leased);
  CHECK(leased.outcome("reader") == "one");
  CHECK(leased.outcome("later") == "two");
}

namespace {

/// The manifest goes ahead of blobs that take 1.6 s; a pull comes in between.
WorldBuilder manifest_ahead(MissingKind policy, Duration wait = 0_s) {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.network.links[0].bandwidth = 50_Mbps;
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.registry.replication.order = {{ReplicationStep::manifest},
                                             {ReplicationStep::tag},
                                             {ReplicationStep::blobs},
                                             {ReplicationStep::notify}};
  builder.spec.registry.missing_blobs = MissingPolicy{policy, wait};
  // Committed at 7 ms, the tag is there at 57 ms; the blob is asked for by 107 ms and whole at 1.757 s.
  builder.push(0_s, "one", "app:v1", "west").pull(500_ms, "app:v1", "east", "early");
  builder.pull(3_s, "app:v1", "east", "late");
  return builder;
}

}  // namespace

TEST_CASE("a manifest ahead of its blobs gives BLOB_UNKNOWN, or MANIFEST_UNKNOWN where the replica checks") {
  const RanWorld reported{manifest_ahead(MissingKind::blob_unknown).spec};
  CHECK(reported.outcome("early") == "BLOB_UNKNOWN");
  CHECK(reported.duration("early") == 4_ms);
  CHECK(reported.outcome("late") == "one");
  const RanWorld announced{manifest_ahead(MissingKind::manifest_unknown).spec};
  CHECK(announced.outcome("early") == "MANIFEST_UNKNOWN");
  CHECK(announced.outcome("late") == "one");
}

TEST_CASE("a replica that waits for a missing blob answers when it arrives, or gives up") {
  const RanWorld patient{manifest_ahead(MissingKind::wait, 10_s).spec};
  CHECK(patient.outcome("early") == "one");
  // The blob arrives at 1.757 s; the answer takes half a local round trip.
  CHECK(patient.duration("early") == 1_s + 258_ms);
  const RanWorld impatient{manifest_ahead(MissingKind::wait, 1_s).spec};
  CHECK(impatient.outcome("early") == "BLOB_UNKNOWN");
  CHECK(impatient.duration("early") == 1_s + 4_ms);
}

TEST_CASE("a replica that fetches from the origin pays a round trip and the bytes again") {
  WorldBuilder builder = manifest_ahead(MissingKind::fetch_from_origin);
  const RanWorld world{builder.spec};
  CHECK(world.outcome("early") == "one");
  CHECK(world.duration("early") > 1_s + 600_ms);
}

TEST_CASE("a replica that asks others for a manifest serves a pull before replication does") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replication.start_delay = always(1_min);
  builder.spec.registry.missing_manifest.kind = MissingKind::fetch_from_origin;
  builder.spec.registry.missing_blobs.kind = MissingKind::fetch_from_origin;
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east", "early");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("early") == "one");
  // Two local round trips, and one to the origin for the manifest and one for the blob.
  CHECK(world.duration("early") == 204_ms);
}

TEST_CASE("a manifest request that waits is answered when the tag arrives") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.missing_manifest = MissingPolicy{MissingKind::wait, 10_s};
  builder.pull(0_s, "app:v1", "east", "waiting").push(1_s, "one", "app:v1", "west");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("waiting") == "one");
  // The tag arrives at 1.157 s; then half a round trip, and one for the blob.
  CHECK(world.duration("waiting") == 1_s + 160_ms);
}

TEST_CASE("an untagged manifest is still there by digest; a deleted one is not") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(2_s, "untag", UntagAction{"app:v1", "west"});
  builder.pull(4_s, "app:v1", "east", "by-tag").pull(4_s, "app@one", "east", "by-digest");
  builder.add(5_s, "delete", DeleteAction{"app@one", "west"});
  builder.pull(7_s, "app@one", "east", "deleted");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("untag") == "ok");
  CHECK(world.outcome("by-tag") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("by-digest") == "one");
  CHECK(world.outcome("deleted") == "MANIFEST_UNKNOWN");
}

TEST_CASE("deleting a manifest removes every tag on it, everywhere") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west").push(1_s, "one", "app:v2", "west");
  builder.push(1_s, "two", "app:v3", "west");
  builder.add(2_s, "delete", DeleteAction{"app@one", "west"});
  for (const char* tag : {"v1", "v2", "v3"})
    builder.pull(4_s, std::string{"app:"} + tag, "east", tag);
  const RanWorld world{builder.spec};
  CHECK(world.outcome("v1") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("v2") == "MANIFEST_UNKNOWN");
  CHECK(world.outcome("v3") == "two");
}

TEST_CASE("a retag is a GET and a PUT, and replicates like a push") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(2_s, "retag", RetagAction{"app:v1", "app:stable", "west"});
  builder.pull(4_s, "app:stable", "east", "stable");
  const RanWorld world{builder.spec};
  CHECK(world.duration("retag") == 4_ms);
  CHECK(world.outcome("stable") == "one");
}

TEST_CASE("a manifest whose blobs went to another replica is refused") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replication.start_delay = always(1_min);
  builder.spec.routing.policy = WeightedPolicy{{{"west", 1}, {"east", 1}}};
  builder.add_image("many", {1_MB, 2_MB, 3_MB, 4_MB, 5_MB, 6_MB});
  builder.add_host("classic", "west").resolve = ResolveRule::every_blob;
  for (int i = 0; i < 20; ++i)
    builder.push(Duration{1_s} * i, "many", "app:v" + std::to_string(i), "classic",
                 "push" + std::to_string(i));
  const RanWorld world{builder.spec};
  int refused = 0;
  for (int i = 0; i < 20; ++i) refused += world.outcome("push" + std::to_string(i)) != "many";
  CHECK(world.outcome("push0") == "MANIFEST_BLOB_UNKNOWN");
  CHECK(refused > 0);
}

TEST_CASE("an upload that ends on another replica than it began is unknown there") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.routing.policy = WeightedPolicy{{{"west", 1}, {"east", 1}}};
  builder.add_image("many", {1_MB, 2_MB, 3_MB, 4_MB, 5_MB, 6_MB});
  builder.add_host("classic", "west").resolve = ResolveRule::every_request;
  builder.push(0_s, "many", "app:v1", "classic", "scattered");
  CHECK(RanWorld{builder.spec}.outcome("scattered") == "BLOB_UPLOAD_UNKNOWN");
}

TEST_CASE("two regions that push one tag converge on the later stamp under last writer wins") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v1", "east");
  builder.pull(5_s, "app:v1", "west", "in-west").pull(5_s, "app:v1", "east", "in-east");
  const RanWorld later{builder.spec};
  CHECK(later.outcome("in-west") == "two");
  CHECK(later.outcome("in-east") == "two");
  // A clock that runs behind loses although it wrote later.
  builder.spec.registry.clock_skew = std::vector<ClockSkewOf>{{"east", Duration{} - 1_s}};
  const RanWorld skewed{builder.spec};
  CHECK(skewed.outcome("in-west") == "one");
  CHECK(skewed.outcome("in-east") == "one");
}

TEST_CASE("under arrival order two regions that push one tag may disagree for ever") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replication.apply = ApplyKind::arrival_order;
  builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v1", "east");
  builder.pull(1_h, "app:v1", "west", "in-west").pull(1_h, "app:v1", "east", "in-east");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("in-west") == "two");
  CHECK(world.outcome("in-east") == "one");
}

TEST_CASE("equal stamps go to the larger region name") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west").push(0_s, "two", "app:v1", "east");
  builder.pull(5_s, "app:v1", "west", "in-west").pull(5_s, "app:v1", "east", "in-east");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("in-west") == "one");
  CHECK(world.outcome("in-east") == "one");
}

TEST_CASE("a request beyond the limit is told when to come back, and a host that retries waits for that") {
  WorldBuilder builder{{"west"}};
  builder.spec.registry.limits.reads = RateLimitSpec{Rate{1.0}, 2};
  builder.push(0_s, "one", "app:v1", "west");  // its HEAD takes the first token
  builder.pull(10_ms, "app:v1", "west", "first");
  PullAction patient;
  patient.reference = "app:v1";
  patient.on = "west";
  patient.retry = RetrySpec{};
  patient.retry.first = 1_ms;
  builder.add(20_ms, "patient", patient);
  const RanWorld world{builder.spec};
  CHECK(world.outcome("first") == "TOOMANYREQUESTS");
  CHECK(world.outcome("patient") == "one");
  CHECK(world.operation("patient").attempts > 1);
}

TEST_CASE("a limit that is tightened in mid-run leaves a replica what it may serve by then") {
  WorldBuilder builder{{"west"}};
  builder.spec.registry.limits.reads = RateLimitSpec{Rate{100}, 1000};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(100_s, "", SetAction{{{"registry.limits.reads", "{rate: 1 /h, burst: 2}"}}});
  builder.pull(101_s, "app:v1", "west", "both").pull(102_s, "app:v1", "west", "none-left");
  const RanWorld world{builder.spec};
  CHECK(world.outcome("both") == "one");
  CHECK(world.outcome("none-left") == "TOOMANYREQUESTS");
}

TEST_CASE("a retag and a poll take a manifest by its digest as well") {
  WorldBuilder builder{{"west"}};
  builder.push(0_s, "one", "app:v1", "west").push(1_s, "two", "app:v1", "west");
  builder.add(2_s, "retag", RetagAction{"app@one", "app:stable", "west"});
  builder.pull(3_s, "app:stable", "west", "pull");
  WorkloadSpec polls;
  polls.work = PollSpec{"app@one", 1_s, {}};
  polls.on = "west";
  polls.from = 4_s;
  polls.until = 6_s;
  builder.spec.workloads.push_back(polls);
  const Plan plan = test::compiled(builder.spec);
  World world{plan};
  int answered = 0;
  world.facts().subscribe<OperationEnded>([&answered](const OperationEnded& fact) {
    if (fact.kind == OperationKind::poll) ++answered;
  });
  world.run();
  CHECK(world.operations()[2].duration == 4_ms);
  CHECK_FALSE(world.operations()[2].error);
  CHECK(plan.content.manifest(world.operations()[3].manifest).name == "one");
  CHECK(answered == 2);
}

TEST_CASE("what fails of a manifest by its digest fails under no tag") {
  WorldBuilder builder{{"west"}};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(1_s, "", DeleteAction{"app@one", "west"});
  builder.pull(2_s, "app@one", "west", "pull");
  const Plan plan = test::compiled(builder.spec);
  World world{plan};
  std::vector<TagId> tags;
  world.facts().subscribe<AttemptFailed>(
      [&tags](const AttemptFailed& fact) { tags.push_back(fact.tag); });
  world.run();
  CHECK(tags == std::vector{TagId::none});
}
