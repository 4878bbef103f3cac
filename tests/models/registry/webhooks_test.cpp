// Webhooks: which changes fire which, what a receiver makes of them, and how two kinds of notifier go on after a failure.
#include <doctest/doctest.h>

#include "tests/support/world_builder.hpp"

using namespace georep;
using test::RanWorld;
using test::WorldBuilder;

namespace {

// A push commits 7 ms after its start and reaches the other region after one round trip to ask and one latency.
constexpr Duration committed = 7_ms;
constexpr Duration arrived = 157_ms;

WebhookSpec webhook(std::string name, std::string region, std::string scope = {}) {
  WebhookSpec spec;
  spec.name = std::move(name);
  spec.region = std::move(region);
  spec.scope = std::move(scope);
  return spec;
}

WorldBuilder two_regions() { return WorldBuilder{{"west", "east"}}; }

void fail_webhook(WorldBuilder& builder, Duration at, std::string name, Duration lasts) {
  FailAction fail;
  fail.target = WebhookFault{std::move(name)};
  fail.lasts = lasts;
  builder.add(at, {}, fail);
}

Instant ended(const Delivery& delivery) { return delivery.ended_at.value(); }

}  // namespace

TEST_CASE("a push fires where it was taken when it commits, and elsewhere when the notify step runs") {
  WorldBuilder builder = two_regions();
  builder.spec.webhooks = {webhook("w", "west"), webhook("e", "east")};
  builder.spec.webhooks[1].receiver.answers_after = always(50_ms);
  builder.push(0_s, "one", "app:v1", "west");
  RanWorld ran{builder.spec};
  const auto& deliveries = ran.world().deliveries();
  REQUIRE(deliveries.size() == 2);
  CHECK(deliveries[0].webhook == 0);
  CHECK(deliveries[0].fired_at == Instant::at(committed));
  CHECK(ended(deliveries[0]) == Instant::at(committed));
  CHECK(deliveries[1].webhook == 1);
  CHECK(deliveries[1].fired_at == Instant::at(arrived));
  CHECK(ended(deliveries[1]) == Instant::at(arrived + 50_ms));
  CHECK(deliveries[0].event != deliveries[1].event);
  for (const Delivery& delivery : deliveries) {
    CHECK(delivery.action == ChangeKind::push);
    CHECK(delivery.attempts == 1);
    CHECK(delivery.status == 200);
  }
}

TEST_CASE("without a notify step only the replica that was pushed to fires") {
  WorldBuilder builder = two_regions();
  builder.spec.registry.replication.order = {
      {ReplicationStep::blobs}, {ReplicationStep::manifest}, {ReplicationStep::tag}};
  builder.spec.webhooks = {webhook("w", "west"), webhook("e", "east")};
  builder.push(0_s, "one", "app:v1", "west");
  RanWorld ran{builder.spec};
  REQUIRE(ran.world().deliveries().size() == 1);
  CHECK(ran.world().deliveries()[0].webhook == 0);
}

TEST_CASE("a retag fires push, an untag nothing, a deletion delete with a digest and no tag") {
  WorldBuilder builder = two_regions();
  builder.spec.webhooks = {webhook("e", "east")};
  builder.push(0_s, "one", "app:v1", "west");
  builder.add(1_s, {}, RetagAction{"app:v1", "app:stable", "west"});
  builder.add(2_s, {}, UntagAction{"app:v1", "west"});
  builder.add(3_s, {}, DeleteAction{"app@one", "west"});
  RanWorld ran{builder.spec};
  const auto& deliveries = ran.world().deliveries();
  REQUIRE(deliveries.size() == 3);
  CHECK(deliveries[1].action == ChangeKind::push);
  CHECK(ran.world().names().text(deliveries[1].tag) == "app:stable");
  CHECK(deliveries[2].action == ChangeKind::remove);
  CHECK(deliveries[2].tag == TagId::none);
  CHECK(ran.world().content().manifest(deliveries[2].manifest).name == "one");
  // Asked at 3 s: commits after half a local round trip, and its records take one latency.
  CHECK(deliveries[2].fired_at == Instant::at(3_s + 1_ms + 50_ms));
}

TEST_CASE("a webhook hears only of the events that it lists") {
  WorldBuilder builder = two_regions();
  builder.spec.webhooks = {webhook("pushes", "west"), webhook("deletes", "west")};
  builder.spec.webhooks[0].on_delete = false;
  builder.spec.webhooks[1].on_push = false;
  builder.push(0_s, "one", "app:v1", "west").add(1_s, {}, DeleteAction{"app@one", "west"});
  RanWorld ran{builder.spec};
  REQUIRE(ran.world().deliveries().size() == 2);
  CHECK(ran.world().deliveries()[0].webhook == 0);
  CHECK(ran.world().deliveries()[1].webhook == 1);
}

TEST_CASE("a scope is everything, a repository, one tag, or the tag latest") {
  CHECK(in_scope("", "team/app", "v1"));
  CHECK(in_scope("team/app:*", "team/app", "v1"));
  CHECK(in_scope("team/app:*", "team/app", ""));
  CHECK_FALSE(in_scope("team/app:*", "team/app2", "v1"));
  CHECK_FALSE(in_scope("app:*", "team/app", "v1"));
  CHECK(in_scope("team/app:v1", "team/app", "v1"));
  CHECK_FALSE(in_scope("team/app:v1", "team/app", "v10"));
  CHECK_FALSE(in_scope("team/app:v1", "team/app", ""));
  CHECK(in_scope("team/app", "team/app", "latest"));
  CHECK_FALSE(in_scope("team/app", "team/app", "v1"));
}

TEST_CASE("an answer that takes as long as the timeout is status 504, and there is one attempt") {
  for (const Duration answer : {5_s - 1_ns, 5_s}) {
    WorldBuilder builder = two_regions();
    builder.spec.webhooks = {webhook("w", "west")};
    builder.spec.webhooks[0].receiver.answers_after = always(answer);
    builder.push(0_s, "one", "app:v1", "west");
    RanWorld ran{builder.spec};
    const Delivery& delivery = ran.world().deliveries().at(0);
    CHECK(delivery.status == (answer < 5_s ? 200 : 504));
    CHECK(delivery.attempts == 1);
    CHECK(ended(delivery) == Instant::at(committed + answer));
  }
}

TEST_CASE("with a retry an attempt follows each failure after its wait") {
  WorldBuilder builder = two_regions();
  builder.spec.webhooks = {webhook("w", "west")};
  builder.spec.webhooks[0].receiver.answers_after = always(100_ms);
  builder.spec.webhooks[0].receiver.failure = Ratio{1};
  builder.spec.webhooks[0].retry.attempts = 3;  // waits of 1 s and 2 s
  builder.push(0_s, "one", "app:v1", "west");
  RanWorld ran{builder.spec};
  const Delivery& delivery = ran.world().deliveries().at(0);
  CHECK(delivery.status == 500);
  CHECK(delivery.attempts == 3);
  CHECK(ended(delivery) == Instant::at(committed + 3_s + 300_ms));
}

TEST_CASE("a failed webhook leaves attempts unanswered, those under way included") {
  WorldBuilder builder = two_regions();
  builder.spec.webhooks = {webhook("w", "west")};
  builder.spec.webhooks[0].receiver.answers_after = always(2_s);
  builder.push(0_s, "one", "app:v1", "west");    // under way when the fault begins
  builder.push(2_s, "two", "app:v2", "west");    // fired during the fault
  builder.push(10_s, "one", "app:v3", "west");   // after it
  fail_webhook(builder, 1_s, "w", 8_s);
  RanWorld ran{builder.spec};
  const auto& deliveries = ran.world().deliveries();
  CHECK(deliveries.at(0).status == 504);
  CHECK(ended(deliveries.at(0)) == Instant::at(committed + 5_s));
  CHECK(deliveries.at(1).status == 504);
  CHECK(deliveries.at(2).status == 200);
}

TEST_CASE("the distribution notifier keeps its order, drops nothing and backs off behind its breaker") {
  WorldBuilder builder = two_regions();
  WebhookSpec hook = webhook("w", "west");
  hook.kind = WebhookKind::distribution;
  hook.timeout = 1_s;
  hook.threshold = 3;
  hook.backoff = 10_s;
  hook.receiver.answers_after = always(100_ms);
  builder.spec.webhooks = {hook};
  builder.push(1_s, "one", "app:v1", "west").push(2_s, "two", "app:v2", "west");
  fail_webhook(builder, 0_s, "w", 20_s);
  RanWorld ran{builder.spec};
  const auto& deliveries = ran.world().deliveries();
  REQUIRE(deliveries.size() == 2);
  // Attempts from 1.007 s end at 2.007, 3.007 and 4.007 s. The third opens the breaker: 14.007 s to 15.007 s is the fourth, 25.007 s
  // the fifth, which is answered. The second event follows at once.
  CHECK(deliveries[0].attempts == 5);
  CHECK(ended(deliveries[0]) == Instant::at(25_s + 107_ms));
  CHECK(deliveries[1].attempts == 1);
  CHECK(ended(deliveries[1]) == Instant::at(25_s + 207_ms));
}

TEST_CASE("a crash loses what waits in the memory of the distribution notifier") {
  WorldBuilder builder = two_regions();
  WebhookSpec hook = webhook("w", "west");
  hook.kind = WebhookKind::distribution;
  hook.receiver.answers_after = always(3_s);
  builder.spec.webhooks = {hook};
  builder.push(0_s, "one", "app:v1", "west").push(1_s, "two", "app:v2", "west");
  FailAction fail;
  fail.target = ReplicaFault{"west"};
  fail.lasts = 1_s;
  builder.add(2_s, {}, fail);
  builder.push(10_s, "two", "app:v3", "west");
  RanWorld ran{builder.spec};
  const auto& deliveries = ran.world().deliveries();
  REQUIRE(deliveries.size() == 3);
  CHECK(deliveries[0].status == 0);
  CHECK(ended(deliveries[0]) == Instant::at(2_s));
  CHECK(deliveries[1].attempts == 0);
  CHECK(deliveries[2].status == 200);
  CHECK(ended(deliveries[2]) > Instant::at(13_s));
}

TEST_CASE("another webhook changes nothing in the answers that a receiver gives") {
  const auto statuses = [](bool with_other) {
    WorldBuilder builder = two_regions();
    builder.spec.webhooks = {webhook("w", "west")};
    builder.spec.webhooks[0].receiver.failure = Ratio{0.5};
    if (with_other) builder.spec.webhooks.insert(builder.spec.webhooks.begin(), webhook("x", "west"));
    for (int i = 0; i < 40; ++i)
      builder.push(1_s * i, "one", "app:v" + std::to_string(i), "west");
    RanWorld ran{builder.spec};
    std::vector<int> result;
    for (const Delivery& delivery : ran.world().deliveries())
      if (delivery.webhook == (with_other ? 1U : 0U)) result.push_back(delivery.status);
    return result;
  };
  const std::vector<int> alone = statuses(false);
  CHECK(alone.size() == 40);
  CHECK(std::count(alone.begin(), alone.end(), 500) > 5);
  CHECK(std::count(alone.begin(), alone.end(), 500) < 35);
  CHECK(statuses(true) == alone);
}
