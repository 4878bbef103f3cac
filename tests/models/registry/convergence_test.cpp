// Replication is idempotent and does not care for order: whatever order the records of some changes arrive in, each at least once, the
// replicas end alike under last writer wins. Under arrival order they need not.
#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "models/registry/registry.hpp"
#include "models/registry/shared_objects.hpp"

using namespace georep;

namespace {

struct Record {
  std::size_t change;
  bool tag;  // the tag record, or the manifest record
};

struct Replicas {
  Replicas() {
    Registry::Member member;
    member.region = RegionId{0};
    registry.reset({member});
    for (const char* tag : {"app:a", "app:b", "app:c"}) tags.push_back(names.reference(tag));
    for (const char* image : {"one", "two"}) manifests.push_back(content.add_image(image, {}, 1, image));
    spec.replication.tombstones = 7_d;
  }

  /// A change of the given kind, the n-th by its stamp; stamps of two replicas, with ties in time.
  Change change(ChangeKind kind, std::size_t tag, std::size_t manifest, std::uint32_t n) const {
    Change result;
    result.commit = CommitId{n};
    result.kind = kind;
    result.repository = names.repository_of(tags[0]);
    if (kind != ChangeKind::remove) result.tag = tags[tag];
    result.manifest = manifests[manifest];
    result.stamp = Stamp{Deadline{Instant::at(1_s * (n / 2)), 0}, 0,
                         static_cast<std::uint16_t>(n % 2), result.commit};
    return result;
  }

  /// What each tag is answered with after the records have arrived in that order.
  std::vector<ManifestId> answers(const std::vector<Change>& changes,
                                  const std::vector<Record>& order) {
    Registry::Member member;
    member.region = RegionId{0};
    registry.reset({member});
    Replica& replica = *registry.replica(RegionId{0});
    for (const Record& record : order) {
      if (record.tag) {
        registry.apply_tag(replica, changes[record.change]);
      } else {
        registry.apply_manifest(replica, changes[record.change], true);
      }
    }
    std::vector<ManifestId> result;
    for (const TagId tag : tags) {
      const ManifestId manifest = replica.storage.tag(tag).manifest;
      const bool there = manifest != ManifestId::none &&
                         replica.storage.has_manifest(names.repository_of(tag), manifest);
      result.push_back(there ? manifest : ManifestId::none);
    }
    return result;
  }

  Simulation simulation;
  FactBus facts;
  NetworkPlan network_plan = [] {
    NetworkPlan plan;
    plan.regions.push_back({"here", Bandwidth::unlimited(), Bandwidth::unlimited(), {}});
    return plan;
  }();
  Network network{simulation, network_plan};
  Content content;
  Names names;
  RegistrySpec spec;
  Registry registry{simulation, facts, network, content, names, spec};
  std::vector<TagId> tags;
  std::vector<ManifestId> manifests;
};

}  // namespace

TEST_CASE("under last writer wins all orders of arrival, with repetitions, end in the same answers") {
  Replicas replicas;
  int removals_that_count = 0;
  for (std::uint64_t round = 0; round < 3'000; ++round) {
    Draw draw = Chance{1, 0}.draw(name_hash("orders"), Purpose::test, round);
    std::vector<Change> changes;
    std::vector<Record> records;
    for (std::uint32_t n = 0; n < 5; ++n) {
      const ChangeKind kinds[] = {ChangeKind::push, ChangeKind::push, ChangeKind::push,
                                  ChangeKind::untag, ChangeKind::remove};
      changes.push_back(replicas.change(kinds[draw.uniform_below(5)], draw.uniform_below(3),
                                        draw.uniform_below(2), n + 2));
      records.push_back({n, false});
      records.push_back({n, true});
      if (draw.bernoulli(0.3)) records.push_back({n, draw.bernoulli(0.5)});
    }
    const auto expected = replicas.answers(changes, records);
    for (int shuffle = 0; shuffle < 8; ++shuffle) {
      for (std::size_t i = records.size(); i > 1; --i)
        std::swap(records[i - 1], records[draw.uniform_below(i)]);
      REQUIRE(replicas.answers(changes, records) == expected);
    }
    removals_that_count += std::count(expected.begin(), expected.end(), ManifestId::none) > 0;
  }
  CHECK(removals_that_count > 500);
}

TEST_CASE("in the order of their stamps, changes come to what a reader of the language expects") {
  Replicas replicas;
  const auto after = [&](const std::vector<Change>& changes) {
    std::vector<Record> records;
    for (std::size_t n = 0; n < changes.size(); ++n) {
      records.push_back({n, false});
      records.push_back({n, true});
    }
    return replicas.answers(changes, records);
  };
  using enum ChangeKind;
  const ManifestId none = ManifestId::none;
  const ManifestId one = replicas.manifests[0];
  const ManifestId two = replicas.manifests[1];
  const auto change = [&](ChangeKind kind, std::size_t tag, std::size_t manifest, std::uint32_t n) {
    return replicas.change(kind, tag, manifest, n);
  };
  CHECK(after({change(push, 0, 0, 2), change(push, 0, 1, 4)}) == std::vector{two, none, none});
  CHECK(after({change(push, 0, 0, 2), change(push, 1, 0, 4), change(remove, 0, 0, 6)}) ==
        std::vector{none, none, none});
  CHECK(after({change(push, 0, 0, 2), change(push, 0, 1, 4), change(remove, 0, 0, 6)}) ==
        std::vector{two, none, none});
  CHECK(after({change(push, 0, 0, 2), change(remove, 0, 0, 4), change(push, 1, 0, 6)}) ==
        std::vector{none, one, none});
  CHECK(after({change(push, 0, 0, 2), change(untag, 0, 0, 4)}) == std::vector{none, none, none});
}

TEST_CASE("under arrival order what comes last stays, and a repetition takes it back") {
  Replicas replicas;
  replicas.spec.replication.apply = ApplyKind::arrival_order;
  const std::vector<Change> changes{replicas.change(ChangeKind::push, 0, 0, 2),
                                    replicas.change(ChangeKind::push, 0, 1, 4)};
  const std::vector<Record> in_order{{0, false}, {0, true}, {1, false}, {1, true}};
  std::vector<Record> repeated = in_order;
  repeated.push_back({0, true});
  CHECK(replicas.answers(changes, in_order)[0] == replicas.manifests[1]);
  CHECK(replicas.answers(changes, repeated)[0] == replicas.manifests[0]);
}

TEST_CASE("a deletion that is no longer remembered does not hold back an old change") {
  Replicas replicas;
  replicas.spec.replication.tombstones = 0_s;
  const std::vector<Change> changes{replicas.change(ChangeKind::push, 0, 0, 2),
                                    replicas.change(ChangeKind::untag, 0, 0, 4)};
  const std::vector<Record> late{{1, true}, {0, false}, {0, true}};
  CHECK(replicas.answers(changes, late)[0] == replicas.manifests[0]);
  replicas.spec.replication.tombstones = 7_d;
  CHECK(replicas.answers(changes, late)[0] == ManifestId::none);
}
