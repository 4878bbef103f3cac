// What facts tell of replicas is what the replicas hold and would answer.
#include <doctest/doctest.h>

#include "analysis/measures/shared_observers.hpp"
#include "sim/kernel/chance.hpp"
#include "tests/support/world_builder.hpp"

using namespace georep;
using test::WorldBuilder;

namespace {

const std::vector<std::string> regions{"west", "east", "north"};

/// A world of random pushes, pulls, removals and faults, under random settings.
WorldSpec random_world(std::uint64_t number) {
  Draw draw = Chance{11, 0}.draw(name_hash("worlds"), Purpose::test, number);
  const auto below = [&draw](std::uint64_t bound) { return draw.uniform_below(bound); };
  const auto one_of = [&](const std::vector<std::string>& texts) { return texts[below(texts.size())]; };
  WorldBuilder builder{regions};
  builder.add_image("three", {1_MB, 2_MB, 3_MB});
  ImageSpec index;
  index.name = "multi";
  index.content = ImageIndex{{{"linux/amd64", "one"}, {"linux/arm64", "three"}}, ChildrenOrder::after};
  builder.spec.images.push_back(index);
  RegistrySpec& registry = builder.spec.registry;
  using enum ReplicationStep;
  const std::vector<std::vector<ReplicationStage>> orders{
      {{blobs}, {manifest}, {tag}, {invalidate}, {notify}},
      {{manifest}, {tag}, {blobs}, {notify}},
      {{tag}, {manifest, blobs}, {invalidate}}};
  registry.replication.order = orders[below(orders.size())];
  registry.replication.apply = below(2) == 0 ? ApplyKind::arrival_order : ApplyKind::last_writer_wins;
  registry.replication.tombstones = below(2) == 0 ? 0_s : 7_d;
  registry.replication.resume = below(2) == 0;
  if (below(2) == 0) registry.missing_blobs.kind = MissingKind::manifest_unknown;
  if (below(3) > 0) {
    registry.manifest_cache = ManifestCacheSpec{};
    registry.manifest_cache->ttl = below(2) == 0 ? 3_s : 1_h;
    registry.manifest_cache->negative_ttl = below(2) == 0 ? 0_s : 2_s;
    registry.manifest_cache->scope = below(3) == 0 ? CacheScope::registry : CacheScope::replica;
    if (number % 3 == 0) {
      registry.parent_cache = registry.manifest_cache;
      registry.parent_cache->ttl = 5_s;
      registry.parent_cache->scope = number % 2 == 0 ? CacheScope::registry : CacheScope::replica;
      registry.parent_cache->invalidate_on_push = number % 4 < 2;
    }
  }
  for (LinkSpec& link : builder.spec.network.links) link.bandwidth = 40_Mbps;
  for (int i = 0; i < 40; ++i) {
    const Duration at = Duration::nanoseconds(static_cast<std::int64_t>(below(20'000'000'000)));
    const std::string tag = one_of({"app:a", "app:b", "other:a"});
    const std::string image = one_of({"one", "two", "three", "multi"});
    const std::string host = one_of(regions);
    switch (below(8)) {
      case 0:
      case 1:
      case 2: builder.push(at, image, tag, host); break;
      case 3:
      case 4: builder.pull(at, tag, host); break;
      case 5: builder.add(at, "", UntagAction{tag, host}); break;
      case 6: builder.add(at, "", DeleteAction{"app@" + image, host}); break;
      default: {
        FailAction fail;
        fail.target = ReplicaFault{host};
        fail.lasts = Duration::nanoseconds(static_cast<std::int64_t>(below(3'000'000'000)));
        builder.add(at, "", fail);
      }
    }
  }
  return builder.spec;
}

/// What the replica itself would answer.
ManifestId answer_of(World& world, Replica& replica, TagId tag) {
  const RepositoryId repository = world.names().repository_of(tag);
  ManifestId manifest = ManifestId::none;
  std::optional<ManifestCache::Answer> entry;
  for (ManifestCache* cache : replica.caches)
    if (!entry) entry = cache->lookup({tag, ManifestId::none});
  if (entry) {
    manifest = entry->manifest;
  } else {
    manifest = replica.storage.tag(tag).manifest;
    if (manifest != ManifestId::none && !replica.storage.has_manifest(repository, manifest))
      manifest = ManifestId::none;
  }
  const bool hides = world.settings().registry.missing_blobs.kind == MissingKind::manifest_unknown;
  if (manifest != ManifestId::none && hides && !replica.storage.holds_closure(repository, manifest))
    manifest = ManifestId::none;
  return manifest;
}

}  // namespace

TEST_CASE("the view of replicas that facts give is the replicas' own state, at every moment that is looked at") {
  int answers = 0;
  int missing = 0;
  for (std::uint64_t number = 0; number < 60; ++number) {
    const Plan plan = *compile(random_world(number));
    World world{plan};
    SharedObservers shared{world};
    const ReplicaView& view = shared.replicas();
    for (const Duration until : {3_s, 9_s, 14_s, 40_s}) {
      shared.reset();
      world.reset(1, number);
      world.run(Instant::at(until));
      shared.finish(Instant::at(until));
      for (const auto& replica : world.registry().replicas()) {
        CHECK(view.alive(replica->region) == replica->alive);
        for (std::uint32_t i = 0; i < world.names().tag_count(); ++i) {
          const auto tag = static_cast<TagId>(i);
          const ReplicaView::TagState& state = view.state(replica->region, tag);
          CHECK(state.stored == replica->storage.tag(tag).manifest);
          CHECK(state.answer.manifest == answer_of(world, *replica, tag));
          (state.answer.manifest == ManifestId::none ? missing : answers) += 1;
          const RepositoryId repository = world.names().repository_of(tag);
          if (state.answer.manifest != ManifestId::none)
            CHECK(state.answer.complete ==
                  replica->storage.holds_closure(repository, state.answer.manifest));
        }
        for (std::uint32_t i = 0; i < world.content().blob_count(); ++i)
          CHECK(view.has_blob(replica->region, static_cast<BlobId>(i)) ==
                replica->storage.has_blob(static_cast<BlobId>(i)));
      }
    }
  }
  CHECK(answers > 300);
  CHECK(missing > 300);
}

TEST_CASE("what stood in every replica before the run is in the view, though no fact told of it") {
  WorldBuilder builder{regions};
  PullsSpec pulls;
  pulls.catalog.repositories = 3;
  pulls.catalog.tags = 2;
  pulls.arrivals = PeriodicArrivals{1_s};
  builder.spec.workloads.push_back({pulls, "east", 0_s, 5_s, {}});
  const Plan plan = *compile(builder.spec);
  World world{plan};
  SharedObservers shared{world};
  const ReplicaView& view = shared.replicas();
  shared.reset();
  world.reset(1, 0);
  world.run();
  REQUIRE(world.names().tag_count() == 6);
  for (const auto& replica : world.registry().replicas())
    for (std::uint32_t i = 0; i < 6; ++i) {
      const TagAnswer& answer = view.state(replica->region, static_cast<TagId>(i)).answer;
      CHECK(answer.manifest == replica->storage.tag(static_cast<TagId>(i)).manifest);
      CHECK(answer.complete);
    }
}
