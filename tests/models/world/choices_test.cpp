// What a search may decide in a world: where it is asked, and what each fault does.
#include <functional>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "models/facts/choice_sites.hpp"
#include "tests/support/world_builder.hpp"

using namespace georep;
using test::WorldBuilder;

namespace {

/// Takes the dullest value everywhere, except that one fault strikes the first time, or each time, that it is asked for.
class OneFault : public Chooser {
 public:
  explicit OneFault(std::optional<FaultSite> fault = {}, std::size_t which = 0)
      : fault_{fault}, which_{which} {}

  std::size_t choose_event(std::span<Event* const>) override { return 0; }
  std::uint32_t choose(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override {
    REQUIRE(kind == ChoiceKind::fault);
    REQUIRE(count == 2);
    CHECK(sites.insert(site).second);  // each place is asked once
    const std::size_t asked_before = asked[fault_at(site)]++;
    return fault_ == fault_at(site) && asked_before == which_ ? 1 : 0;
  }
  Duration choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                        const Deadline&) override {
    delays[kind].insert(site);
    return nominal;
  }

  std::set<std::uint64_t> sites;
  std::map<FaultSite, std::size_t> asked;
  std::map<ChoiceKind, std::set<std::uint64_t>> delays;

 private:
  std::optional<FaultSite> fault_;
  std::size_t which_;
};

struct Ran {
  explicit Ran(const WorldSpec& spec, Chooser* chooser = nullptr)
      : plan{*compile(spec)}, world{plan} {
    world.simulation().set_chooser(chooser);
    world.facts().subscribe<WebhookFired>([this](const WebhookFired&) { ++fired; });
    world.facts().subscribe<CacheEvicted>([this](const CacheEvicted&) { ++evicted; });
    world.facts().subscribe<ReplicationFailed>([this](const ReplicationFailed&) { ++failed; });
    world.facts().subscribe<TagApplied>([this](const TagApplied& fact) {
      if (!fact.local) applied.push_back(fact);
    });
    world.run();
  }
  Plan plan;
  World world;
  int fired = 0;
  int evicted = 0;
  int failed = 0;
  std::vector<TagApplied> applied;
};

WorldBuilder busy() {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.network.bandwidth = 100_Mbps;
  builder.spec.registry.manifest_cache = ManifestCacheSpec{};
  WebhookSpec webhook;
  webhook.name = "hook";
  webhook.region = "east";
  builder.spec.webhooks.push_back(webhook);
  builder.push(0_s, "one", "app:v1", "west", "first").pull(5_s, "app:v1", "east", "fill");
  builder.push(10_s, "two", "app:v1", "west", "second").pull(15_s, "app:v1", "east", "later");
  return builder;
}

}  // namespace

TEST_CASE("a search that takes every dullest value sees what a run without it sees, and is asked at every place") {
  WorldBuilder builder = busy();
  builder.spec.network.jitter = Ratio{0.1};
  for (const bool slow_storage : {false, true}) {
    builder.spec.registry.storage.service_time = slow_storage ? always(20_ms) : always(0_s);
    OneFault dull;
    Ran plain{builder.spec};
    Ran searched{builder.spec, &dull};
    for (std::size_t i = 0; i < 4; ++i) {
      const OperationRecord& one = plain.world.operations()[i];
      const OperationRecord& other = searched.world.operations()[i];
      CHECK(one.at == other.at);
      CHECK(one.duration == other.duration);
      CHECK(one.manifest == other.manifest);
    }
    CHECK(dull.delays[ChoiceKind::latency].size() > 20);
    CHECK(dull.delays[ChoiceKind::bandwidth].size() >= 4);  // two manifests and two blobs over the limited link
    CHECK(dull.delays[ChoiceKind::storage].size() == 2);    // the two pulls that missed the cache
    CHECK(dull.delays[ChoiceKind::start_delay].size() == 2);
    CHECK(dull.delays[ChoiceKind::client_start].size() == 4);
    CHECK(dull.asked[FaultSite::duplicate_delivery] == 2);
    CHECK(dull.asked[FaultSite::reordered_delivery] == 8);  // four records of two changes
    CHECK(dull.asked[FaultSite::replication_crash] == 12);  // five stages and a blob of two changes
    CHECK(dull.asked[FaultSite::lost_invalidation] == 2);
    CHECK(dull.asked[FaultSite::lost_webhook] == 2);
  }
}

TEST_CASE("the places keep their names whatever else happens in a world") {
  WorldBuilder builder = busy();
  OneFault before;
  Ran{builder.spec, &before};
  builder.add_host("another", "east");
  builder.pull(5_s, "other:v1", "another", "more");
  builder.push(4_s, "one", "other:v1", "east", "earlier");
  OneFault after;
  Ran{builder.spec, &after};
  for (const std::uint64_t site : before.sites) CHECK(after.sites.contains(site));
  for (const auto& [kind, sites] : before.delays)
    if (kind != ChoiceKind::latency)
      for (const std::uint64_t site : sites) CHECK(after.delays[kind].contains(site));
}

TEST_CASE("a change that is delivered twice moves nothing under last writer wins, and its webhook fires twice") {
  OneFault twice{FaultSite::duplicate_delivery};
  Ran ran{busy().spec, &twice};
  CHECK(ran.fired == 3);
  CHECK(ran.applied.size() == 2);
  CHECK(ran.applied.back().manifest == ran.plan.images.at("two"));
}

TEST_CASE("under arrival order a change that is delivered once more takes the tag back") {
  WorldBuilder builder{{"west", "east"}};
  builder.spec.registry.replication.apply = ApplyKind::arrival_order;
  builder.push(0_s, "one", "app:v1", "west").push(500_ms, "two", "app:v1", "west");
  OneFault twice{FaultSite::duplicate_delivery};
  Ran ran{builder.spec, &twice};  // the first change again, 1 s after it was done
  CHECK(ran.applied.back().manifest == ran.plan.images.at("one"));
  WorldBuilder guarded = builder;
  guarded.spec.registry.replication.apply = ApplyKind::last_writer_wins;
  OneFault again{FaultSite::duplicate_delivery};
  CHECK(Ran{guarded.spec, &again}.applied.back().manifest == ran.plan.images.at("two"));
}

TEST_CASE("a record that is overtaken arrives one latency later than the others") {
  WorldBuilder builder{{"west", "east"}};
  builder.push(0_s, "one", "app:v1", "west");
  OneFault none;
  OneFault tag_late{FaultSite::reordered_delivery, 1};  // manifest, tag, invalidate, notify
  const Ran nominal{builder.spec, &none};
  const Ran late{builder.spec, &tag_late};
  // On the connection the tag is a nanosecond behind the manifest, where a search keeps their order.
  CHECK(late.applied.at(0).at - nominal.applied.at(0).at == 50_ms - 1_ns);
}

TEST_CASE("a copy that crashes at any of its stages is tried again and ends whole") {
  for (std::size_t place = 0; place < 6; ++place) {
    for (const bool resume : {true, false}) {
      WorldBuilder builder{{"west", "east"}};
      builder.spec.registry.replication.resume = resume;
      builder.push(0_s, "one", "app:v1", "west");
      OneFault crash{FaultSite::replication_crash, place};
      Ran ran{builder.spec, &crash};
      CHECK(ran.failed == 1);
      CHECK(ran.world.registry().serves(*ran.world.registry().replica(RegionId{1}),
                                        RepositoryId{0}, ran.plan.images.at("one")));
    }
  }
}

TEST_CASE("an invalidation that is lost leaves the old answer in the cache") {
  OneFault lost{FaultSite::lost_invalidation, 1};
  Ran ran{busy().spec, &lost};
  CHECK(ran.evicted == 0);
  OneFault none;
  CHECK(Ran{busy().spec, &none}.evicted == 1);
}

TEST_CASE("a webhook that is lost is never answered") {
  OneFault lost{FaultSite::lost_webhook};
  Ran ran{busy().spec, &lost};
  REQUIRE(ran.world.deliveries().size() == 2);
  CHECK(ran.world.deliveries()[0].status == 504);
  CHECK(ran.world.deliveries()[1].status == 200);
}
