// The invariants: a world that breaks one breaks that one alone, and a sound world breaks none.
#include <doctest/doctest.h>

#include <functional>

#include "analysis/verdicts/vocabulary.hpp"
#include "tests/support/scenario_builder.hpp"

using namespace georep;
using test::WorldBuilder;

namespace {

/// Runs a world under all invariants and names those that it broke. `sabotage` may subscribe to facts and do what no model would.
std::vector<std::string> broken(const WorldSpec& world,
                                const std::function<void(World&)>& sabotage = {}) {
  Scenario scenario{world, {}, {}};
  for (const Term& term : invariant_terms())
    scenario.expect.push_back(test::expect_always(std::string{term.name}));
  const Plan plan = *compile(scenario.world);
  Runner runner{scenario, plan};
  if (sabotage) sabotage(runner.world());
  std::vector<std::string> result;
  const RunResult run = runner.run(1, 0);
  for (const ExpectationResult& expectation : run.expectations) {
    if (expectation.passed) continue;
    CHECK_FALSE(expectation.detail.empty());
    result.push_back(std::get<AlwaysExpectation>(scenario.expect[expectation.index].what).invariant);
  }
  return result;
}

using Broken = std::vector<std::string>;
using enum ReplicationStep;

WorldBuilder two_regions(std::vector<ReplicationStage> order = {}) {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  if (!order.empty()) builder.spec.registry.replication.order = std::move(order);
  return builder;
}

void add_index(WorldBuilder& builder, ChildrenOrder order) {
  ImageSpec index;
  index.name = "multi";
  index.content = ImageIndex{{{"linux/amd64", "one"}, {"linux/arm64", "two"}}, order};
  builder.spec.images.push_back(index);
}

}  // namespace

TEST_CASE("a sound registry with caches, conflicts, faults, webhooks and failover breaks no invariant") {
  WorldBuilder builder = two_regions();
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.network.links[0].bandwidth = 50_Mbps;
  ProbeSpec probe;
  probe.interval = 1_s;
  probe.timeout = 500_ms;
  probe.tolerated_failures = 1;
  builder.spec.routing.probe = probe;
  builder.spec.routing.dns_ttl = 1_s;
  WebhookSpec hook;
  hook.name = "arrivals";
  hook.region = "east";
  builder.spec.webhooks.push_back(hook);
  add_index(builder, ChildrenOrder::before);
  builder.push(0_s, "one", "app:v1", "west").pull(10_s, "app:v1", "east");
  builder.push(20_s, "two", "app:v1", "west").push(20_s, "one", "app:v1", "east");
  builder.pull(30_s, "app:v1", "east").pull(30_s, "app:v1", "west");
  builder.push(40_s, "multi", "app:v2", "east").pull(50_s, "app:v2", "west");
  FailAction fail;
  fail.target = ReplicaFault{"west"};
  fail.lasts = 30_s;
  builder.add(60_s, "", fail);
  builder.pull(80_s, "app:v2", "west").push(81_s, "two", "app:v3", "west");
  builder.add(120_s, "", UntagAction{"app:v1", "east"});
  builder.add(130_s, "", DeleteAction{"app@multi", "west"});
  builder.pull(140_s, "app:v1", "west").pull(140_s, "app:v3", "west");
  CHECK(broken(builder.spec) == Broken{});
}

TEST_CASE("closure: a manifest that is there before its blobs") {
  WorldBuilder builder = two_regions({{manifest}, {tag}, {blobs}, {notify}});
  builder.push(0_s, "one", "app:v1", "west");
  CHECK(broken(builder.spec) == Broken{"closure"});
  // A replica that hides what is not whole shows nothing that is not.
  builder.spec.registry.missing_blobs.kind = MissingKind::manifest_unknown;
  CHECK(broken(builder.spec) == Broken{});
  // Nor does one that fetches what it lacks.
  builder.spec.registry.missing_blobs.kind = MissingKind::fetch_from_origin;
  CHECK(broken(builder.spec) == Broken{});
}

TEST_CASE("closure: an index that is there before its children") {
  for (const ChildrenOrder order : {ChildrenOrder::before, ChildrenOrder::after}) {
    WorldBuilder builder = two_regions();
    builder.spec.registry.manifest_size = 2_KiB;
    builder.spec.network.links[0].bandwidth = 50_Mbps;
    add_index(builder, order);
    builder.push(0_s, "multi", "app:v1", "west");
    CHECK(broken(builder.spec) ==
          (order == ChildrenOrder::before ? Broken{} : Broken{"closure"}));
  }
}

TEST_CASE("honest-error: a manifest from one replica and BLOB_UNKNOWN from another") {
  WorldBuilder builder = two_regions();
  builder.spec.registry.replication.start_delay = always(1_h);
  builder.spec.routing.policy = WeightedPolicy{{{"west", 1}, {"east", 1}}};
  builder.add_host("classic", "west").resolve = ResolveRule::every_request;
  builder.add_host("pinned", "west").endpoint = "west";
  builder.push(0_s, "one", "app:v1", "pinned");
  for (int i = 1; i <= 20; ++i) builder.pull(Duration{1_s} * i, "app:v1", "classic");
  CHECK(broken(builder.spec) == Broken{"honest-error"});
}

TEST_CASE("cache-coherence: an invalidation that runs before the tag has moved") {
  WorldBuilder builder = two_regions({{invalidate}, {blobs}, {manifest}, {tag}});
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.push(0_s, "one", "app:v1", "west").push(10_s, "two", "app:v1", "west");
  builder.pull(10_s + 100_ms, "app:v1", "east");  // between the invalidation and the tag
  builder.pull(20_s, "app:v1", "east");
  CHECK(broken(builder.spec) == Broken{"cache-coherence"});
}

TEST_CASE("cache-coherence: where no step invalidates, an old entry is what was asked for") {
  WorldBuilder builder = two_regions({{blobs}, {manifest}, {tag}});
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.push(0_s, "one", "app:v1", "west").pull(5_s, "app:v1", "east");
  builder.push(10_s, "two", "app:v1", "west").pull(20_s, "app:v1", "east");
  CHECK(broken(builder.spec) == Broken{});
}

TEST_CASE("no-resurrection: a read that began before an invalidation fills the cache after it") {
  for (const CacheFill fill : {CacheFill::unguarded, CacheFill::leased}) {
    WorldBuilder builder = two_regions();
    builder.spec.registry.manifest_cache = ManifestCacheSpec{};
    builder.spec.registry.manifest_cache->fill = fill;
    builder.spec.registry.storage.service_time = always(500_ms);
    builder.push(0_s, "one", "app:v1", "west").push(10_s, "two", "app:v1", "west");
    builder.pull(10_s + 150_ms, "app:v1", "east");
    CHECK(broken(builder.spec) ==
          (fill == CacheFill::leased ? Broken{} : Broken{"no-resurrection"}));
  }
}

namespace {

/// Reads by a host that routing sends from the west, which has what was pushed, to the east, which has not yet.
WorldBuilder sent_elsewhere(std::string reader) {
  WorldBuilder builder = two_regions();
  builder.spec.registry.replication.start_delay = always(10_s);
  builder.spec.routing.dns_ttl = 100_ms;
  builder.add_host("pinned", "west").endpoint = "west";
  builder.add(21_s, "", DisableRoutingAction{"west"});
  builder.push(0_s, "one", "app:v1", "pinned");
  builder.pull(20_s + 100_ms, "app:v1", reader).pull(22_s, "app:v1", reader);
  return builder;
}

}  // namespace

TEST_CASE("monotonic-tags: a host that sees the new tag, and then the old one elsewhere") {
  WorldBuilder builder = sent_elsewhere("west");
  builder.push(20_s, "two", "app:v1", "pinned");
  CHECK(broken(builder.spec) == Broken{"monotonic-tags"});
}

TEST_CASE("read-your-writes: a host that does not find what it pushed itself") {
  WorldBuilder builder = two_regions();
  builder.spec.registry.replication.start_delay = always(10_s);
  builder.spec.routing.dns_ttl = 100_ms;
  builder.push(0_s, "one", "app:v1", "west").add(1_s, "", DisableRoutingAction{"west"});
  builder.pull(2_s, "app:v1", "west");
  CHECK(broken(builder.spec) == Broken{"read-your-writes"});
  // Somebody else may be early.
  builder.spec.timeline.back().action = PullAction{"app:v1", "east", {}, RetrySpec::none()};
  CHECK(broken(builder.spec) == Broken{});
}

TEST_CASE("deterministic-conflict: changes applied as they arrive") {
  for (const ApplyKind apply : {ApplyKind::arrival_order, ApplyKind::last_writer_wins}) {
    WorldBuilder builder = two_regions();
    builder.spec.registry.replication.apply = apply;
    builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v1", "east");
    CHECK(broken(builder.spec) == (apply == ApplyKind::arrival_order
                                       ? Broken{"deterministic-conflict"}
                                       : Broken{}));
  }
}

TEST_CASE("gc-safety: a blob is purged that a manifest needs") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  const auto purge = [](World& world) {
    world.facts().subscribe<OperationEnded>([&world](const OperationEnded& fact) {
      if (fact.kind != OperationKind::pull) return;
      const BlobId blob = world.content().manifest(fact.manifest).blobs.front();
      world.registry().replica(fact.replica)->storage.remove_blob(blob);
    });
  };
  CHECK(broken(builder.spec, purge) == Broken{"gc-safety"});
}

TEST_CASE("gc-safety: a blob is purged that a push under way was told of") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v1", "west");
  const auto purge = [](World& world) {
    world.facts().subscribe<BlobPromised>([&world](const BlobPromised& fact) {
      world.registry().replica(fact.replica)->storage.remove_blob(fact.blob);
    });
  };
  CHECK(broken(builder.spec, purge) == Broken{"gc-safety"});
}

TEST_CASE("truthful-webhook: a notification that runs ahead of the content") {
  WorldBuilder builder = two_regions({{notify}, {blobs}, {manifest}, {tag}});
  WebhookSpec hook;
  hook.name = "arrivals";
  hook.region = "east";
  builder.spec.webhooks.push_back(hook);
  builder.push(0_s, "one", "app:v1", "west");
  CHECK(broken(builder.spec) == Broken{"truthful-webhook"});
}

TEST_CASE("conservation: a copy that is done twice, and a blob that is stored where it is") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v1", "west");
  const auto twice = [](World& world) {
    world.facts().subscribe<ReplicationQueued>([&world](const ReplicationQueued& fact) {
      world.facts().tell([&] {
        return ReplicationDone{fact.at, fact.commit, fact.source, fact.destination};
      });
    });
  };
  CHECK(broken(builder.spec, twice) == Broken{"conservation"});
}

TEST_CASE("routing-respects-health asks nothing of a replica that the policy never answers with") {
  WorldBuilder builder = two_regions();
  builder.spec.routing.policy = PriorityPolicy{{"east"}};
  builder.spec.routing.probe = ProbeSpec{10_s, 2_s, 0};
  builder.spec.routing.dns_ttl = 1_s;
  builder.push(0_s, "one", "app:v1", "west").pull(14_s, "app:v1", "west");
  FailAction down;
  down.target = ReplicaFault{"east"};
  down.lasts = 30_s;
  builder.add(5_s, "", down);
  CHECK(broken(builder.spec) == Broken{});
}

TEST_CASE("routing-respects-health: an answer that should have left") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  const auto ignored = [](World& world) {
    world.facts().subscribe<OperationStarted>([&world](const OperationStarted& fact) {
      if (fact.kind == OperationKind::pull)
        world.facts().tell([&] {
          return RoutingChanged{fact.at, *world.plan().region("east"), false};
        });
    });
  };
  CHECK(broken(builder.spec, ignored) == Broken{"routing-respects-health"});
}

TEST_CASE("conservation holds where a replica is removed in mid-copy, or with all that it holds, and added again") {
  for (const Duration removed : {2_s, 15_s}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.registry.manifest_size = 0_B;
    builder.spec.network.links[0].bandwidth = 8_Mbps;  // ten seconds for the image
    builder.push(0_s, "one", "app:v1", "west").add(removed, "", RemoveReplicaAction{"east"});
    builder.add(20_s, "", AddReplicaAction{"east", RoutedWhen::at_once, BackfillOrder::oldest_first});
    const test::RanScenario run{builder.spec, {test::expect_always("conservation"), test::expect_converged(25_s),
                                         test::expect_converged(40_s)}};
    CHECK(run.passed(0));
    // What it held before it was removed is not what it holds when it is added.
    CHECK(!run.passed(1));
    CHECK(run.passed(2));
  }
}
