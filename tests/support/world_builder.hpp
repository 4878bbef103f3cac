// Small worlds for tests, built without a file: two or more regions, hosts, images, and a timeline in verbs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "models/world/world.hpp"

namespace georep::test {

/// Regions with a host of the same name in each, all links alike, no bandwidth limits, 2 ms inside a region.
class WorldBuilder {
 public:
  explicit WorldBuilder(std::vector<std::string> regions, Duration rtt = 100_ms) {
    spec.scenario = "test";
    spec.network.local_rtt = 2_ms;
    spec.registry.config_size = 0_B;
    for (const std::string& name : regions) {
      RegionSpec region;
      region.name = name;
      spec.network.regions.push_back(region);
      add_host(name, name);
    }
    for (std::size_t a = 0; a < regions.size(); ++a)
      for (std::size_t b = a + 1; b < regions.size(); ++b) {
        LinkSpec link;
        link.ends = LinkBetween{{regions[a], regions[b]}};
        link.rtt = rtt;
        spec.network.links.push_back(link);
      }
    add_image("one", {10_MB});
    add_image("two", {20_MB});
  }

  HostSpec& add_host(std::string name, std::string region) {
    HostSpec host;
    host.name = std::move(name);
    host.region = std::move(region);
    spec.hosts.push_back(host);
    return spec.hosts.back();
  }
  void add_image(std::string name, std::vector<Bytes> layers) {
    ImageSpec image;
    image.name = std::move(name);
    LayeredImage layered;
    for (const Bytes layer : layers) layered.layers.emplace_back(layer);
    image.content = layered;
    spec.images.push_back(image);
  }

  WorldBuilder& push(Duration at, std::string image, std::string to, std::string on,
                     std::string name = {}) {
    PushAction action;
    action.image = std::move(image);
    action.to = std::move(to);
    action.on = std::move(on);
    return add(at, std::move(name), std::move(action));
  }
  WorldBuilder& pull(Duration at, std::string reference, std::string on, std::string name = {}) {
    PullAction action;
    action.reference = std::move(reference);
    action.on = std::move(on);
    return add(at, std::move(name), std::move(action));
  }
  WorldBuilder& add(Duration at, std::string name, Action action) {
    TimelineEntry entry;
    entry.at = at;
    entry.as = std::move(name);
    entry.action = std::move(action);
    spec.timeline.push_back(std::move(entry));
    return *this;
  }

  WorldSpec spec;
};

/// The plan of a world that is right; the test ends where it is not.
inline Plan compiled(const WorldSpec& spec) {
  auto plan = compile(spec);
  if (!plan) FAIL(plan.error().front().message);
  return *std::move(plan);
}

/// A world that was run once, with what its operations came to.
class RanWorld {
 public:
  explicit RanWorld(const WorldSpec& spec) : plan_{compiled(spec)}, world_{plan_} { world_.run(); }

  const OperationRecord& operation(const std::string& name) const {
    for (const OperationRecord& record : world_.operations())
      if (record.name == name) return record;
    FAIL("no operation ", name);
    return world_.operations().front();
  }
  /// The image that an operation got, or the code that it failed with.
  std::string outcome(const std::string& name) const {
    const OperationRecord& record = operation(name);
    if (!record.finished) return "unfinished";
    if (record.error) return std::string{text(*record.error)};
    return record.manifest == ManifestId::none ? "ok" : plan_.content.manifest(record.manifest).name;
  }
  Duration duration(const std::string& name) const { return operation(name).duration; }
  World& world() { return world_; }

 private:
  Plan plan_;
  World world_;
};

}  // namespace georep::test
