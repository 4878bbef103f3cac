// Each measure by hand-computed cases. Two regions 100 ms apart, 2 ms inside a region, no limits unless a case sets one.
#include <doctest/doctest.h>

#include "tests/support/scenario_builder.hpp"

using namespace georep;
using test::RanScenario;
using test::WorldBuilder;

namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

const MeasureRow& row_of(const RanScenario& run, const char* name, const Labels& labels) {
  const MeasureRow* row = run.row(name, labels);
  REQUIRE_MESSAGE(row != nullptr, name);
  return *row;
}

/// Samples that are all the same.
void check_samples(const RanScenario& run, const char* name, const Labels& labels,
                   std::int64_t count, double each) {
  const MeasureRow& row = row_of(run, name, labels);
  CHECK_MESSAGE(row.count == count, name);
  CHECK_MESSAGE(row.min == each, name);
  CHECK_MESSAGE(row.max == each, name);
}

ManifestCacheSpec cache_of(Duration ttl) {
  ManifestCacheSpec cache;
  cache.ttl = ttl;
  return cache;
}

WorldBuilder without_invalidation() {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replication.order = {{ReplicationStep::blobs},
                                             {ReplicationStep::manifest},
                                             {ReplicationStep::tag}};
  return builder;
}

}  // namespace

TEST_CASE("pushes and pulls that succeed are timed as the host sees them, by the replica that served") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west").pull(10_ms, "app:v1", "east", "early");
  builder.pull(1_s, "app:v1", "east").pull(2_s, "app:v1", "east");
  const RanScenario run{builder.spec, {}};
  check_samples(run, "push_duration", {{"region", "west"}, {"of", "app:v1"}}, 1, 0.008);
  // Manifest and blob, then the manifest alone; the one that failed is no sample.
  const MeasureRow& pulls = row_of(run, "pull_duration", {{"region", "east"}, {"of", "app:v1"}});
  CHECK(pulls.count == 2);
  CHECK(pulls.min == 0.002);
  CHECK(pulls.max == 0.004);
  CHECK(pulls.sum == 0.006);
  // Errors are answers too.
  check_samples(run, "manifest_latency", {{"region", "east"}, {"of", "app:v1"}}, 3, 0.002);
}

TEST_CASE("a pull that is tried again is one sample over all its attempts, and each failure is an error") {
  WorldBuilder builder{{"west", "east"}};
  PullAction patient;
  patient.reference = "app:v1";
  patient.on = "east";
  patient.retry = RetrySpec{};
  patient.retry.first = 100_ms;
  patient.retry.factor = 1;
  builder.add(0_s, "patient", patient);
  builder.push(50_ms, "one", "app:v1", "west");  // in the east at 207 ms
  const RanScenario run{builder.spec, {}};
  // Fails at 2, 104 and 206 ms, begins again at 306 ms and ends at 310 ms.
  check_samples(run, "pull_duration", {{"region", "east"}, {"of", "app:v1"}}, 1, 0.310);
  const Labels unknown{{"region", "east"}, {"of", "app:v1"}, {"code", "MANIFEST_UNKNOWN"}};
  check_samples(run, "errors", unknown, 3, 1);
  CHECK(row_of(run, "errors", unknown).sum == 3);
}

TEST_CASE("the age of a stale answer counts from the first push that superseded it, to the forming of the answer") {
  WorldBuilder builder = without_invalidation();
  builder.spec.registry.manifest_cache = cache_of(1_h);
  builder.add_image("three", {1_MB});
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(10_s, "two", "app:v1", "west");    // committed at 10.007 s
  builder.push(20_s, "three", "app:v1", "west");  // supersedes no more what was superseded before
  builder.pull(30_s, "app:v1", "east");           // answered at 30.001 s
  builder.pull(40_s, "app:v1", "east");
  builder.pull(50_s, "app:v1", "west");  // its local push evicted
  const RanScenario run{builder.spec, {}};
  const MeasureRow& stale = row_of(run, "staleness", {{"region", "east"}, {"of", "app:v1"}});
  CHECK(stale.count == 2);
  CHECK(stale.min == (30_s + 1_ms - (10_s + 7_ms)).seconds());
  CHECK(stale.max == (40_s + 1_ms - (10_s + 7_ms)).seconds());
  CHECK(run.row("staleness", {{"region", "west"}, {"of", "app:v1"}}) == nullptr);
}

TEST_CASE("an answer is stale as soon as a push is committed anywhere, replicated or not") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  builder.push(1_s, "two", "app:v1", "west");         // committed at 1.007 s, in the east at 1.157 s
  builder.pull(1_s + 5_ms, "app:v1", "east");         // answered at 1.006 s
  builder.pull(1_s + 100_ms, "app:v1", "east");       // answered at 1.101 s
  const RanScenario run{builder.spec, {}};
  check_samples(run, "staleness", {{"region", "east"}, {"of", "app:v1"}}, 1, 0.094);
}

TEST_CASE("a push that loses against what stands supersedes nothing") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.clock_skew = std::vector<ClockSkewOf>{{"east", Duration{} - 1_min}};
  builder.push(0_s, "one", "app:v1", "west").push(10_s, "two", "app:v1", "east", "loser");
  builder.pull(20_s, "app:v1", "west", "pull");
  const RanScenario run{builder.spec, {}};
  CHECK(run.result().operations[1].outcome == "ok");
  CHECK(run.row("staleness", {{"region", "west"}, {"of", "app:v1"}}) == nullptr);
}

TEST_CASE("pushing the same content again makes no answer stale, and coming back to it ends staleness") {
  WorldBuilder builder = without_invalidation();
  builder.spec.registry.manifest_cache = cache_of(1_h);
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(10_s, "one", "app:v1", "west").pull(15_s, "app:v1", "east");
  builder.push(20_s, "two", "app:v1", "west").pull(25_s, "app:v1", "east");
  builder.push(30_s, "one", "app:v1", "west").pull(35_s, "app:v1", "east");
  const RanScenario run{builder.spec, {}};
  // The blob is there, so a push needs only HEAD before its manifest, and commits at 3 ms; that of "two" at 7 ms.
  check_samples(run, "staleness", {{"region", "east"}, {"of", "app:v1"}}, 1,
                (25_s + 1_ms - (20_s + 7_ms)).seconds());
}

TEST_CASE("each of two caches in a row has a hit ratio of its own, over the requests that reach it") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = cache_of(10_s);
  builder.spec.registry.parent_cache = cache_of(1_min);
  builder.push(0_s, "one", "app:v1", "west");
  for (int i = 1; i <= 8; ++i) builder.pull(Duration{5_s} * i, "app:v1", "west");
  MeasureExpectation parent = test::measure("parent_cache_hit_ratio", "mean");
  parent.bound = EqualsBound{{Quantity::Dimension::ratio, 0.75}};
  const RanScenario run{builder.spec, {{parent, {}}}};
  CHECK(run.passed(0));
  check_samples(run, "cache_requests", {{"region", "west"}}, 1, 8);
  check_samples(run, "cache_hit_ratio", {{"region", "west"}}, 1, 0.5);
  check_samples(run, "parent_cache_requests", {{"region", "west"}}, 1, 4);
  check_samples(run, "parent_cache_hit_ratio", {{"region", "west"}}, 1, 0.75);
  check_samples(run, "storage_requests", {{"region", "west"}}, 1, 1);
}

TEST_CASE("the hit ratio of several replicas is all hits over all requests, not the mean of their ratios") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = cache_of(1_h);
  builder.push(0_s, "one", "app:v1", "west");
  for (int i = 1; i <= 4; ++i) builder.pull(Duration{1_s} * i, "app:v1", "west");
  builder.pull(9_s, "app:v1", "east");
  MeasureExpectation whole = test::measure("cache_hit_ratio", "mean");
  whole.bound = EqualsBound{{Quantity::Dimension::ratio, 0.6}};
  MeasureExpectation least = test::measure("cache_hit_ratio", "min");
  least.bound = EqualsBound{{Quantity::Dimension::ratio, 0}};
  MeasureExpectation west = test::measure("cache_hit_ratio", "max");
  west.region = "west";
  west.bound = EqualsBound{{Quantity::Dimension::ratio, 0.75}};
  MeasureExpectation of_tag = test::measure("cache_requests", "sum");
  of_tag.of = "app:v1";
  of_tag.bound = EqualsBound{{Quantity::Dimension::number, 5}};
  const RanScenario run{builder.spec, {{whole, {}}, {least, {}}, {west, {}}, {of_tag, {}}}};
  for (std::size_t i = 0; i < 4; ++i) CHECK(run.passed(i));
  check_samples(run, "cache_requests", {{"region", "west"}}, 1, 4);
  check_samples(run, "cache_requests", {{"region", "east"}}, 1, 1);
  check_samples(run, "storage_requests", {{"region", "west"}}, 1, 1);
}

TEST_CASE("one server serves one request after the other, and is busy for their share of the time") {
  WorldBuilder builder{{"west"}};
  builder.spec.registry.storage.servers = 1;
  builder.spec.registry.storage.service_time = always(100_ms);
  builder.spec.duration = 2_s;
  builder.push(0_s, "one", "app:v1", "west");
  for (int i = 0; i < 3; ++i) builder.pull(1_s, "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  const MeasureRow& waits = row_of(run, "storage_wait", {{"region", "west"}, {"of", "app:v1"}});
  CHECK(waits.count == 3);
  CHECK(waits.sum == doctest::Approx(0.3));  // 0, 100 and 200 ms
  CHECK(waits.max == 0.2);
  check_samples(run, "storage_utilization", {{"region", "west"}}, 1, 0.15);
}

TEST_CASE("a request in service when the run ends has used its server until then") {
  WorldBuilder builder{{"west"}};
  builder.spec.registry.storage.servers = 2;
  builder.spec.registry.storage.service_time = always(10_s);
  builder.spec.duration = 5_s;
  builder.pull(1_s - 1_ms, "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_samples(run, "storage_utilization", {{"region", "west"}}, 1, 0.4);
}

TEST_CASE("links and regions count the bytes that they carried, and their share and price") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.network.links[0].bandwidth = 100_Mbps;
  builder.spec.network.price.egress = Price{0.02};
  builder.spec.duration = 10_s;
  builder.push(0_s, "one", "app:v1", "west");  // 10 MB take 0.8 s to the east
  builder.pull(5_s, "app:v1", "east");         // stays inside the region
  const RanScenario run{builder.spec, {}};
  check_samples(run, "link_bytes", {{"link", "west->east"}}, 1, 10e6);
  check_samples(run, "link_utilization", {{"link", "west->east"}}, 1, 0.08);
  check_samples(run, "egress_bytes", {{"region", "west"}}, 1, 10e6);
  check_samples(run, "egress_cost", {{"region", "west"}}, 1, 0.01 * 0.02);
  CHECK(run.row("link_bytes", {{"link", "east->west"}}) == nullptr);
}

TEST_CASE("links that carried nothing count where all links are judged, and make no rows") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.push(0_s, "one", "app:v1", "west");
  MeasureExpectation mean = test::measure("link_bytes", "mean");
  mean.bound = EqualsBound{{Quantity::Dimension::size, 5e6}};  // 10 MB to the east, nothing back
  const RanScenario run{builder.spec, {{mean, {}}}};
  CHECK(run.passed(0));
  CHECK(run.row("link_bytes", {{"link", "east->west"}}) == nullptr);
  CHECK(run.row("egress_bytes", {{"region", "east"}}) == nullptr);
}

TEST_CASE("a cloud's own price is that of the way that bytes took") {
  WorldSpec spec;
  spec.network.preset = NetworkPreset::azure;
  spec.registry.replicas = {"westus", "westeurope"};
  spec.registry.config_size = 0_B;
  spec.registry.manifest_size = 0_B;
  spec.images.push_back({"one", LayeredImage{{Bytes{5'000'000'000}}}, {}});
  HostSpec host;
  host.name = "dev";
  host.region = "westus";
  spec.hosts.push_back(host);
  PushAction push;
  push.image = "one";
  push.to = "app:v1";
  push.on = "dev";
  TimelineEntry entry;
  entry.at = 0_s;
  entry.action = push;
  spec.timeline.push_back(entry);
  const RanScenario run{spec, {}};
  // Azure, early 2023: 0.05 USD a GB between North America and Europe.
  CHECK(row_of(run, "egress_cost", {{"region", "westus"}}).max == doctest::Approx(5 * 0.05));
}

TEST_CASE("a delivery's delay is from its firing to its end, well or not") {
  WorldBuilder builder{{"west", "east"}};
  WebhookSpec slow;
  slow.name = "slow";
  slow.region = "west";
  slow.receiver.answers_after = always(10_s);
  slow.timeout = 5_s;
  WebhookSpec quick;
  quick.name = "quick";
  quick.region = "east";
  quick.receiver.answers_after = always(50_ms);
  builder.spec.webhooks = {slow, quick};
  builder.push(0_s, "one", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_samples(run, "webhook_delay", {{"region", "west"}, {"of", "app:v1"}}, 1, 5);
  check_samples(run, "webhook_delay", {{"region", "east"}, {"of", "app:v1"}}, 1, 0.05);
  check_samples(run, "webhook_attempts", {{"region", "east"}, {"of", "app:v1"}}, 1, 1);
}

TEST_CASE("version skew lasts while one tag runs with more than one content") {
  WorldBuilder builder{{"west", "east"}};
  ClusterSpec cluster;
  cluster.name = "web";
  cluster.region = "east";
  cluster.nodes = 3;
  builder.spec.clusters.push_back(cluster);
  builder.spec.duration = 1_min;
  builder.push(0_s, "one", "app:v1", "west");
  DeployAction deploy;
  deploy.reference = "app:v1";
  deploy.cluster = "web";
  builder.add(1_s, "", deploy);  // runs from 1.004 s on
  builder.push(10_s, "two", "app:v1", "west");
  FailAction fail;
  fail.target = NodeFault{"web", 2};
  builder.add(20_s, "", fail);  // the new node pulls the new content: 20.004 s
  fail.target = NodeFault{"web", 1};
  builder.add(30_s, "", fail);
  fail.target = NodeFault{"web", 3};
  builder.add(40_s, "", fail);  // the last of the old is gone at 40 s
  const RanScenario run{builder.spec, {}};
  check_samples(run, "version_skew", {{"region", "east"}, {"cluster", "web"}}, 1, (20_s - 4_ms).seconds());
}

TEST_CASE("queue depth is averaged over time") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.registry.replication.concurrency = 1;
  builder.spec.duration = 1_s;
  // Committed at 7, 17 and 27 ms. A copy takes the place for 100 ms, until its last byte has left: the second
  // waits from 17 to 107 ms, the third from 27 to 207 ms.
  builder.add_image("three", {1_MB});
  builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v2", "west");
  builder.push(20_ms, "three", "app:v3", "west");
  const RanScenario run{builder.spec, {}};
  CHECK(row_of(run, "queue_depth", {{"region", "east"}}).mean ==
        doctest::Approx(0.090 + 0.180).epsilon(1e-12));
  check_samples(run, "queue_depth", {{"region", "west"}}, 1, 0);
}

TEST_CASE("the queue of a replica goes when it is removed, and so do the requests that it is serving") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.registry.replication.concurrency = 1;
  builder.spec.registry.storage.servers = 1;
  builder.spec.registry.storage.service_time = always(5_s);
  builder.spec.network.links[0].bandwidth = 8_Mbps;
  builder.spec.duration = 10_s;
  // Committed at 7 and 17 ms.
  builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v2", "west");
  builder.pull(999_ms, "app:v1", "east");
  builder.add(2_s, "", RemoveReplicaAction{"east"});
  const RanScenario run{builder.spec, {}};
  CHECK(row_of(run, "queue_depth", {{"region", "east"}}).mean == doctest::Approx(0.1983).epsilon(1e-12));
  CHECK(row_of(run, "storage_utilization", {{"region", "east"}}).mean == doctest::Approx(0.1).epsilon(1e-12));
}

TEST_CASE("servers that are set in mid-run count for as long as there are so many") {
  for (const char* servers : {"1", "unlimited"}) {
    WorldBuilder builder{{"west"}};
    builder.spec.registry.storage.servers = 10;
    builder.spec.registry.storage.service_time = always(4_s);
    builder.spec.duration = 10_s;
    for (int i = 0; i < 10; ++i) builder.pull(1_s - 1_ms, "app:v1", "west");
    builder.pull(6_s - 1_ms, "app:v1", "west");
    builder.add(5_s, "", SetAction{{{"registry.storage.servers", servers}}});
    const RanScenario run{builder.spec, {}};
    // Ten for five seconds, busy for four of them; then one for five, busy for four; or nobody knows how many.
    const bool limited = servers[0] == '1';
    check_samples(run, "storage_utilization", {{"region", "west"}}, 1, limited ? 44.0 / 55.0 : 40.0 / 50.0);
  }
}

TEST_CASE("a link's share and a region's cost go by the bandwidths and prices that held when bytes moved") {
  for (const bool by_degradation : {true, false}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.registry.manifest_size = 0_B;
    builder.spec.network.bandwidth = 80_Mbps;
    builder.spec.duration = 10_s;
    builder.push(1_s, "one", "app:v1", "west");  // 10 MB, a second long
    builder.add(0_s, "", SetAction{{{"network.price.egress", "1 USD/GB"}}});
    builder.add(5_s, "", SetAction{{{"network.price.egress", "5 USD/GB"}}});
    if (by_degradation) {
      DegradeAction degrade;
      degrade.link = {"west", "east"};
      degrade.bandwidth = 800_Mbps;
      builder.add(5_s, "", degrade);
    } else {
      builder.add(5_s, "", SetAction{{{"network.bandwidth", "800 Mbps"}}});
    }
    builder.push(6_s, "two", "app:v2", "west");  // 20 MB, a fifth of a second long
    const RanScenario run{builder.spec, {}};
    check_samples(run, "link_bytes", {{"link", "west->east"}}, 1, 30e6);
    // 10 MB a second for five seconds, 100 MB a second for five more.
    CHECK(row_of(run, "link_utilization", {{"link", "west->east"}}).mean == doctest::Approx(30.0 / 550.0));
    CHECK(row_of(run, "egress_cost", {{"region", "west"}}).mean == doctest::Approx(0.01 * 1 + 0.02 * 5));
  }
}

TEST_CASE("what comes before the end of the warm-up is dropped, and totals count from there") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  builder.spec.network.links[0].bandwidth = 80_Mbps;  // 10 MB a second
  builder.spec.warmup = 600_ms;
  builder.spec.duration = 10_s;
  // Committed at 7 ms, the bytes move from 107 ms to 1.107 s: 4.93 MB of them in the warm-up.
  builder.push(0_s, "one", "app:v1", "west").pull(500_ms, "app:v1", "west").pull(5_s, "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  CHECK(run.row("push_duration", {{"region", "west"}, {"of", "app:v1"}}) == nullptr);
  check_samples(run, "pull_duration", {{"region", "west"}, {"of", "app:v1"}}, 1, 0.002);
  check_samples(run, "storage_requests", {{"region", "west"}}, 1, 1);
  check_samples(run, "replication_lag", {{"region", "east"}, {"of", "app:v1"}}, 1, 1.150);
  CHECK(row_of(run, "link_bytes", {{"link", "west->east"}}).max == doctest::Approx(10e6 - 4.93e6));
  CHECK(row_of(run, "link_utilization", {{"link", "west->east"}}).max ==
        doctest::Approx(5.07e6 / (10e6 * 9.4)));
}

TEST_CASE("observers change nothing in a run, a warm-up neither") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.network.links[0].bandwidth = 80_Mbps;
  ProbeSpec probe;
  builder.spec.routing.probe = probe;
  builder.push(0_s, "one", "app:v1", "west").pull(3_s, "app:v1", "east");
  test::RanWorld bare{builder.spec};
  for (const Duration warmup : {0_s, 1_s, 2_min}) {
    builder.spec.warmup = warmup;
    const RanScenario run{builder.spec, {test::expect_always("closure")}};
    CHECK(run.result().trace_hash == bare.world().simulation().trace_hash());
    CHECK(run.result().ended_at == bare.world().simulation().now());
  }
}
