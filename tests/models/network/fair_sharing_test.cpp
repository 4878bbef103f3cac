// Fair sharing against closed forms (tests/data/analytic-cases.json: maxmin-*, fluid-*) and against plain progressive filling.
#include <algorithm>
#include <cmath>
#include <map>

#include <doctest/doctest.h>

#include "models/network/fair_sharing.hpp"
#include "sim/kernel/chance.hpp"

using namespace georep;
using Channel = FairSharing::Channel;

namespace {

struct Demand {
  std::vector<Channel> route;
  double cap = FairSharing::unlimited;
  double weight = 1;
};

/// Rates by progressive filling over single flows: all levels rise together, a flow stops at its cap or at a full channel.
std::vector<double> progressive_filling(const std::vector<double>& capacities,
                                        const std::vector<Demand>& demands) {
  std::vector<double> left = capacities;
  std::vector<double> rates(demands.size(), -1);
  for (std::size_t fixed = 0; fixed < demands.size();) {
    std::vector<double> weight(capacities.size(), 0);
    for (std::size_t i = 0; i < demands.size(); ++i)
      if (rates[i] < 0)
        for (const Channel channel : demands[i].route) weight[channel] += demands[i].weight;
    double level = FairSharing::unlimited;
    for (std::size_t c = 0; c < capacities.size(); ++c)
      if (weight[c] > 0) level = std::min(level, left[c] / weight[c]);
    for (std::size_t i = 0; i < demands.size(); ++i)
      if (rates[i] < 0) level = std::min(level, demands[i].cap / demands[i].weight);
    std::vector<std::size_t> stopping;
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (rates[i] >= 0) continue;
      bool stops = demands[i].cap / demands[i].weight <= level * (1 + 1e-12);
      for (const Channel channel : demands[i].route)
        stops = stops || left[channel] / weight[channel] <= level * (1 + 1e-12);
      if (stops) stopping.push_back(i);
    }
    for (const std::size_t i : stopping) {
      rates[i] = level * demands[i].weight;
      for (const Channel channel : demands[i].route)
        left[channel] = std::max(0.0, left[channel] - rates[i]);
      ++fixed;
    }
  }
  return rates;
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

void check_rates(const std::vector<double>& capacities, const std::vector<Demand>& demands,
                 const std::vector<double>& expected) {
  FairSharing sharing;
  for (const double capacity : capacities) sharing.add_channel(capacity);
  std::vector<FairSharing::FlowId> flows;
  for (const Demand& demand : demands)
    flows.push_back(
        sharing.start(demand.route, 1'000'000'000, demand.cap, demand.weight, 0, Instant{}));
  for (std::size_t i = 0; i < demands.size(); ++i)
    CHECK(close(sharing.rate(flows[i], Instant{}), expected[i]));
}

/// Instants at which flows end, by their place in the list.
std::vector<double> ends(FairSharing& sharing, const std::vector<Demand>& demands,
                         const std::vector<double>& starts_s,
                         const std::vector<std::int64_t>& bytes) {
  std::vector<double> result(demands.size());
  std::vector<std::size_t> order(demands.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return starts_s[a] < starts_s[b]; });
  std::size_t next = 0;
  Instant now;
  std::vector<std::uint64_t> tags;
  while (next < order.size() || sharing.flows() > 0) {
    const Instant end = sharing.next_end(now);
    const Instant start = next < order.size()
                              ? Instant::at(Duration::from_seconds(starts_s[order[next]]))
                              : Instant::never();
    now = std::min(start, end);
    tags.clear();
    sharing.take_ended(now, tags);
    for (const std::uint64_t tag : tags) result[tag] = now.seconds();
    for (; next < order.size() && Instant::at(Duration::from_seconds(starts_s[order[next]])) == now;
         ++next) {
      const std::size_t i = order[next];
      sharing.start(demands[i].route, bytes[i], demands[i].cap, demands[i].weight, i, now);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("static shares are the known ones") {
  check_rates({1, 1, 1}, {{{0}}, {{0, 1}}, {{0}}, {{1}}, {{2}}},
              {1.0 / 3, 1.0 / 3, 1.0 / 3, 2.0 / 3, 1});
  check_rates({10, 10, 4}, {{{0, 1, 2}}, {{0}}, {{1}}, {{2}}, {{2}}},
              {4.0 / 3, 26.0 / 3, 26.0 / 3, 4.0 / 3, 4.0 / 3});
  check_rates({100, 40}, {{{0}, 30, 1}, {{0, 1}, FairSharing::unlimited, 2}, {{0, 1}}, {{1}, 5, 1}},
              {30, 70.0 / 3, 35.0 / 3, 5});
}

TEST_CASE("transfers over one link end when processor sharing says so") {
  FairSharing sharing;
  const Channel wan = sharing.add_channel(100e6 / 8);
  const auto result = ends(sharing, {{{wan}}, {{wan}}, {{wan}}}, {0, 2, 4},
                           {125'000'000, 37'500'000, 37'500'000});
  CHECK(result == std::vector<double>{16, 10, 12});
}

TEST_CASE("transfers over two links end at the known instants") {
  FairSharing sharing;
  const Channel ab = sharing.add_channel(80e6 / 8);
  const Channel bc = sharing.add_channel(50e6 / 8);
  const auto result = ends(sharing, {{{ab, bc}}, {{ab}}, {{bc}}, {{ab, bc}}}, {0, 1, 3, 5},
                           {75'000'000, 50'000'000, 25'000'000, 12'500'000});
  const std::vector<double> expected{18.4, 9.5, 13, 11};
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(std::abs(result[i] - expected[i]) <= 1.01e-9);
}

TEST_CASE("rates after any starts, ends, removals and changes are those of progressive filling") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Draw draw = Chance{seed, 0}.draw(2, Purpose::test, 0);
    FairSharing sharing;
    std::vector<double> capacities;
    const std::size_t channels = 2 + draw.uniform_below(7);
    for (std::size_t i = 0; i < channels; ++i) {
      capacities.push_back(static_cast<double>(1'000 + draw.uniform_below(9'000)));
      sharing.add_channel(capacities.back());
    }
    std::map<std::uint64_t, std::pair<Demand, FairSharing::FlowId>> active;
    Instant now;
    for (std::uint64_t step = 0; step < 40; ++step) {
      const std::uint64_t what = draw.uniform_below(10);
      if (what < 6 || active.empty()) {
        Demand demand;
        for (Channel c = 0; c < channels; ++c)
          if (draw.uniform_below(3) == 0) demand.route.push_back(c);
        if (demand.route.empty()) demand.route.push_back(0);
        if (draw.uniform_below(2) == 0) demand.cap = 100.0 * static_cast<double>(1 + draw.uniform_below(30));
        if (draw.uniform_below(3) == 0) demand.weight = static_cast<double>(1 + draw.uniform_below(4));
        const auto id = sharing.start(demand.route, 1 + static_cast<std::int64_t>(draw.uniform_below(50'000)),
                                      demand.cap, demand.weight, step, now);
        active[step] = {demand, id};
      } else if (what == 6) {
        sharing.remove(active.begin()->second.second, now);
        active.erase(active.begin());
      } else if (what == 7) {
        auto& [demand, id] = active.rbegin()->second;
        demand.cap = 50.0 * static_cast<double>(1 + draw.uniform_below(40));
        sharing.set_cap(id, demand.cap, now);
      } else if (what == 8) {
        const std::size_t channel = draw.uniform_below(channels);
        capacities[channel] = static_cast<double>(1'000 + draw.uniform_below(9'000));
        sharing.set_capacity(static_cast<Channel>(channel), capacities[channel], now);
      } else {
        now = std::min(sharing.next_end(now), now + 10_s);
        std::vector<std::uint64_t> tags;
        sharing.take_ended(now, tags);
        for (const std::uint64_t tag : tags) active.erase(tag);
      }
      std::vector<Demand> demands;
      for (const auto& [tag, flow] : active) demands.push_back(flow.first);
      const std::vector<double> expected = progressive_filling(capacities, demands);
      std::size_t i = 0;
      bool equal = true;
      for (const auto& [tag, flow] : active)
        equal = equal && close(sharing.rate(flow.second, now), expected[i++]);
      CHECK(equal);
      if (!equal) return;
    }
    CHECK(sharing.flows() == active.size());
  }
}

TEST_CASE("a channel carries exactly the bytes of the flows that ended on it") {
  FairSharing sharing;
  const Channel a = sharing.add_channel(1e6);
  const Channel b = sharing.add_channel(3e5);
  std::vector<Demand> demands;
  std::vector<double> starts;
  std::vector<std::int64_t> bytes;
  std::int64_t on_a = 0;
  std::int64_t on_b = 0;
  for (std::int64_t i = 0; i < 200; ++i) {
    demands.push_back(i % 3 == 0 ? Demand{{a}} : Demand{{a, b}});
    starts.push_back(0.1 * static_cast<double>(i % 37));
    bytes.push_back(1'000 + 977 * i);
    on_a += bytes.back();
    if (i % 3 != 0) on_b += bytes.back();
  }
  const auto result = ends(sharing, demands, starts, bytes);
  const double last = *std::max_element(result.begin(), result.end());
  const Instant end = Instant::at(Duration::from_seconds(last));
  CHECK(sharing.carried(a, end) == static_cast<double>(on_a));
  CHECK(sharing.carried(b, end) == static_cast<double>(on_b));
  CHECK(last >= static_cast<double>(on_a) / 1e6);
}

TEST_CASE("simultaneous ends come as one batch, in the order of the starts") {
  FairSharing sharing;
  const Channel channel = sharing.add_channel(1e6);
  for (std::uint64_t i = 0; i < 1000; ++i)
    sharing.start({channel}, 5'000, i % 2 == 0 ? FairSharing::unlimited : 5e5, 1, i, Instant{});
  const Instant end = sharing.next_end(Instant{});
  std::vector<std::uint64_t> tags;
  sharing.take_ended(end, tags);
  CHECK(end == Instant::at(5_s));
  REQUIRE(tags.size() == 1000);
  CHECK(std::is_sorted(tags.begin(), tags.end()));
}
