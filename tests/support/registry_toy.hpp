// The registry in miniature, with the real cache and the real storage: one region, one replicator, one puller, one event for each
// access. Traces, interleavings and outcomes: tests/data/analytic-cases.json, `toy-*` (enumeration, confirmed with Spin).
#pragma once

#include <string>

#include "models/registry/manifest_cache.hpp"
#include "models/registry/storage.hpp"

namespace georep::test {

enum class Order { concurrent, manifest_first, blobs_first };

struct Toy {
  explicit Toy(Simulation& running) : simulation{running} {}

  Simulation& simulation;
  FactBus facts;
  Content content;
  Names names;
  ManifestCacheSpec cache_spec;
  const RegionId region{0};
  const RepositoryId repository{0};
  const TagId tag{0};
  BlobId first = content.add_blob(Digest::of("b1"), 1);
  BlobId second = content.add_blob(Digest::of("b2"), 1);
  ManifestId old_image = content.add_image("old", {}, 0);
  ManifestId new_image = content.add_image("new", {first, second}, 0);
  Storage storage{simulation, facts, content, region};
  ManifestCache cache{simulation, facts, names, cache_spec, CacheTier::manifest_cache, region};
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

  /// The processes of one configuration.
  void start(Order order, bool invalidate, bool old_cached) {
    invalidates = invalidate;
    start_with(old_cached);
    if (order == Order::concurrent) {
      simulation.spawn(store(first));
      simulation.spawn(store(second));
      simulation.spawn(point());
    } else {
      simulation.spawn(order == Order::manifest_first ? manifest_first() : blobs_first());
    }
    simulation.spawn(pull());
  }
};

}  // namespace georep::test
