// Seconds that each transfer of the packet cases takes: a handshake, slow start, max-min shares, and the way of the last byte.
// usage: packets [most bytes]
#include <cstdio>
#include <cstdlib>

#include "models/network/network.hpp"
#include "tests/bench/packet_cases.hpp"

using namespace georep;

namespace {

NetworkPlan plan_of(const bench::PacketCase& one) {
  NetworkPlan plan;
  plan.slow_start = true;
  plan.stream_window = Bytes{bench::stream_window_bytes};
  for (int place = 0; place <= one.hops; ++place)
    plan.regions.push_back({std::to_string(place), Bandwidth::unlimited(), Bandwidth::unlimited(), std::nullopt});
  for (int hop = 0; hop < one.hops; ++hop)
    for (const auto& [from, to] : {std::pair{hop, hop + 1}, std::pair{hop + 1, hop}})
      plan.links.push_back({static_cast<RegionId>(from), static_cast<RegionId>(to),
                            Duration::nanoseconds(one.rtt_ns / one.hops),
                            Bandwidth{bench::bottleneck_bits_per_second}});
  return plan;
}

Task<void> move(Network& network, Simulation& simulation, const bench::PacketCase& one,
                std::size_t place) {
  TransferRequest request;
  request.from = static_cast<RegionId>(one.transfers[place].from);
  request.to = static_cast<RegionId>(one.transfers[place].to);
  request.bytes = one.bytes;
  const Duration round_trip = network.round_trip(request.from, request.to);
  co_await simulation.delay(round_trip);
  co_await network.transfer(request);
  co_await simulation.delay(Duration::nanoseconds(round_trip.count() / 2));
  std::printf("%s %.6f\n", one.name(place).c_str(), simulation.now().seconds());
}

}  // namespace

int main(int argc, char** argv) {
  for (const bench::PacketCase& one : bench::packet_cases(argc > 1 ? std::atoll(argv[1]) : 100'000'000)) {
    const NetworkPlan plan = plan_of(one);
    Simulation simulation;
    Network network{simulation, plan};
    for (std::size_t i = 0; i < one.transfers.size(); ++i)
      simulation.spawn(move(network, simulation, one, i));
    simulation.run();
  }
  return 0;
}
