// Scenarios of two regions, a cache and a few operations, generated at random on a scale of nanoseconds, so that every boundary of time is met: times to
// live, skewed stamps, bounds on durations, delays within bounds. What they expect is drawn from a list. A statement draws once at most, for
// compilers differ in what of it they evaluate first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/support/tiny_scenarios.hpp"

namespace georep::test {

class SmallWorld {
 public:
  /// `expectations`: what may be expected, each an item of `expect:`. A # in them stands for some nanoseconds.
  SmallWorld(std::uint64_t seed, std::span<const std::string> expectations) : random_{seed}, seed_{seed} {
    head();
    timeline();
    uncertainty();
    text_ += "expect:\n";
    for (std::int64_t i = 0; i < 2; ++i) expect(pick(expectations));
  }
  const std::string& text() const { return text_; }

 private:
  std::string nanoseconds(std::int64_t below) { return std::to_string(random_.below(below)) + " ns"; }
  bool chance(std::int64_t in) { return random_.below(in) == 0; }
  std::string pick(std::span<const std::string> from) {
    return from[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(from.size())))];
  }

  void head() {
    const std::vector<std::string> orders{"[manifest, tag, blobs, notify]", "[blobs, manifest, tag, invalidate, notify]",
                                          "[blobs, manifest, tag, notify]", "[manifest, tag, invalidate, blobs]"};
    text_ = "version: 1\nscenario: small\n";
    if (chance(4)) text_ += "warmup: " + std::to_string(15 + random_.below(30)) + " ns\n";
    text_ += "network:\n  local_rtt: 2 ns\n  regions: {west: {}, east: {}}\n"
            "  links: [{between: [west, east], rtt: 8 ns}]\nregistry:\n  config_size: 0 B\n  manifest_size: 0 B\n"
            "  replication: {order: ";
    text_ += pick(orders);
    text_ += chance(2) ? ", apply: arrival-order}\n" : ", apply: last-writer-wins}\n";
    if (chance(2)) text_ += "  storage: {servers: 2, service_time: 3 ns}\n";
    if (!chance(4)) {
      text_ += "  manifest_cache: {ttl: " + std::to_string(4 + random_.below(24)) + " ns, fill: ";
      text_ += chance(2) ? "leased" : "unguarded";
      text_ += chance(3) ? ", negative_ttl: 6 ns" : "";
      text_ += chance(6) ? ", scope: registry}\n" : "}\n";
      if (seed_ % 4 == 0) text_ += "  parent_cache: {ttl: " + std::to_string(6 + seed_ % 29) + " ns, negative_ttl: 4 ns}\n";
    }
    if (chance(3)) text_ += "  clock_skew: {east: -" + nanoseconds(20) + "}\n";
    if (chance(4)) text_ += "  missing_blobs: manifest-unknown\n";
    if (chance(6)) text_ += "  missing_blobs: fetch-from-origin\n";
    if (const std::size_t twice = text_.find("missing_blobs"); text_.find("missing_blobs", twice + 1) != text_.npos)
      text_.erase(text_.find("  missing_blobs: manifest-unknown\n"), 34);
    text_ += "images: {old: [1 B], new: [2 B]}\nclusters: {web: {region: east, nodes: 1, pull_policy: always}}\n"
             "webhooks: [{name: arrivals, region: east, events: [push]}]\n"
             "hosts: {dev: {region: west}, ops: {region: east}, reader: {region: east}}\n";
  }

  void timeline() {
    const std::vector<std::string> changes{
        "push: new, to: \"app:v1\", on: dev",   "push: new, to: \"app:v1\", on: ops",
        "untag: \"app:v1\", on: dev",           "delete: \"app@old\", on: dev",
        "push: old, to: \"app:v1\", on: reader", "untag: \"app:v1\", on: ops"};
    text_ += "timeline:\n  - {at: 0 ns, push: old, to: \"app:v1\", on: dev}\n  - {at: ";
    text_ += std::to_string(20 + random_.below(20)) + " ns, ";
    text_ += pick(changes) + ", as: change}\n  - {at: ";
    text_ += std::to_string(15 + random_.below(30)) + " ns, pull: \"app:v1\", on: reader, as: pull}\n";
    if (chance(2)) text_ += "  - {at: 45 ns, pull: \"app:v1\", on: reader, as: again}\n";
    if (chance(3)) change_conditions();
    // Nodes try for ever to get a tag that is gone.
    if (text_.find("untag") == text_.npos && text_.find("delete") == text_.npos && chance(2))
      text_ += "  - {at: 30 ns, deploy: \"app:v1\", to: web}\n";
  }

  void change_conditions() {
    const std::vector<std::string> changes{"fail: {link: [west, east]}, for: 9 ns",
                                           "fail: {region: east}, for: 8 ns",
                                           "fail: {replica: east}, for: 8 ns",
                                           "fail: {replica: east}, for: 20 ns",
                                           "fail: {replica: west}, for: 12 ns",
                                           "remove_replica: east",
                                           "fail: {replication: east}, for: 12 ns",
                                           "fail: {webhook: arrivals}, for: 10 ns",
                                           "degrade: {link: [west, east], rtt: 14 ns}, for: 12 ns",
                                           "degrade: {link: [west, east], rtt: 2 ns}",
                                           "set: {registry.replication.start_delay: 5 ns}",
                                           "set: {registry.replication.apply: arrival-order}",
                                           "set: {registry.missing_blobs: manifest-unknown}",
                                           "set: {network.local_rtt: 4 ns}"};
    text_ += "  - {at: " + std::to_string(random_.below(45)) + " ns, ";
    text_ += pick(changes) + "}\n";
  }

  void uncertainty() {
    text_ += "uncertainty:\n  ties: true\n";
    const std::int64_t first = 15 + random_.below(20);
    text_ += chance(2) ? "  at: {pull: [" : "  at: {change: [";
    text_ += std::to_string(first) + " ns, " + std::to_string(first + random_.below(16)) + " ns]}\n";
    if (chance(2)) text_ += "  start_delay: [0 ns, " + std::to_string(1 + random_.below(4)) + " ns]\n";
    if (chance(4)) text_ += "  storage: [1 ns, 3 ns]\n";
    if (chance(5)) text_ += "  faults: {at_most: 1, of: [lost-invalidation, reordered-delivery]}\n";
  }

  void expect(std::string item) {
    for (std::size_t at = item.find('#'); at != item.npos; at = item.find('#'))
      item.replace(at, 1, std::to_string(1 + random_.below(40)) + " ns");
    text_ += "  - {" + item + "}\n";
  }

  SmallRandom random_;
  std::uint64_t seed_;
  std::string text_;
};

}  // namespace georep::test
