// The round trips of push, pull and replication, to the nanosecond, by cases computed by hand.
#include <doctest/doctest.h>

#include "models/world/world.hpp"

using namespace georep;

namespace {

/// Two regions 100 ms apart, a registry with a replica in each, a host in each, and an image of one layer.
WorldSpec two_regions() {
  WorldSpec spec;
  spec.scenario = "two regions";
  spec.network.local_rtt = 2_ms;
  for (const char* name : {"west", "east"}) {
    RegionSpec region;
    region.name = name;
    spec.network.regions.push_back(region);
    HostSpec host;
    host.name = std::string{"host-"} + name;
    host.region = name;
    spec.hosts.push_back(host);
  }
  LinkSpec link;
  link.ends = LinkBetween{{"west", "east"}};
  link.rtt = 100_ms;
  spec.network.links.push_back(link);
  spec.registry.config_size = Bytes{0};
  spec.layers.push_back({"os", 10_MB});
  spec.layers.push_back({"app", 5_MB});
  ImageSpec image;
  image.name = "hello";
  image.content = LayeredImage{{LayerUse{std::string{"os"}}, LayerUse{std::string{"app"}}}};
  spec.images.push_back(image);
  return spec;
}

TimelineEntry at(Duration when, std::string name, Action action) {
  TimelineEntry entry;
  entry.at = when;
  entry.as = std::move(name);
  entry.action = std::move(action);
  return entry;
}

PushAction push(std::string image, std::string to, std::string on) {
  PushAction action;
  action.image = std::move(image);
  action.to = std::move(to);
  action.on = std::move(on);
  return action;
}

PullAction pull(std::string reference, std::string on) {
  PullAction action;
  action.reference = std::move(reference);
  action.on = std::move(on);
  return action;
}

}  // namespace

TEST_CASE("a push takes three round trips for its blobs and one for its manifest") {
  WorldSpec spec = two_regions();
  spec.timeline.push_back(at(0_s, "push", push("hello", "app:v1", "host-west")));
  const auto plan = compile(spec);
  REQUIRE(plan.has_value());
  World world{*plan};
  world.run();
  const OperationRecord& record = world.operations().at(0);
  CHECK(record.finished);
  CHECK_FALSE(record.error.has_value());
  CHECK(record.duration == 8_ms);
}

TEST_CASE("a pull takes one round trip for the manifest and one for the blobs") {
  WorldSpec spec = two_regions();
  spec.timeline.push_back(at(0_s, "push", push("hello", "app:v1", "host-west")));
  spec.timeline.push_back(at(1_s, "pull", pull("app:v1", "host-west")));
  spec.timeline.push_back(at(2_s, "again", pull("app:v1", "host-west")));
  const auto plan = compile(spec);
  World world{*plan};
  world.run();
  CHECK(world.operations().at(1).duration == 4_ms);
  CHECK(world.operations().at(2).duration == 2_ms);  // the host has the layers
}

TEST_CASE("a replica learns of a push after asking for its blobs and one latency") {
  // Committed at 7 ms; one round trip to ask (100 ms), one latency (50 ms): whole at 157 ms.
  WorldSpec spec = two_regions();
  spec.timeline.push_back(at(0_s, "push", push("hello", "app:v1", "host-west")));
  spec.timeline.push_back(at(155_ms, "too-early", pull("app:v1", "host-east")));
  spec.timeline.push_back(at(156_ms, "in-time", pull("app:v1", "host-east")));
  const auto plan = compile(spec);
  World world{*plan};
  std::vector<Instant> applied;
  world.facts().subscribe<TagApplied>([&](const TagApplied& fact) { applied.push_back(fact.at); });
  world.run();
  REQUIRE(applied.size() == 2);
  CHECK(applied[0] == Instant::at(7_ms));
  CHECK(applied[1] == Instant::at(157_ms));
  CHECK(world.operations().at(1).error == ErrorCode::manifest_unknown);
  CHECK_FALSE(world.operations().at(2).error.has_value());
}

TEST_CASE("bytes add their time at the bandwidth of the narrowest link") {
  WorldSpec spec = two_regions();
  spec.network.links[0].bandwidth = 1000_Mbps;  // 125 MB/s: 15 MB in 120 ms, shared by both blobs
  spec.registry.manifest_size = Bytes{125'000};  // 1 ms
  spec.timeline.push_back(at(0_s, "push", push("hello", "app:v1", "host-west")));
  const auto plan = compile(spec);
  World world{*plan};
  std::vector<Instant> applied;
  world.facts().subscribe<TagApplied>([&](const TagApplied& fact) { applied.push_back(fact.at); });
  world.run();
  // Asked 7 ms to 107 ms, bytes to 227 ms, the manifest's to 228 ms, then one latency.
  CHECK(applied.at(1) == Instant::at(278_ms));
}
