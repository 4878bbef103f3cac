// Fair sharing against plain progressive filling over single flows, for rates and, in an event loop of its own, for the ends of flows.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

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

/// Starts a flow over the channels of a demand.
FairSharing::FlowId start_flow(FairSharing& sharing, const Demand& demand, std::int64_t bytes,
                          std::uint64_t tag, Instant now) {
  std::vector<FairSharing::Hop> hops;
  for (const Channel channel : demand.route) hops.push_back({channel});
  return sharing.start(sharing.route(hops), bytes, demand.cap, demand.weight, tag, now);
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

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
      start_flow(sharing, demands[i], bytes[i], i, now);
    }
  }
  return result;
}

}  // namespace

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
        const auto id = start_flow(sharing, demand,
                              1 + static_cast<std::int64_t>(draw.uniform_below(50'000)), step, now);
        active[step] = {demand, id};
      } else if (what == 6) {
        sharing.remove(active.begin()->second.second, now);
        active.erase(active.begin());
      } else if (what == 7) {
        auto& [demand, id] = active.rbegin()->second;
        demand.cap = 50.0 * static_cast<double>(1 + draw.uniform_below(40));
        sharing.set_limits(id, demand.cap, demand.weight, now);
      } else if (what == 8) {
        const std::size_t channel = draw.uniform_below(channels);
        capacities[channel] = static_cast<double>(1'000 + draw.uniform_below(9'000));
        sharing.set_capacity(static_cast<Channel>(channel), capacities[channel]);
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
    start_flow(sharing, {{channel}, i % 2 == 0 ? FairSharing::unlimited : 5e5}, 5'000, i, Instant{});
  const Instant end = sharing.next_end(Instant{});
  std::vector<std::uint64_t> tags;
  sharing.take_ended(end, tags);
  CHECK(end == Instant::at(5_s));
  REQUIRE(tags.size() == 1000);
  CHECK(std::is_sorted(tags.begin(), tags.end()));
}

namespace {

/// Something that happens to the flows of a generated case, at an instant.
struct Step {
  enum class What { start, remove, limit, capacity } what = What::start;
  std::int64_t at_ns = 0;
  std::size_t flow = 0;
  Demand demand;  // start, and the new cap and weight of `limit`
  std::int64_t bytes = 0;
  Channel channel = 0;
  double capacity = 0;
};

struct Case {
  std::vector<double> capacities;
  std::vector<Step> steps;  // in order of time
  std::size_t flows = 0;
};

Case generate(std::uint64_t seed, double scale) {
  Draw draw = Chance{seed, 0}.draw(3, Purpose::test, 0);
  const auto real = [&draw](double least, double most) {
    return least + (most - least) * draw.uniform();
  };
  Case result;
  const std::size_t channels = 1 + draw.uniform_below(6);
  for (std::size_t i = 0; i < channels; ++i) result.capacities.push_back(scale * real(1e5, 1e7));
  // Few caps and weights, so that classes have several flows.
  const double caps[] = {FairSharing::unlimited, scale * real(1e4, 1e6), scale * real(1e4, 1e6)};
  const double weights[] = {1, 1, real(0.1, 10)};
  std::int64_t now_ns = 0;
  for (int i = 0; i < 60; ++i) {
    // Several things at one instant are common.
    if (draw.uniform_below(3) > 0) now_ns += static_cast<std::int64_t>(real(0, 3e8));
    Step step;
    step.at_ns = now_ns;
    const std::uint64_t kind = result.flows == 0 ? 0 : draw.uniform_below(10);
    step.demand.cap = caps[draw.uniform_below(3)];
    step.demand.weight = weights[draw.uniform_below(3)];
    if (kind < 7) {
      step.flow = result.flows++;
      for (Channel c = 0; c < channels; ++c)
        if (draw.uniform_below(3) == 0) step.demand.route.push_back(c);
      if (step.demand.route.empty()) step.demand.route.push_back(0);
      step.bytes = 1 + static_cast<std::int64_t>(scale * real(1, 2e6));
    } else {
      step.flow = draw.uniform_below(result.flows);
      step.what = kind == 7 ? Step::What::remove : kind == 8 ? Step::What::limit : Step::What::capacity;
      step.channel = static_cast<Channel>(draw.uniform_below(channels));
      step.capacity = scale * real(1e5, 1e7);
    }
    result.steps.push_back(step);
  }
  return result;
}

/// The ends in nanoseconds, 0 for removed flows, by moving every flow from one event to the next.
std::vector<std::int64_t> ends_by_hand(const Case& given) {
  struct Moving {
    Demand demand;
    long double left = 0;
    double rate = 0;
    bool active = false;
  };
  std::vector<Moving> flows(given.flows);
  std::vector<std::int64_t> ends(given.flows);
  std::vector<double> capacities = given.capacities;
  std::int64_t now = 0;
  for (std::size_t next = 0;;) {
    std::vector<Demand> demands;
    for (const Moving& flow : flows)
      if (flow.active) demands.push_back(flow.demand);
    const std::vector<double> rates = progressive_filling(capacities, demands);
    constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    std::int64_t then = next < given.steps.size() ? given.steps[next].at_ns : never;
    std::size_t i = 0;
    for (Moving& flow : flows) {
      if (!flow.active) continue;
      flow.rate = rates[i++];
      const long double ns = flow.left / static_cast<long double>(flow.rate) * 1e9L;
      then = std::min(then, now + static_cast<std::int64_t>(std::ceil(ns - 1e-3L)));
    }
    if (then == never) return ends;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      Moving& flow = flows[f];
      if (!flow.active) continue;
      const long double rate = static_cast<long double>(flow.rate);
      flow.left -= rate * static_cast<long double>(then - now) / 1e9L;
      if (flow.left > rate * 1e-12L + 1e-6L) continue;
      flow.active = false;
      ends[f] = then;
    }
    now = then;
    for (; next < given.steps.size() && given.steps[next].at_ns == now; ++next) {
      const Step& step = given.steps[next];
      Moving& flow = flows[step.flow];
      switch (step.what) {
        case Step::What::start:
          flow.demand = step.demand;
          flow.left = static_cast<long double>(step.bytes);
          flow.active = true;
          break;
        case Step::What::remove: flow.active = false; break;
        case Step::What::limit:
          flow.demand.cap = step.demand.cap;
          flow.demand.weight = step.demand.weight;
          break;
        case Step::What::capacity: capacities[step.channel] = step.capacity; break;
      }
    }
  }
}

/// The same by fair sharing.
std::vector<std::int64_t> ends_by_sharing(const Case& given, FairSharing& sharing) {
  std::vector<std::int64_t> ends(given.flows);
  std::vector<std::optional<FairSharing::FlowId>> flows(given.flows);
  std::vector<std::uint64_t> tags;
  Instant now;
  for (std::size_t next = 0;;) {
    Instant then = sharing.next_end(now);
    if (next < given.steps.size())
      then = std::min(then, Instant::at(Duration::nanoseconds(given.steps[next].at_ns)));
    if (then == Instant::never()) return ends;
    now = then;
    tags.clear();
    sharing.take_ended(now, tags);
    for (const std::uint64_t tag : tags) {
      ends[tag] = now.count();
      flows[tag].reset();
    }
    for (; next < given.steps.size() && given.steps[next].at_ns == now.count(); ++next) {
      const Step& step = given.steps[next];
      auto& flow = flows[step.flow];
      if (step.what == Step::What::start)
        flow = start_flow(sharing, step.demand, step.bytes, step.flow, now);
      if (step.what == Step::What::capacity) sharing.set_capacity(step.channel, step.capacity);
      if (step.what == Step::What::limit && flow)
        sharing.set_limits(*flow, step.demand.cap, step.demand.weight, now);
      if (step.what == Step::What::remove && flow) {
        sharing.remove(*flow, now);
        flow.reset();
      }
    }
  }
}

void check_ends(double scale) {
  std::size_t ended = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Case given = generate(seed, scale);
    FairSharing sharing;
    for (const double capacity : given.capacities) sharing.add_channel(capacity);
    const auto ends = ends_by_sharing(given, sharing);
    const auto expected = ends_by_hand(given);
    bool equal = true;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto bound = std::max<std::int64_t>(1, expected[i] / 1'000'000'000);
      equal = equal && std::abs(ends[i] - expected[i]) <= bound;
      ended += ends[i] > 0;
    }
    CHECK_MESSAGE(equal, "seed " << seed);
    // The same again after a reset: nothing of the first run is left.
    sharing.reset();
    CHECK(ends_by_sharing(given, sharing) == ends);
  }
  CHECK(ended > 5'000);
}

}  // namespace

TEST_CASE("flows end when an event loop over single flows says so, to the nanosecond") { check_ends(1); }

TEST_CASE("flows of terabytes, over which clocks are set back again and again, end when they should") {
  check_ends(1e6);
}

TEST_CASE("classes that have come and gone by the thousand leave nothing behind") {
  FairSharing sharing;
  const Channel channel = sharing.add_channel(1e9);
  Instant now;
  std::vector<std::uint64_t> tags;
  // Each flow has a cap of its own, so that each is a class of its own; ten at a time.
  for (std::uint64_t i = 0; i < 30'000; ++i) {
    start_flow(sharing, {{channel}, 1e6 + static_cast<double>(i)}, 1'000'000, i, now);
    if (i % 10 != 9) continue;
    while (sharing.flows() > 0) {
      now = sharing.next_end(now);
      sharing.take_ended(now, tags);
    }
  }
  CHECK(tags.size() == 30'000);
  CHECK(sharing.carried(channel, now) == 3e10);
  // Alone at its cap, each batch takes as long as its slowest flow.
  double seconds = 0;
  for (std::uint64_t i = 0; i < 30'000; i += 10) seconds += 1e6 / (1e6 + static_cast<double>(i));
  CHECK(now.seconds() == doctest::Approx(seconds).epsilon(1e-9));
}
