// Every form of expectation: what meets it, what violates it, and what the verdict says.
#include <doctest/doctest.h>

#include "tests/support/scenario_builder.hpp"

using namespace georep;
using test::expect_converged;
using test::expect_never;
using test::measure;
using test::RanScenario;
using test::WorldBuilder;

namespace {

ExpectationSpec operation(OperationExpectation what) { return {std::move(what), {}}; }

OperationExpectation expects(std::string name) {
  OperationExpectation result;
  result.operation = std::move(name);
  return result;
}

ExpectationSpec never_stale(Duration longer_than, std::string region = {}) {
  NeverExpectation never;
  never.what = "stale-read";
  never.longer_than = longer_than;
  never.region = std::move(region);
  return {never, {}};
}

MeasureBound below(Quantity::Dimension dimension, double limit) {
  return BelowBound{{dimension, limit}};
}

/// A cache in the east that replication does not invalidate; answers from 20.001 s on are 9.994 s old and more.
WorldBuilder stale_in_the_east() {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  builder.spec.registry.replication.order = {{ReplicationStep::blobs},
                                             {ReplicationStep::manifest},
                                             {ReplicationStep::tag},
                                             {ReplicationStep::notify}};
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "east");
  builder.push(10_s, "two", "app:v1", "west").pull(20_s, "app:v1", "east", "stale");
  return builder;
}

}  // namespace

TEST_CASE("an operation succeeds, fails with a code, gets an image, within a time from its start") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west", "push").pull(10_ms, "app:v1", "east", "early");
  builder.pull(1_s, "app:v1", "east", "late");
  OperationExpectation good = expects("push");
  good.succeeds = true;
  OperationExpectation bad = expects("early");
  bad.succeeds = true;
  OperationExpectation code = expects("early");
  code.fails = "MANIFEST_UNKNOWN";
  OperationExpectation other_code = expects("early");
  other_code.fails = "BLOB_UNKNOWN";
  OperationExpectation image = expects("late");
  image.gets = "one";
  image.within = 4_ms;
  OperationExpectation other_image = expects("late");
  other_image.gets = "two";
  OperationExpectation sooner = expects("late");
  sooner.gets = "one";
  sooner.within = 4_ms - 1_ns;
  OperationExpectation unlike = expects("late");
  unlike.succeeds = false;
  const RanScenario run{builder.spec,
                        {operation(good), operation(bad), operation(code), operation(other_code),
                         operation(image), operation(other_image), operation(sooner),
                         operation(unlike)}};
  const std::vector<bool> expected{true, false, true, false, true, false, false, false};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(run.passed(i) == expected[i]);
  CHECK_FALSE(run.result().passed);
  CHECK(run.expectation(1).detail ==
        "MANIFEST_UNKNOWN from east after 2 ms, begun at 10 ms on east");
  CHECK(run.expectation(5).detail == "one from east after 4 ms, begun at 1 s on east");
  CHECK(run.expectation(6).figure == 0.004);
  CHECK(run.expectation(0).text == "operation push succeeds");
}

TEST_CASE("what the end of a run cuts off has neither succeeded nor failed") {
  WorldBuilder builder{{"west"}};
  builder.spec.duration = 5_ms;
  builder.push(0_s, "one", "app:v1", "west", "cut").pull(1_s, "app:v1", "west", "never-began");
  std::vector<ExpectationSpec> expect;
  for (const char* name : {"cut", "never-began"})
    for (const bool succeeds : {true, false}) {
      OperationExpectation what = expects(name);
      what.succeeds = succeeds;
      expect.push_back(operation(what));
    }
  const RanScenario run{builder.spec, expect};
  for (std::size_t i = 0; i < 4; ++i) CHECK_FALSE(run.passed(i));
  CHECK(run.result().operations[0].outcome == "unfinished");
  CHECK(run.result().operations[0].duration == 5_ms);
  CHECK(run.result().operations[1].outcome == "unfinished");
  CHECK(run.result().operations[1].at == Instant::at(1_s));
  CHECK(run.expectation(2).detail == "unfinished: it never began");
}

TEST_CASE("a name that stands for several operations expects the same of each") {
  WorldBuilder builder{{"west", "east"}};
  builder.add_host("group", "east").count = 3;
  builder.push(0_s, "one", "app:v1", "west").pull(1_s, "app:v1", "group", "all");
  builder.pull(10_ms, "app:v1", "group", "early");
  OperationExpectation all = expects("all");
  all.gets = "one";
  OperationExpectation second = expects("early-2");
  second.fails = "MANIFEST_UNKNOWN";
  OperationExpectation early = expects("early");
  early.succeeds = true;
  const RanScenario run{builder.spec, {operation(all), operation(second), operation(early)}};
  CHECK(run.passed(0));
  CHECK(run.passed(1));
  CHECK_FALSE(run.passed(2));
  CHECK(run.expectation(2).detail ==
        "early-1: MANIFEST_UNKNOWN from east after 2 ms, begun at 10 ms on group-1; 3 times in all");
}

TEST_CASE("an error code must not occur, in a region or of a tag") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west").pull(10_ms, "app:v1", "east", "early");
  NeverExpectation in_west;
  in_west.what = "MANIFEST_UNKNOWN";
  in_west.region = "west";
  NeverExpectation of_other = in_west;
  of_other.region = "east";
  of_other.of = "app:v2";
  NeverExpectation of_tag = of_other;
  of_tag.of = "app:v1";
  const RanScenario run{builder.spec,
                        {expect_never("MANIFEST_UNKNOWN"), {in_west, {}}, {of_other, {}},
                         {of_tag, {}}, expect_never("BLOB_UNKNOWN")}};
  CHECK_FALSE(run.passed(0));
  CHECK(run.passed(1));
  CHECK(run.passed(2));
  CHECK_FALSE(run.passed(3));
  CHECK(run.passed(4));
  CHECK(run.expectation(0).detail ==
        "MANIFEST_UNKNOWN at 12 ms: early of app:v1 on east, from east");
}

TEST_CASE("a stale read is one older than what is forgiven, in the region that is meant") {
  const Duration age = 20_s + 1_ms - (10_s + 7_ms);
  const RanScenario run{stale_in_the_east().spec,
                        {never_stale(0_s), never_stale(age - 1_ns), never_stale(age),
                         never_stale(0_s, "west"), never_stale(0_s, "east")}};
  CHECK_FALSE(run.passed(0));
  CHECK_FALSE(run.passed(1));
  CHECK(run.passed(2));
  CHECK(run.passed(3));
  CHECK_FALSE(run.passed(4));
  CHECK(run.expectation(0).detail ==
        "east answered app:v1 with one at 20.001 s, superseded 9.994 s before, to pull on east");
  CHECK(run.expectation(0).figure == age.seconds());
}

TEST_CASE("a tag is lost where an old removal overtakes a new push") {
  for (const bool last_writer_wins : {false, true}) {
    WorldBuilder builder{{"west", "east"}};
    if (!last_writer_wins) builder.spec.registry.replication.apply = ApplyKind::arrival_order;
    builder.push(0_s, "one", "app:v1", "west");
    builder.add(10_s, "", UntagAction{"app:v1", "west"});  // in the east at 10.051 s
    builder.push(10_s, "two", "app:v1", "east");           // committed at 10.007 s
    const RanScenario run{builder.spec,
                          {expect_never("lost-tag"), expect_never("resurrected-tag")}};
    CHECK(run.passed(0) == last_writer_wins);
    CHECK(run.passed(1));
  }
}

TEST_CASE("a removal that is newer than what was there loses nothing") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(1_s, "", UntagAction{"app:v1", "west"});
  builder.push(2_s, "two", "app:v1", "west");
  builder.add(3_s, "", DeleteAction{"app@two", "east"});
  const RanScenario run{builder.spec, {expect_never("lost-tag"), expect_never("resurrected-tag")}};
  CHECK(run.passed(0));
  CHECK(run.passed(1));
}

TEST_CASE("a tag rises again where an older push arrives after its removal and nobody remembers that") {
  for (const Duration tombstones : {Duration{0_s}, Duration{7_d}}) {
    WorldBuilder builder{{"west", "east"}};
    builder.spec.network.links[0].bandwidth = 50_Mbps;
    builder.spec.registry.replication.tombstones = tombstones;
    builder.push(0_s, "one", "app:v1", "west");
    builder.push(10_s, "two", "app:v1", "west");           // its 20 MB take 3.2 s to the east
    builder.add(11_s, "", UntagAction{"app:v1", "west"});  // its records do not
    const RanScenario run{builder.spec,
                          {expect_never("resurrected-tag"), expect_never("divergence"),
                           expect_converged()}};
    const bool remembered = tombstones > Duration{};
    for (std::size_t i = 0; i < 3; ++i) CHECK(run.passed(i) == remembered);
  }
}

TEST_CASE("replicas diverge where two pushes of one tag are applied as they arrive") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replication.apply = ApplyKind::arrival_order;
  builder.push(0_s, "one", "app:v1", "west").push(10_ms, "two", "app:v1", "east");
  const RanScenario run{builder.spec, {expect_never("divergence"), expect_converged()}};
  CHECK_FALSE(run.passed(0));
  CHECK(run.expectation(0).detail == "at the end west answers app:v1 with two, east with one");
  CHECK_FALSE(run.passed(1));
}

TEST_CASE("a cached answer keeps replicas apart until its time to live is over") {
  WorldBuilder builder = stale_in_the_east();
  const RanScenario apart{builder.spec, {expect_never("divergence"), expect_converged()}};
  CHECK_FALSE(apart.passed(0));
  CHECK_FALSE(apart.passed(1));
  builder.pull(2_h, "app:v1", "west");
  // Filled at 1.001 s for an hour; the last commit was at 10.007 s.
  const Duration took = 3600_s + 1_s + 1_ms - (10_s + 7_ms);
  const RanScenario together{builder.spec,
                             {expect_never("divergence"), expect_converged(took),
                              expect_converged(took - 1_ns)}};
  CHECK(together.passed(0));
  CHECK(together.passed(1));
  CHECK_FALSE(together.passed(2));
  CHECK(together.expectation(1).figure == took.seconds());
}

TEST_CASE("convergence counts from the last commit or the end of the last fault, and must last") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  FailAction fail;
  fail.target = ReplicationFault{"east"};
  fail.lasts = 10_s;
  builder.add(0_s, "", fail);
  const RanScenario healed{builder.spec, {expect_converged(150_ms), expect_converged(149_ms)}};
  CHECK(healed.passed(0));
  CHECK_FALSE(healed.passed(1));
  builder.spec.duration = 5_s;
  const RanScenario cut{builder.spec, {expect_converged()}};
  CHECK_FALSE(cut.passed(0));
  CHECK(cut.expectation(0).detail == "at the end (5 s) app:v1 is one in west, nothing in east");
}

TEST_CASE("a replica that is down at the end has not converged") {
  WorldBuilder builder{{"west", "east"}};
  FailAction fail;
  fail.target = ReplicaFault{"east"};
  builder.push(0_s, "one", "app:v1", "west").add(1_s, "", fail);
  const RanScenario run{builder.spec, {expect_converged()}};
  CHECK_FALSE(run.passed(0));
}

TEST_CASE("a statistic of no samples fails, but a count and a sum are 0") {
  WorldBuilder builder{{"west"}};
  builder.push(0_s, "one", "app:v1", "west");
  MeasureExpectation none = measure("pull_duration", "p99");
  none.bound = below(Quantity::Dimension::duration, 1e18);
  MeasureExpectation count = measure("pull_duration", "count");
  count.bound = EqualsBound{{Quantity::Dimension::number, 0}};
  MeasureExpectation sum = measure("pull_duration", "sum");
  sum.bound = EqualsBound{{Quantity::Dimension::duration, 0}};
  MeasureExpectation lone = measure("push_duration", "stddev");
  const RanScenario run{builder.spec, {{none, {}}, {count, {}}, {sum, {}}, {lone, {}}}};
  CHECK_FALSE(run.passed(0));
  CHECK(run.expectation(0).detail == "there are no samples");
  CHECK(run.passed(1));
  CHECK(run.passed(2));
  CHECK_FALSE(run.passed(3));
}

TEST_CASE("below and above leave out their limit, between takes in both, equals is exact") {
  WorldBuilder builder{{"west"}};
  builder.push(0_s, "one", "app:v1", "west");  // 8 ms
  const auto ms = [](double value) {
    return Quantity{Quantity::Dimension::duration, value * 1e6};
  };
  const std::vector<std::pair<MeasureBound, bool>> cases{
      {BelowBound{ms(8)}, false},         {BelowBound{ms(8.000001)}, true},
      {AboveBound{ms(8)}, false},         {AboveBound{ms(7.999999)}, true},
      {BetweenBound{{ms(8), ms(9)}}, true}, {BetweenBound{{ms(7), ms(8)}}, true},
      {BetweenBound{{ms(8.000001), ms(9)}}, false},
      {EqualsBound{ms(8)}, true},         {EqualsBound{ms(8.000001)}, false}};
  std::vector<ExpectationSpec> expect;
  for (const auto& [bound, met] : cases) {
    MeasureExpectation what = measure("push_duration", "max");
    what.bound = bound;
    expect.push_back({what, {}});
  }
  const RanScenario run{builder.spec, expect};
  for (std::size_t i = 0; i < cases.size(); ++i) CHECK(run.passed(i) == cases[i].second);
  CHECK(run.expectation(0).detail == "8 ms over 1 sample");
}

TEST_CASE("a measure is asked for whole, by region, tag, link or code, or all of them together") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west").push(0_s, "one", "app:v2", "east");
  builder.pull(10_ms, "app:v1", "east").pull(10_ms, "other:v1", "west");
  const auto errors = [](std::string region, std::string of, std::string code) {
    MeasureExpectation what = measure("errors", "count");
    what.region = std::move(region);
    what.of = std::move(of);
    what.code = std::move(code);
    return what;
  };
  const std::vector<std::pair<MeasureExpectation, double>> cases{
      {errors("", "", ""), 2},
      {errors("east", "", ""), 1},
      {errors("", "other:v1", ""), 1},
      {errors("", "", "MANIFEST_UNKNOWN"), 2},
      {errors("east", "app:v1", "MANIFEST_UNKNOWN"), 1},
      {errors("east", "other:v1", ""), 0},
      {errors("", "", "BLOB_UNKNOWN"), 0},
      {errors("", "never:pushed", ""), 0}};
  std::vector<ExpectationSpec> expect;
  for (auto [what, count] : cases) {
    what.bound = EqualsBound{{Quantity::Dimension::number, count}};
    expect.push_back({what, {}});
  }
  const RanScenario run{builder.spec, expect};
  for (std::size_t i = 0; i < cases.size(); ++i) CHECK(run.passed(i));
}

namespace {

/// Two nodes, deployed to at 1 s and again at 10 s with newer content under the same tag; the second runs at 10.004 s.
WorldBuilder deployed_twice() {
  WorldBuilder builder{{"west", "east"}};
  ClusterSpec cluster;
  cluster.name = "web";
  cluster.region = "east";
  cluster.nodes = 2;
  cluster.pull_policy = PullPolicy::always;
  builder.spec.clusters.push_back(cluster);
  DeployAction deploy;
  deploy.reference = "app:v1";
  deploy.cluster = "web";
  builder.push(0_s, "one", "app:v1", "west").add(1_s, "", deploy);
  builder.push(5_s, "two", "app:v1", "west").add(10_s, "", deploy);
  return builder;
}

RunningExpectation running(std::optional<Duration> at, std::vector<std::string> images) {
  return {"web", at, std::move(images)};
}

}  // namespace

TEST_CASE("what runs at an instant is what ran after all that happened then") {
  const RanScenario run{deployed_twice().spec,
                        {{running(1_s, {}), {}},
                         {running(1_s + 4_ms - 1_ns, {}), {}},
                         {running(1_s + 4_ms, {"one"}), {}},
                         {running(10_s + 4_ms - 1_ns, {"one"}), {}},
                         {running(10_s + 4_ms, {"two"}), {}},
                         {running(std::nullopt, {"two"}), {}},
                         {running(8_s, {"one", "two"}), {}},
                         {running(1_min, {"two"}), {}}}};
  const std::vector<bool> expected{true, true, true, true, true, true, false, true};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(run.passed(i) == expected[i]);
  CHECK(run.expectation(6).detail == "web runs one on 2 nodes at 8 s");
  // The last moment that somebody asks about keeps the run alive.
  CHECK(run.result().ended_at == Instant::at(1_min));
}

TEST_CASE("what runs after the end of a run is not known") {
  WorldBuilder builder = deployed_twice();
  builder.spec.duration = 20_s;
  const RanScenario run{builder.spec, {{running(30_s, {"two"}), {}}}};
  CHECK_FALSE(run.passed(0));
}

TEST_CASE("a webhook fires so often, with a status, within a time from the commit") {
  WorldBuilder builder{{"west", "east"}};
  WebhookSpec hook;
  hook.name = "arrivals";
  hook.region = "east";
  hook.receiver.answers_after = always(50_ms);
  builder.spec.webhooks.push_back(hook);
  hook.name = "silent";
  hook.scope = "other:*";
  builder.spec.webhooks.push_back(hook);
  builder.push(0_s, "one", "app:v1", "west").push(1_s, "two", "app:v2", "west");
  const auto webhook = [](std::string name, std::optional<int> fires, std::optional<int> status,
                          std::optional<Duration> within) {
    return ExpectationSpec{WebhookExpectation{std::move(name), fires, status, within}, {}};
  };
  // Each arrives 150 ms after its commit and is answered 50 ms later.
  const RanScenario run{builder.spec,
                        {webhook("arrivals", 2, 200, 200_ms),
                         webhook("arrivals", 1, std::nullopt, std::nullopt),
                         webhook("arrivals", std::nullopt, 504, std::nullopt),
                         webhook("arrivals", std::nullopt, std::nullopt, 200_ms - 1_ns),
                         webhook("silent", 0, std::nullopt, std::nullopt),
                         webhook("silent", std::nullopt, 200, std::nullopt)}};
  const std::vector<bool> expected{true, false, false, false, true, false};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(run.passed(i) == expected[i]);
  CHECK(run.expectation(1).detail == "arrivals fired 2 times");
  CHECK(run.expectation(0).figure == 0.2);
}

TEST_CASE("deliveries and operations are told in names and texts") {
  WorldBuilder builder{{"west", "east"}};
  WebhookSpec hook;
  hook.name = "hook";
  hook.region = "west";
  builder.spec.webhooks.push_back(hook);
  builder.push(0_s, "one", "app:v1", "west", "push");
  builder.add(1_s, "delete", DeleteAction{"app@one", "west"});
  const RanScenario run{builder.spec, {}};
  REQUIRE(run.result().deliveries.size() == 2);
  const DeliveryResult& pushed = run.result().deliveries[0];
  CHECK(pushed.webhook == "hook");
  CHECK(pushed.action == "push");
  CHECK(pushed.reference == "app:v1");
  CHECK(pushed.fired_at == Instant::at(7_ms));
  CHECK(pushed.ended_at == Instant::at(7_ms));
  CHECK(pushed.status == 200);
  CHECK(run.result().deliveries[1].action == "delete");
  CHECK(run.result().deliveries[1].reference == "app");
  const OperationResult& push = run.result().operations[0];
  CHECK(push.name == "push");
  CHECK(push.kind == "push");
  CHECK(push.host == "west");
  CHECK(push.replica == "west");
  CHECK(push.outcome == "ok");
  CHECK(push.digest == pushed.digest);
  CHECK(pushed.digest.substr(0, 7) == "sha256:");
  CHECK(run.result().operations[1].kind == "delete");
}

TEST_CASE("violations come in the order of their times, named alike in every run") {
  WorldBuilder builder = stale_in_the_east();
  builder.pull(5_ms, "app:v1", "east", "early");
  Scenario scenario{builder.spec, {}, {never_stale(0_s), expect_never("MANIFEST_UNKNOWN")}};
  const Plan plan = *compile(scenario.world);
  Runner runner{scenario, plan};
  const Violations first = runner.judge(1, 0);
  REQUIRE(first.size() == 2);
  CHECK(first[0].expectation == 1);
  CHECK(first[0].at == Instant::at(7_ms));
  CHECK(first[1].expectation == 0);
  CHECK(first[1].at == Instant::at(20_s + 1_ms));
  const Violations again = runner.judge(2, 5);
  for (std::size_t i = 0; i < 2; ++i) CHECK(again[i].identity == first[i].identity);
  CHECK(first[0].identity != first[1].identity);
}

TEST_CASE("a runner that stops at the first violation goes no further") {
  WorldBuilder builder{{"west", "east"}};
  builder.pull(0_s, "app:v1", "east").push(1_s, "one", "app:v1", "west");
  Scenario scenario{builder.spec, {}, {expect_never("MANIFEST_UNKNOWN")}};
  const Plan plan = *compile(scenario.world);
  Runner runner{scenario, plan, RunOptions{.stop_at_violation = true}};
  CHECK(runner.judge(1, 0).size() == 1);
  CHECK(runner.world().simulation().now() == Instant::at(2_ms));
}

TEST_CASE("a run after others is as the first one") {
  WorldBuilder builder = stale_in_the_east();
  Scenario scenario{builder.spec, {}, {never_stale(0_s), expect_converged()}};
  const Plan plan = *compile(scenario.world);
  Runner runner{scenario, plan, RunOptions{.all_measures = true}};
  const RunResult first = runner.run(1, 0);
  runner.judge(2, 1);
  const RunResult again = runner.run(1, 0);
  CHECK(again.trace_hash == first.trace_hash);
  REQUIRE(again.measures.size() == first.measures.size());
  for (std::size_t i = 0; i < first.measures.size(); ++i) {
    CHECK(again.measures[i].name == first.measures[i].name);
    CHECK(again.measures[i].labels == first.measures[i].labels);
    CHECK(again.measures[i].count == first.measures[i].count);
    CHECK(again.measures[i].sum == first.measures[i].sum);
    CHECK(again.measures[i].p99 == first.measures[i].p99);
  }
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(again.expectations[i].detail == first.expectations[i].detail);
}
