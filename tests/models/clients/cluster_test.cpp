// Clusters: what nodes run after deployments, failures and re-used tags, with hand-computed times.
#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::RanWorld;
using test::WorldBuilder;

namespace {

constexpr std::uint32_t web = 0;

/// Two regions, a cluster in the east, and a cache-free registry.
WorldBuilder with_cluster(std::int64_t nodes, PullPolicy policy = PullPolicy::if_not_present) {
  WorldBuilder builder{{"west", "east"}};
  ClusterSpec cluster;
  cluster.name = "web";
  cluster.region = "east";
  cluster.nodes = nodes;
  cluster.pull_policy = policy;
  builder.spec.clusters.push_back(cluster);
  return builder;
}

DeployAction deploy(std::string reference, DeployWhen::Kind kind = DeployWhen::Kind::now) {
  DeployAction action;
  action.reference = std::move(reference);
  action.cluster = "web";
  action.when.kind = kind;
  return action;
}

FailAction fail_node(std::int64_t node, std::optional<Duration> lasts = std::nullopt) {
  FailAction fail;
  fail.target = NodeFault{"web", node};
  fail.lasts = lasts;
  return fail;
}

/// Runs the world and writes down what its nodes ran, and when.
struct Watched {
  explicit Watched(const WorldSpec& spec) : plan{*compile(spec)}, world{plan} {
    world.facts().subscribe<NodeRan>([this](const NodeRan& fact) { ran.push_back(fact); });
    world.facts().subscribe<NodeLost>([this](const NodeLost& fact) { lost.push_back(fact); });
    world.run();
  }
  std::string image(std::uint32_t node) const {
    const ManifestId manifest = world.clusters().running(web, node);
    return manifest == ManifestId::none ? "" : plan.content.manifest(manifest).name;
  }
  Plan plan;
  World world;
  std::vector<NodeRan> ran;
  std::vector<NodeLost> lost;
};

}  // namespace

TEST_CASE("a deployment makes every node pull, each with layers of its own") {
  WorldBuilder builder = with_cluster(3);
  builder.push(0_s, "one", "app:v1", "west").add(1_s, {}, deploy("app:v1"));
  const Watched seen{builder.spec};
  REQUIRE(seen.ran.size() == 3);
  for (std::uint32_t node = 1; node <= 3; ++node) {
    CHECK(seen.ran[node - 1].node == node);
    CHECK(seen.ran[node - 1].at == Instant::at(1_s + 4_ms));  // the manifest, then the layer
    CHECK(seen.image(node) == "one");
  }
}

TEST_CASE("with a re-used tag nine nodes run the old content and the replaced one the new") {
  WorldBuilder builder = with_cluster(10);
  builder.push(0_s, "one", "app:v1", "west").add(1_s, {}, deploy("app:v1"));
  builder.push(10_s, "two", "app:v1", "west").add(20_s, {}, deploy("app:v1"));
  builder.add(30_s, {}, fail_node(3));
  const Watched seen{builder.spec};
  for (std::uint32_t node = 1; node <= 10; ++node)
    CHECK(seen.image(node) == (node == 3 ? "two" : "one"));
  REQUIRE(seen.lost.size() == 1);
  CHECK(seen.lost[0].at == Instant::at(30_s));
  CHECK(seen.lost[0].node == 3);
  CHECK(seen.ran.back().at == Instant::at(30_s + 4_ms));
}

TEST_CASE("with unique tags all ten nodes agree after a replacement") {
  WorldBuilder builder = with_cluster(10);
  builder.push(0_s, "one", "app:v1", "west").add(1_s, {}, deploy("app:v1"));
  builder.push(10_s, "two", "app:v2", "west").add(30_s, {}, fail_node(3));
  const Watched seen{builder.spec};
  for (std::uint32_t node = 1; node <= 10; ++node) CHECK(seen.image(node) == "one");
}

TEST_CASE("a policy of always asks the registry at each deployment, never at none") {
  WorldBuilder always = with_cluster(2, PullPolicy::always);
  always.push(0_s, "one", "app:v1", "west").add(1_s, {}, deploy("app:v1"));
  always.push(10_s, "two", "app:v1", "west").add(20_s, {}, deploy("app:v1"));
  always.add(30_s, {}, deploy("app:v1"));
  const Watched seen{always.spec};
  CHECK(seen.image(1) == "two");
  CHECK(seen.image(2) == "two");
  CHECK(seen.ran.back().at == Instant::at(30_s + 2_ms));  // the manifest again, but no layer

  WorldBuilder never = with_cluster(2, PullPolicy::never);
  never.push(0_s, "one", "app:v1", "west").add(1_s, {}, deploy("app:v1"));
  CHECK(Watched{never.spec}.ran.empty());
}

TEST_CASE("a node that cannot pull tries again after 10 s, then 20 s, then 40 s") {
  WorldBuilder builder = with_cluster(1);
  builder.add(0_s, {}, deploy("app:v1")).push(35_s, "one", "app:v1", "west");
  const Watched seen{builder.spec};
  // Failures at 2 ms, 10.004 s and 30.006 s, each a round trip after its start; then the image is there.
  REQUIRE(seen.ran.size() == 1);
  CHECK(seen.ran[0].at == Instant::at(70_s + 6_ms + 4_ms));
}

TEST_CASE("a node that is down is not deployed to and pulls what was deployed last when it is replaced") {
  WorldBuilder builder = with_cluster(2);
  builder.push(0_s, "one", "app:v1", "west").push(0_s, "two", "app:v2", "west");
  builder.add(1_s, {}, deploy("app:v1")).add(5_s, {}, fail_node(2, 10_s)).add(7_s, {}, deploy("app:v2"));
  const Watched seen{builder.spec};
  REQUIRE(seen.ran.size() == 4);
  CHECK(seen.ran[2].node == 1);
  CHECK(seen.ran[3].node == 2);
  CHECK(seen.ran[3].at == Instant::at(15_s + 4_ms));
  CHECK(seen.image(2) == "two");
}

TEST_CASE("a deployment queued until the image is replicated never fails a pull") {
  WorldBuilder builder = with_cluster(2);
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(0_s, {}, deploy("app:v1", DeployWhen::Kind::replicated));
  // Under a tag that is used again it waits for the new content, though the old could be served at once.
  builder.push(10_s, "two", "app:v1", "west");
  builder.spec.clusters[0].pull_policy = PullPolicy::always;
  builder.add(10_s + 50_ms, {}, deploy("app:v1", DeployWhen::Kind::replicated));
  std::size_t failures = 0;
  const Plan plan = *compile(builder.spec);
  World world{plan};
  std::vector<NodeRan> ran;
  world.facts().subscribe<NodeRan>([&](const NodeRan& fact) { ran.push_back(fact); });
  world.facts().subscribe<AttemptFailed>([&](const AttemptFailed&) { ++failures; });
  world.run();
  REQUIRE(ran.size() == 4);
  CHECK(failures == 0);
  CHECK(ran[0].at == Instant::at(157_ms + 4_ms));
  CHECK(plan.content.manifest(ran[1].manifest).name == "one");
  CHECK(ran[2].at == Instant::at(10_s + 157_ms + 4_ms));
  CHECK(plan.content.manifest(ran[3].manifest).name == "two");
}

TEST_CASE("a deployment follows each delivery of its webhook for its tag that ends well") {
  WorldBuilder builder = with_cluster(1, PullPolicy::always);
  WebhookSpec hook;
  hook.name = "arrivals";
  hook.region = "east";
  hook.receiver.answers_after = always(50_ms);
  builder.spec.webhooks.push_back(hook);
  DeployAction action = deploy("app:v1", DeployWhen::Kind::webhook);
  action.when.webhook = "arrivals";
  builder.add(0_s, {}, action);
  builder.push(0_s, "one", "app:v1", "west").push(5_s, "two", "app:other", "west");
  builder.push(10_s, "two", "app:v1", "west");
  FailAction fail;
  fail.target = WebhookFault{"arrivals"};
  fail.lasts = 10_s;
  builder.add(20_s, {}, fail).push(21_s, "one", "app:v1", "west");
  const Watched seen{builder.spec};
  REQUIRE(seen.ran.size() == 2);
  CHECK(seen.ran[0].at == Instant::at(157_ms + 50_ms + 4_ms));
  // The layer is there already: the push commits after one round trip and a half.
  CHECK(seen.ran[1].at == Instant::at(10_s + 153_ms + 50_ms + 4_ms));
  CHECK(seen.image(1) == "two");
}

TEST_CASE("a second run of one world repeats the first, clusters and webhooks included") {
  WorldBuilder builder = with_cluster(4);
  builder.spec.network.jitter = Ratio{0.1};
  builder.push(0_s, "one", "app:v1", "west").add(1_ms, {}, deploy("app:v1"));
  builder.add(12_s, {}, fail_node(2));
  const Plan plan = *compile(builder.spec);
  World world{plan};
  world.run();
  const std::uint64_t first = world.simulation().trace_hash();
  world.reset(2, 0);
  world.run();
  CHECK(world.simulation().trace_hash() != first);
  world.reset(1, 0);
  world.run();
  CHECK(world.simulation().trace_hash() == first);
}

TEST_CASE("a node that fails in mid-pull downloads no more: what it shared a link with has it alone from then on") {
  for (const bool redirects : {true, false}) {
    WorldBuilder builder = with_cluster(1);
    builder.spec.registry.replicas = {"west"};
    builder.spec.registry.redirect_downloads = redirects;
    builder.spec.registry.manifest_size = 0_B;
    builder.spec.network.links[0].bandwidth = 8_Mbps;
    builder.push(0_s, "one", "app:v1", "west").push(0_s, "two", "app:v2", "west");
    builder.add(1_s, {}, deploy("app:v1")).add(2_s, {}, fail_node(1, 1_h));
    builder.pull(3_s, "app:v2", "east", "alone");
    builder.spec.duration = 100_s;
    Watched seen{builder.spec};
    CHECK(seen.world.operations().back().duration == 20_s + 200_ms);  // 20 MB at 1 MB a second, and two round trips
    // Of the 10 MB of the first image those that moved between 1.15 s and 2 s.
    CHECK(seen.world.network().link_bytes(LinkId{1}) + seen.world.network().link_bytes(LinkId{0}) ==
          doctest::Approx(20.85e6));
  }
}

TEST_CASE("what a replica fetches elsewhere for a node that has failed it fetches no more") {
  WorldBuilder builder = with_cluster(1);
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.registry.missing_blobs.kind = MissingKind::fetch_from_origin;
  builder.spec.registry.replication.order = {{ReplicationStep::manifest}, {ReplicationStep::tag}};
  builder.spec.network.links[0].bandwidth = 8_Mbps;
  builder.push(0_s, "one", "app:v1", "west");
  // The manifest takes 2 ms, the request to the origin another 1 + 50 ms: the bytes begin to move at 1.053 s.
  builder.add(1_s, {}, deploy("app:v1")).add(2_s + 53_ms, {}, fail_node(1, 1_h));
  builder.spec.duration = 100_s;
  Watched seen{builder.spec};
  CHECK(seen.world.network().link_bytes(LinkId{1}) + seen.world.network().link_bytes(LinkId{0}) ==
        doctest::Approx(1e6));
}
