// When a change has reached another replica: by its tag alone, with all of its content, and past the cache.
#include <doctest/doctest.h>

#include "tests/support/scenario_builder.hpp"

using namespace georep;
using test::RanScenario;
using test::WorldBuilder;

namespace {

const std::vector<std::pair<std::string, std::string>> in_east{{"region", "east"},
                                                               {"of", "app:v1"}};

void check_lags(const RanScenario& run, const char* name, std::vector<Duration> expected) {
  const MeasureRow* row = run.row(name, in_east);
  REQUIRE_MESSAGE(row != nullptr, name);
  CHECK(row->count == static_cast<std::int64_t>(expected.size()));
  CHECK(row->min == std::min_element(expected.begin(), expected.end())->seconds());
  CHECK(row->max == std::max_element(expected.begin(), expected.end())->seconds());
}

WorldBuilder two_regions(std::vector<ReplicationStage> order = {}) {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_size = 0_B;
  if (!order.empty()) builder.spec.registry.replication.order = std::move(order);
  return builder;
}

using enum ReplicationStep;

}  // namespace

TEST_CASE("with content first all three lags are one, counted from the commit") {
  WorldBuilder builder = two_regions();
  // Asking for the blob takes a round trip of 100 ms, then blob and records travel for 50 ms. The commit was at 7 ms.
  builder.push(0_s, "one", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  for (const char* name : {"manifest_lag", "replication_lag", "visible_lag"})
    check_lags(run, name, {150_ms});
  CHECK(run.row("replication_lag", {{"region", "west"}, {"of", "app:v1"}}) == nullptr);
}

TEST_CASE("with the tag first the tag's lag is one latency, that of the content comes later") {
  WorldBuilder builder = two_regions({{manifest}, {tag}, {blobs}, {notify}});
  builder.push(0_s, "one", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_lags(run, "manifest_lag", {50_ms});
  check_lags(run, "replication_lag", {150_ms});
  check_lags(run, "visible_lag", {150_ms});
}

TEST_CASE("a tag ahead of its manifest can be served when the manifest is there") {
  WorldBuilder builder = two_regions({{tag}, {blobs}, {manifest}});
  builder.push(0_s, "one", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_lags(run, "manifest_lag", {50_ms});
  check_lags(run, "replication_lag", {150_ms});
}

TEST_CASE("a cached answer hides what has arrived until its time to live is over") {
  WorldBuilder builder = two_regions({{blobs}, {manifest}, {tag}, {notify}});
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.manifest_cache->ttl = 1_min;
  builder.push(0_s, "one", "app:v1", "west");
  builder.pull(1_s, "app:v1", "east");  // fills the cache at 1.001 s, until 61.001 s
  builder.push(10_s, "two", "app:v1", "west");  // committed at 10.007 s
  builder.pull(2_min, "app:v1", "west");         // nothing happens in the east
  const RanScenario run{builder.spec, {}};
  check_lags(run, "replication_lag", {150_ms, 150_ms});
  check_lags(run, "visible_lag", {150_ms, 61_s + 1_ms - (10_s + 7_ms)});
}

TEST_CASE("a run that ends before a cached answer does leaves the change invisible") {
  WorldBuilder builder = two_regions({{blobs}, {manifest}, {tag}, {notify}});
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(10_s, "two", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_lags(run, "replication_lag", {150_ms, 150_ms});
  check_lags(run, "visible_lag", {150_ms});
}

TEST_CASE("a change that was superseded before it arrived gives no lag") {
  WorldBuilder builder = two_regions({{tag}, {blobs}, {manifest}});
  // Committed at 7 and at 27 ms: the first tag arrives at 57 ms and is gone at 77 ms, before its manifest.
  builder.push(0_s, "one", "app:v1", "west").push(20_ms, "two", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_lags(run, "manifest_lag", {50_ms, 50_ms});
  check_lags(run, "replication_lag", {150_ms});
}

TEST_CASE("a change that is beaten where it arrives gives no lag") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v1", "east");
  const RanScenario run{builder.spec, {}};
  CHECK(run.row("replication_lag", in_east) == nullptr);
  const MeasureRow* west = run.row("replication_lag", {{"region", "west"}, {"of", "app:v1"}});
  REQUIRE(west != nullptr);
  CHECK(west->count == 1);
}

TEST_CASE("a retag has a lag like a push, an untag has none") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v0", "west");
  builder.add(1_s, "", RetagAction{"app:v0", "app:v1", "west"});
  builder.add(2_s, "", UntagAction{"app:v1", "west"});
  const RanScenario run{builder.spec, {}};
  // The blob is there: one round trip to find that, then the records.
  check_lags(run, "replication_lag", {150_ms});
}

TEST_CASE("a replica that asks others for what it lacks shows a new tag as soon as it is committed") {
  WorldBuilder builder = two_regions();
  builder.spec.registry.missing_manifest.kind = MissingKind::fetch_from_origin;
  builder.spec.registry.missing_blobs.kind = MissingKind::fetch_from_origin;
  builder.push(0_s, "one", "app:v1", "west").push(1_s, "two", "app:v1", "west");
  const RanScenario run{builder.spec, {}};
  check_lags(run, "replication_lag", {150_ms, 150_ms});
  // The second is a new content under a tag that the east knows: it answers with what it has.
  check_lags(run, "visible_lag", {0_s, 150_ms});
}

TEST_CASE("the deletion of a manifest is no removal of what a later push has put under its tag") {
  WorldBuilder builder = two_regions();
  builder.push(0_s, "one", "app:v1", "west");
  // Committed at 10.007 s in the east; the deletion of the old content comes there from the west after that.
  builder.push(10_s, "two", "app:v1", "east");
  builder.add(10_s, "", DeleteAction{"app@one", "west"});
  const RanScenario run{builder.spec,
                        {test::expect_never("lost-tag"), test::expect_never("resurrected-tag"),
                         test::expect_always("no-resurrection"), test::expect_converged()}};
  for (std::size_t i = 0; i < 4; ++i) CHECK(run.passed(i));
}

TEST_CASE("what a cache held is visible no longer when the cache is switched off") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.replication.order = {
      {ReplicationStep::blobs}, {ReplicationStep::manifest}, {ReplicationStep::tag}};
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(2_s, "two", "app:v1", "west");
  builder.add(10_s, "", SetAction{{{"registry.manifest_cache", "none"}}});
  const RanScenario run{builder.spec, {}};
  const MeasureRow* row = run.row("visible_lag", {{"region", "east"}, {"of", "app:v1"}});
  REQUIRE(row != nullptr);
  CHECK(row->max == doctest::Approx((10_s - (2_s + 7_ms)).seconds()));
}

TEST_CASE("a push is visible when the caches in a row have both forgotten the tag before it") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.manifest_cache->ttl = 10_s;
  builder.spec.registry.parent_cache = ManifestCacheSpec{};
  builder.spec.registry.parent_cache->ttl = 1_min;
  builder.spec.registry.replication.order = {
      {ReplicationStep::blobs}, {ReplicationStep::manifest}, {ReplicationStep::tag}};
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(2_s, "two", "app:v1", "west").pull(55_s, "app:v1", "east");
  builder.pull(2_min, "app:v1", "east");
  const RanScenario run{builder.spec, {}};
  const MeasureRow* row = run.row("visible_lag", {{"region", "east"}, {"of", "app:v1"}});
  REQUIRE(row != nullptr);
  CHECK(row->max == doctest::Approx((65_s + 1_ms - (2_s + 7_ms)).seconds()));
}
