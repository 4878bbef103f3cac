// Pulls from a catalog and pushes of new content, in whole worlds.
#include <cmath>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::compiled;
using test::WorldBuilder;

namespace {

WorkloadSpec pulls(const std::string& on, ArrivalsSpec arrivals, Duration until) {
  PullsSpec work;
  work.catalog.repositories = 5;
  work.catalog.tags = 4;
  work.catalog.layers.count = always_count(3);
  work.catalog.layers.size = always(1_MB);
  work.arrivals = std::move(arrivals);
  WorkloadSpec spec;
  spec.work = work;
  spec.on = on;
  spec.until = until;
  return spec;
}

WorkloadSpec pushes(const std::string& on, ArrivalsSpec arrivals, Duration until) {
  PushesSpec work;
  work.repositories = 3;
  work.layers.count = always_count(8);
  work.layers.changed = always_count(2);
  work.layers.size = always(1_MB);
  work.arrivals = std::move(arrivals);
  WorkloadSpec spec;
  spec.work = work;
  spec.on = on;
  spec.until = until;
  return spec;
}

}  // namespace

TEST_CASE("the catalog is in every replica before the run, and a pull of it costs its round trips") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.workloads = {pulls("east", PeriodicArrivals{10_s}, 25_s)};
  builder.spec.workloads[0].from = 5_s;
  const auto plan = compile(builder.spec);
  REQUIRE(plan.has_value());
  World world{*plan};
  std::vector<OperationEnded> ended;
  world.facts().subscribe<OperationEnded>([&](const OperationEnded& fact) { ended.push_back(fact); });
  world.run();
  REQUIRE(ended.size() == 2);  // at 5 s and 15 s; 25 s is the end and no part of it
  CHECK(ended[0].started.at == Instant::at(5_s));
  // 2 ms for the manifest; then three layers, three at a time, 2 ms.
  CHECK(ended[0].at - ended[0].started.at == 4_ms);
  CHECK(!ended[0].error);
  CHECK(ended[1].started.at == Instant::at(15_s));
}

TEST_CASE("workloads that write the same catalog pull the same images, and what a host has it does not pull again") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.workloads = {pulls("west", PeriodicArrivals{1_s}, 100_s),
                            pulls("east", PoissonArrivals{Rate{1}}, 100_s)};
  const auto plan = compile(builder.spec);
  REQUIRE(plan->catalogs.size() == 1);
  World world{*plan};
  std::map<TagId, ManifestId> seen;
  std::map<TagId, Duration> first;
  world.facts().subscribe<OperationEnded>([&](const OperationEnded& fact) {
    const auto [known, added] = seen.try_emplace(fact.tag, fact.manifest);
    CHECK(known->second == fact.manifest);
    if (fact.host != HostId{0}) return;
    const bool again = !first.try_emplace(fact.tag, fact.at - fact.started.at).second;
    CHECK(fact.at - fact.started.at == (again ? 2_ms : 4_ms));
  });
  world.run();
  CHECK(seen.size() > 10);
}

TEST_CASE("every push is new content on top of its repository's last layers") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.config_size = 6_KiB;
  builder.spec.workloads = {pushes("west", PeriodicArrivals{10_s}, 300_s)};
  const auto plan = compile(builder.spec);
  World world{*plan};
  std::set<ManifestId> contents;
  std::set<std::string> tags;
  std::map<std::string, int> blobs_of;
  std::string repository;
  int stored = 0;
  world.facts().subscribe<BlobStored>([&](const BlobStored& fact) {
    if (fact.replica == RegionId{0}) ++stored;
  });
  std::map<RepositoryId, int> pushed;
  world.facts().subscribe<OperationEnded>([&](const OperationEnded& fact) {
    REQUIRE(!fact.error);
    CHECK(contents.insert(fact.manifest).second);
    tags.insert(world.names().tag_name(fact.tag));
    const RepositoryId to = world.names().repository_of(fact.tag);
    // The first push to a repository uploads eight layers and a config, each later one two and a config.
    CHECK(stored == (pushed[to]++ == 0 ? 9 : 3));
    stored = 0;
  });
  world.run();
  CHECK(contents.size() == 30);
  CHECK(pushed.size() == 3);
  CHECK(tags.contains("v1"));
  CHECK(tags.contains("v30"));
  for (const auto& [to, count] : pushed) {
    const std::string& name = world.names().repository_name(to);
    CHECK((name == "repo-1" || name == "repo-2" || name == "repo-3"));
    Replica& east = *world.registry().replica(RegionId{1});
    for (const TagId tag : world.names().tags_of(to))
      CHECK(world.registry().serves(east, to, east.storage.tag(tag).manifest));
  }
}

TEST_CASE("a world with workloads is the same again after a reset, and another under another run") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.workloads = {pulls("east", PoissonArrivals{Rate{2}}, 60_s),
                            pushes("west", PoissonArrivals{Rate{1}}, 60_s)};
  const auto plan = compile(builder.spec);
  World world{*plan};
  world.run();
  const std::uint64_t hash = world.simulation().trace_hash();
  world.reset(1, 1);
  world.run();
  CHECK(world.simulation().trace_hash() != hash);
  world.reset(1, 0);
  world.run();
  CHECK(world.simulation().trace_hash() == hash);
}

TEST_CASE("a run that is cut off while requests wait for storage leaves nothing to the next one") {
  WorldBuilder builder{{"west"}};
  builder.spec.registry.storage.servers = 2;
  builder.spec.registry.storage.service_time = always(3_s);
  builder.spec.workloads = {pulls("west", PoissonArrivals{Rate{2}}, 60_s)};
  const auto plan = compile(builder.spec);
  World fresh{*plan};
  fresh.reset(1, 1);
  fresh.run(Instant::at(20_s));
  World used{*plan};
  used.run(Instant::at(30_s));
  used.reset(1, 1);
  CHECK(used.registry().replicas()[0]->storage_servers.busy() == 0);
  used.run(Instant::at(20_s));
  CHECK(used.registry().replicas()[0]->storage_servers.busy() == 2);
  CHECK(used.simulation().trace_hash() == fresh.simulation().trace_hash());
}

TEST_CASE("a workload without end requires a duration") {
  WorldBuilder builder{{"west"}};
  builder.spec.workloads = {pulls("west", PoissonArrivals{Rate{1}}, 0_s)};
  builder.spec.workloads[0].until.reset();
  const auto endless = compile(builder.spec);
  REQUIRE(!endless.has_value());
  CHECK(endless.error()[0].message == "a workload without `until` requires `duration`");
  builder.spec.duration = 10_s;
  CHECK(compile(builder.spec).has_value());
}

TEST_CASE("a push that is limited waits and tries again as its workload says") {
  WorldBuilder builder{{"west"}};
  builder.spec.registry.limits.writes = RateLimitSpec{Rate{1}, 2};
  builder.spec.workloads = {pushes("west", PeriodicArrivals{1_h}, 10_s)};
  auto& work = std::get<PushesSpec>(builder.spec.workloads[0].work);
  work.layers.count = always_count(1);
  work.retry = RetrySpec{};
  const auto plan = compile(builder.spec);
  World world{*plan};
  std::uint32_t attempts = 0;
  world.facts().subscribe<OperationEnded>([&](const OperationEnded& fact) {
    CHECK(!fact.error);
    attempts = fact.attempts;
  });
  world.run();
  // POST and PUT of the blob take both tokens, the PUT of the manifest finds none; the second attempt finds the blob uploaded.
  CHECK(attempts == 2);
}

TEST_CASE("a run that states no end and tries for ever is cut off ten years after the last moment that it names") {
  WorldBuilder builder{{"west", "east"}};
  builder.pull(2_s, "app:never", "east", "patient");
  RetrySpec once_a_day;
  once_a_day.first = once_a_day.most = 24 * 3600_s;
  auto& pull = std::get<PullAction>(builder.spec.timeline.back().action);
  pull.retry = once_a_day;
  const Plan plan = compiled(builder.spec);
  World world{plan};
  CHECK(world.run() == RunEnd::horizon);
  CHECK(world.simulation().now() == Instant::at(2_s + 3653 * 24 * 3600_s));

  ClusterSpec cluster;
  cluster.name = "web";
  cluster.region = "east";
  cluster.nodes = 40;
  builder.spec.clusters.push_back(cluster);
  const Plan with_nodes = compiled(builder.spec);
  World sooner{with_nodes};
  CHECK(sooner.run() == RunEnd::horizon);
  CHECK(sooner.simulation().now().seconds() == doctest::Approx(2 + 365.3 * 24 * 3600));

  builder.spec.duration = 20 * 3653 * 24 * 3600_s;
  const Plan stated = compiled(builder.spec);
  World longer{stated};
  CHECK(longer.run() == RunEnd::horizon);
  CHECK(longer.simulation().now() == Instant::at(*builder.spec.duration));
}
