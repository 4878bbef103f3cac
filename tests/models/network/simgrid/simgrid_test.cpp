// The models `cm02` and `lv08` against SimGrid itself, on generated stars, meshes, sparse networks with routes of several hops, with capped
// streams, hosts' own lines and weights that follow from the latencies. usage: simgrid_tests cm02|lv08 [CASES]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "models/network/network.hpp"
#include "sim/kernel/elementary.hpp"
#include "tests/models/network/simgrid/flow_case.hpp"

using namespace georep;

namespace {

struct PlannedFlow {
  std::int64_t start_ns = 0;
  TransferRequest request;
};

struct Generated {
  NetworkPlan plan;
  std::vector<PlannedFlow> flows;
};

class Generator {
 public:
  Generator(NetworkModel model, std::uint64_t seed)
      : draw_{Chance{seed, 0}.draw(4, Purpose::test, 0)} {
    result_.plan.model = model;
  }

  Generated generate() {
    regions();
    switch (below(3)) {
      case 0: star(); break;
      case 1: mesh(); break;
      default: sparse();
    }
    if (below(3) == 0) result_.plan.stream_window = Bytes{static_cast<std::int64_t>(between(1e4, 1e7))};
    const std::size_t flows = 2 + below(18);
    for (std::size_t i = 0; i < flows; ++i) flow(i);
    return result_;
  }

 private:
  std::size_t below(std::size_t bound) { return draw_.uniform_below(bound); }
  double between(double least, double most) {
    return least * elementary::exp(elementary::log(most / least) * draw_.uniform());
  }
  Bandwidth bandwidth() { return Bandwidth{static_cast<std::int64_t>(between(1e6, 1e10))}; }
  Duration rtt() {
    return below(20) == 0 ? Duration{}
                          : Duration::nanoseconds(2 * static_cast<std::int64_t>(between(1e5, 2e8)));
  }

  void regions() {
    const std::size_t count = 2 + below(6);
    const bool access = below(4) > 0;
    for (std::size_t i = 0; i < count; ++i)
      result_.plan.regions.push_back({std::string(1, static_cast<char>('a' + i)),
                                      access ? bandwidth() : Bandwidth::unlimited(),
                                      access ? bandwidth() : Bandwidth::unlimited(),
                                      std::nullopt});
  }
  std::size_t count() const { return result_.plan.regions.size(); }
  void link(std::size_t from, std::size_t to, Bandwidth capacity, Duration round_trip) {
    result_.plan.links.push_back(
        {static_cast<RegionId>(from), static_cast<RegionId>(to), round_trip, capacity});
  }
  // Access links alone limit.
  void star() {
    for (auto& region : result_.plan.regions) {
      region.egress = bandwidth();
      region.ingress = bandwidth();
    }
    for (std::size_t a = 0; a < count(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const Duration round_trip = rtt();
        link(a, b, Bandwidth::unlimited(), round_trip);
        link(b, a, Bandwidth::unlimited(), round_trip);
      }
  }
  void mesh() {
    for (std::size_t a = 0; a < count(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const Duration round_trip = rtt();
        link(a, b, bandwidth(), round_trip);
        link(b, a, bandwidth(), round_trip);
      }
  }
  // A tree and a few links more, so that most ways have several hops.
  void sparse() {
    for (std::size_t a = 1; a < count(); ++a) {
      const std::size_t b = below(a);
      const Duration round_trip = rtt();
      link(a, b, bandwidth(), round_trip);
      link(b, a, bandwidth(), round_trip);
    }
  }

  void flow(std::size_t number) {
    PlannedFlow flow;
    // Some start together.
    if (below(3) > 0) last_start_ns_ += static_cast<std::int64_t>(between(1e5, 2e9));
    flow.start_ns = last_start_ns_;
    const std::size_t from = below(count());
    std::size_t to = below(count() - 1);
    if (to >= from) ++to;
    flow.request.from = static_cast<RegionId>(from);
    flow.request.to = static_cast<RegionId>(to);
    flow.request.bytes = static_cast<std::int64_t>(between(1e3, 1e9));
    flow.request.name = number;
    if (below(4) == 0) flow.request.upload = line(uploads_);
    if (below(4) == 0) flow.request.download = line(downloads_);
    result_.flows.push_back(flow);
  }
  // Some hosts move several things at once.
  LineId line(std::vector<LineId>& known) {
    if (known.empty() || below(2) == 0) known.push_back(result_.plan.add_line(bandwidth()));
    return known[below(known.size())];
  }

  Draw draw_;
  Generated result_;
  std::vector<LineId> uploads_;
  std::vector<LineId> downloads_;
  std::int64_t last_start_ns_ = 0;
};

// ---- For SimGrid -------------------------------------------------------------------------------------------------

/// The channels of a plan, as SimGrid has them: one link each. An unlimited one has far more bandwidth than anybody asks for.
class Translation {
 public:
  explicit Translation(const Generated& given) : given_{given} {
    for (const auto& link : given.plan.links) {
      rtt_.push_back(link.rtt);
      add(link.bandwidth, link.rtt.seconds() / 2);
    }
    for (const auto& region : given.plan.regions) add(region.egress, 0);
    for (const auto& region : given.plan.regions) add(region.ingress, 0);
    for (const Bandwidth line : given.plan.lines) add(line, 0);
    down_.resize(given.plan.links.size());
    for (const PlannedFlow& flow : given.flows) add_flow(flow);
  }
  const test::FlowCase& result() const { return result_; }

 private:
  void add(Bandwidth bandwidth, double latency_s) {
    const double most = 1e17;
    result_.channels.push_back(
        {bandwidth.is_unlimited() ? most : static_cast<double>(bandwidth.bits_per_second) / 8,
         latency_s});
  }
  std::vector<std::size_t> way(RegionId from, RegionId to) {
    std::vector<std::size_t> result;
    const std::size_t links = given_.plan.links.size();
    latency_s_ = 0;
    for (const LinkId link : least_latency_route(given_.plan, rtt_, down_, from, to)) {
      result.push_back(index(link));
      latency_s_ += rtt_[index(link)].seconds() / 2;
    }
    result.push_back(links + index(from));
    result.push_back(links + given_.plan.regions.size() + index(to));
    return result;
  }
  void add_flow(const PlannedFlow& planned) {
    test::FlowCase::Flow flow;
    flow.start_s = static_cast<double>(planned.start_ns) / 1e9;
    flow.bytes = planned.request.bytes;
    const std::size_t lines = given_.plan.links.size() + 2 * given_.plan.regions.size();
    flow.back = way(planned.request.to, planned.request.from);
    flow.route = way(planned.request.from, planned.request.to);
    for (const LineId line : {planned.request.upload, planned.request.download})
      if (line != LineId::none) flow.route.push_back(lines + index(line));
    if (given_.plan.stream_window && latency_s_ > 0)
      flow.most_bytes_per_second =
          static_cast<double>(given_.plan.stream_window->count) / (2 * latency_s_);
    result_.flows.push_back(flow);
  }

  const Generated& given_;
  std::vector<Duration> rtt_;
  std::vector<bool> down_;
  double latency_s_ = 0;  // of the way found last
  test::FlowCase result_;
};

// ---- By georep ---------------------------------------------------------------------------------------------------

/// As SimGrid has it: the latency first, then the bytes.
Task<void> move(Simulation& simulation, Network& network, PlannedFlow flow, double& end) {
  co_await simulation.until(Instant::at(Duration::nanoseconds(flow.start_ns)));
  Connection connection{flow.request.name};
  co_await simulation.until(network.arrival(connection, flow.request.from, flow.request.to));
  co_await network.transfer(flow.request);
  end = simulation.now().seconds();
}

std::vector<double> georep_ends(const Generated& given) {
  Simulation simulation;
  Network network{simulation, given.plan};
  std::vector<double> ends(given.flows.size());
  for (std::size_t i = 0; i < given.flows.size(); ++i)
    simulation.spawn(move(simulation, network, given.flows[i], ends[i]));
  simulation.run();
  return ends;
}

}  // namespace

int main(int argc, char** argv) {
  const bool lv08 = argc > 1 && std::string{argv[1]} == "lv08";
  const std::uint64_t count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'200;
  std::vector<Generated> generated;
  std::vector<test::FlowCase> cases;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    generated.push_back(Generator{lv08 ? NetworkModel::lv08 : NetworkModel::cm02, seed}.generate());
    cases.push_back(Translation{generated.back()}.result());
  }
  const auto expected = test::simgrid_ends(
      cases, {lv08 ? "--cfg=network/model:LV08" : "--cfg=network/model:CM02",
              lv08 ? "--cfg=network/crosstraffic:1" : "--cfg=network/crosstraffic:0",
              // By its lazy update, SimGrid 3.32 now and then lets flows that start at one instant take more than a channel has.
              "--cfg=network/optim:Full", "--cfg=surf/precision:1e-9",
              "--cfg=maxmin/precision:1e-9", "--log=root.thres:error"});
  std::size_t flows = 0;
  std::size_t differing = 0;
  double worst = 0;
  for (std::size_t i = 0; i < generated.size(); ++i) {
    const std::vector<double> ends = georep_ends(generated[i]);
    for (std::size_t f = 0; f < ends.size(); ++f) {
      ++flows;
      const double took = expected[i][f] - cases[i].flows[f].start_s;
      // Ours ends on a whole nanosecond, and so did each that it shared with.
      const double apart = std::max(0.0, std::abs(ends[f] - expected[i][f]) - 3e-9) / took;
      worst = std::max(worst, apart);
      if (apart <= 1e-6) continue;
      if (++differing <= 10)
        std::printf("case %zu flow %zu: georep ends it at %.9f s, SimGrid at %.9f s\n", i + 1, f,
                    ends[f], expected[i][f]);
    }
  }
  std::printf("%zu cases, %zu flows, %zu differ; the furthest by %.2g of the time it took\n",
              generated.size(), flows, differing, worst);
  return differing == 0 ? 0 : 1;
}
