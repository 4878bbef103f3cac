// Routes of least latency, against every simple way of small random networks.
#include <algorithm>
#include <functional>
#include <tuple>

#include <doctest/doctest.h>

#include "models/network/topology.hpp"
#include "sim/kernel/chance.hpp"

using namespace georep;

namespace {

struct Generated {
  NetworkPlan plan;
  std::vector<Duration> rtt;
  std::vector<bool> down;
};

Generated generate(std::uint64_t seed) {
  Draw draw = Chance{seed, 0}.draw(1, Purpose::test, 0);
  Generated result;
  const std::size_t regions = 3 + draw.uniform_below(4);
  for (std::size_t i = 0; i < regions; ++i)
    result.plan.regions.push_back({std::string(1, static_cast<char>('a' + i)),
                                   Bandwidth::unlimited(), Bandwidth::unlimited(), {}});
  for (std::size_t a = 0; a < regions; ++a)
    for (std::size_t b = 0; b < regions; ++b) {
      if (a == b || draw.uniform_below(3) == 0) continue;
      // Few different latencies, so that ties are common.
      const Duration rtt = 10_ms * static_cast<std::int64_t>(1 + draw.uniform_below(3));
      result.plan.links.push_back({static_cast<RegionId>(a), static_cast<RegionId>(b), rtt,
                                   Bandwidth::unlimited()});
      result.rtt.push_back(rtt);
      result.down.push_back(draw.uniform_below(4) == 0);
    }
  return result;
}

/// The best way by trying all of them.
std::vector<LinkId> best_way(const Generated& network, RegionId from, RegionId to) {
  using Key = std::tuple<Duration, std::size_t, std::vector<std::string>>;
  std::optional<std::pair<Key, std::vector<LinkId>>> best;
  std::vector<LinkId> links;
  std::vector<std::string> names;
  std::vector<bool> seen(network.plan.regions.size());
  const std::function<void(RegionId, Duration)> walk = [&](RegionId at, Duration latency) {
    if (at == to) {
      const Key key{latency, links.size(), names};
      if (!best || key < best->first) best = {key, links};
      return;
    }
    seen[index(at)] = true;
    for (std::size_t i = 0; i < network.plan.links.size(); ++i) {
      const auto& link = network.plan.links[i];
      if (link.from != at || network.down[i] || seen[index(link.to)]) continue;
      links.push_back(static_cast<LinkId>(i));
      names.push_back(network.plan.regions[index(link.to)].name);
      walk(link.to, latency + network.rtt[i]);
      links.pop_back();
      names.pop_back();
    }
    seen[index(at)] = false;
  };
  walk(from, Duration{});
  return best ? best->second : std::vector<LinkId>{};
}

}  // namespace

TEST_CASE("a route is the direct link, or else the best of all ways by latency, hops and names") {
  int by_way = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Generated network = generate(seed);
    for (std::size_t a = 0; a < network.plan.regions.size(); ++a)
      for (std::size_t b = 0; b < network.plan.regions.size(); ++b) {
        if (a == b) continue;
        const auto from = static_cast<RegionId>(a);
        const auto to = static_cast<RegionId>(b);
        const auto route =
            least_latency_route(network.plan, network.rtt, network.down, from, to);
        const auto direct = network.plan.direct(from, to);
        if (direct && !network.down[index(*direct)]) {
          CHECK(route == std::vector<LinkId>{*direct});
        } else {
          CHECK(route == best_way(network, from, to));
          by_way += route.size() > 1;
        }
      }
  }
  CHECK(by_way > 100);
}
