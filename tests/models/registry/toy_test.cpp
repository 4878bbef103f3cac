// The registry in miniature, with the real cache and the real storage: one region, one replicator, one puller, one event for each
// access. Interleavings and outcomes: tests/data/analytic-cases.json, `toy-*` (enumeration, confirmed with Spin).
#include <functional>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "models/registry/manifest_cache.hpp"
#include "models/registry/storage.hpp"
#include "tests/support/depth_first.hpp"

using namespace georep;

namespace {

enum class Order { concurrent, manifest_first, blobs_first };

struct Toy {
  explicit Toy(Chooser& chooser) { simulation.set_chooser(&chooser); }

  Simulation simulation;
  FactBus facts;
  Content content;
  ManifestCacheSpec cache_spec;
  const RegionId region{0};
  const RepositoryId repository{0};
  const TagId tag{0};
  BlobId first = content.add_blob(Digest::of("b1"), 1);
  BlobId second = content.add_blob(Digest::of("b2"), 1);
  ManifestId old_image = content.add_image("old", {}, 0);
  ManifestId new_image = content.add_image("new", {first, second}, 0);
  Storage storage{simulation, facts, content, region};
  ManifestCache cache{simulation, facts, cache_spec, region};
  ConflictRule rule{false, 0_s};
  bool invalidates = false;
  std::string outcome;

  ManifestCache::Key key() const { return {tag, ManifestId::none}; }
  Stamp stamp(std::uint32_t commit) const {
    Stamp result;
    result.commit = static_cast<CommitId>(commit);
    return result;
  }

  /// An old image that is stored and cached, or nothing.
  void start_with(bool old_cached) {
    storage.reset();
    cache.reset();
    outcome.clear();
    if (!old_cached) return;
    storage.point_tag(repository, tag, old_image, stamp(0), rule, true);
    cache.fill(key(), {old_image, static_cast<CommitId>(0)}, 0);
  }

  Task<void> store(BlobId blob) {
    storage.store_blob(blob);
    co_return;
  }
  Task<void> point() {
    storage.point_tag(repository, tag, new_image, stamp(1), rule, false);
    if (!invalidates) co_return;
    co_await simulation.delay(0_ns);
    cache.invalidate(key(), EvictionCause::replication);
  }
  Task<void> manifest_first() {
    co_await point();
    co_await simulation.delay(0_ns);
    storage.store_blob(first);
    co_await simulation.delay(0_ns);
    storage.store_blob(second);
  }
  Task<void> blobs_first() {
    storage.store_blob(first);
    co_await simulation.delay(0_ns);
    storage.store_blob(second);
    co_await simulation.delay(0_ns);
    co_await point();
  }

  Task<void> pull() {
    ManifestId seen = ManifestId::none;
    const auto cached = cache.lookup(key());
    if (cached) {
      seen = cached->manifest;
    } else {
      co_await simulation.delay(0_ns);
      const TagRecord record = storage.tag(tag);
      seen = record.manifest;
      if (seen != ManifestId::none) {
        co_await simulation.delay(0_ns);
        cache.fill(key(), {seen, record.commit}, cache.generation(key()));
      }
    }
    if (seen == ManifestId::none) {
      outcome = "manifest-unknown";
      co_return;
    }
    if (seen == old_image) {
      outcome = "old";
      co_return;
    }
    for (const BlobId blob : content.manifest(seen).blobs) {
      co_await simulation.delay(0_ns);
      if (!storage.has_blob(blob)) {
        outcome = "blob-unknown";
        co_return;
      }
    }
    outcome = "ok-new";
  }
};

struct Visited {
  std::uint64_t interleavings;
  std::set<std::string> outcomes;
};

Visited visit(Order order, bool invalidates, bool old_cached) {
  test::DepthFirst search;
  Toy toy{search};
  toy.invalidates = invalidates;
  Visited visited{0, {}};
  visited.interleavings = search.visit_all([&] {
    toy.simulation.reset(1, 0);
    toy.start_with(old_cached);
    if (order == Order::concurrent) {
      toy.simulation.spawn(toy.store(toy.first));
      toy.simulation.spawn(toy.store(toy.second));
      toy.simulation.spawn(toy.point());
    } else {
      toy.simulation.spawn(order == Order::manifest_first ? toy.manifest_first()
                                                          : toy.blobs_first());
    }
    toy.simulation.spawn(toy.pull());
    toy.simulation.run();
    visited.outcomes.insert(toy.outcome);
  });
  return visited;
}

using Outcomes = std::set<std::string>;

}  // namespace

TEST_CASE("copying everything at once lets a pull meet a manifest without its blobs") {
  const Visited visited = visit(Order::concurrent, false, false);
  CHECK(visited.interleavings == 114);
  CHECK(visited.outcomes == Outcomes{"blob-unknown", "manifest-unknown", "ok-new"});
}

TEST_CASE("invalidating without ordering creates the unknown blob where an old tag was cached") {
  const Visited visited = visit(Order::concurrent, true, true);
  CHECK(visited.interleavings == 102);
  CHECK(visited.outcomes == Outcomes{"blob-unknown", "ok-new", "old"});
}

TEST_CASE("the manifest first lets a pull meet it without its blobs") {
  const Visited visited = visit(Order::manifest_first, true, true);
  CHECK(visited.interleavings == 21);
  CHECK(visited.outcomes == Outcomes{"blob-unknown", "ok-new", "old"});
}

TEST_CASE("the blobs first leave a pull with an unknown manifest or all of the image") {
  const Visited visited = visit(Order::blobs_first, false, false);
  CHECK(visited.interleavings == 10);
  CHECK(visited.outcomes == Outcomes{"manifest-unknown", "ok-new"});
}

TEST_CASE("the blobs first and then invalidating leave a pull with the old image or the new one") {
  const Visited visited = visit(Order::blobs_first, true, true);
  CHECK(visited.interleavings == 5);
  CHECK(visited.outcomes == Outcomes{"ok-new", "old"});
}

TEST_CASE("without invalidation an old cached tag yields the old image only") {
  for (const Order order : {Order::concurrent, Order::manifest_first, Order::blobs_first})
    CHECK(visit(order, false, true).outcomes == Outcomes{"old"});
}
