// Transfers and messages in a run: windows, slow start, degradation, jitter.
#include <functional>
#include <memory>

#include <doctest/doctest.h>

#include "models/network/network.hpp"

using namespace georep;

namespace {

NetworkSpec two_regions(Duration rtt) {
  NetworkSpec spec;
  for (const char* name : {"west", "east"}) {
    RegionSpec region;
    region.name = name;
    spec.regions.push_back(region);
  }
  LinkSpec link;
  link.ends = LinkBetween{{"west", "east"}};
  link.rtt = rtt;
  spec.links.push_back(link);
  return spec;
}

struct Running {
  explicit Running(const NetworkSpec& spec) : plan{compile_network(spec, {}, {})} {}

  Task<void> move(std::int64_t bytes) {
    TransferRequest request;
    request.from = RegionId{0};
    request.to = RegionId{1};
    request.bytes = bytes;
    outcome = co_await network.transfer(request);
    ended_at = simulation.now();
  }
  Instant run(std::int64_t bytes) {
    simulation.spawn(move(bytes));
    simulation.run();
    return ended_at;
  }

  NetworkPlan plan;
  Simulation simulation{1, 0};
  Network network{simulation, plan};
  TransferOutcome outcome = TransferOutcome::broken;
  Instant ended_at;
};

Task<void> at(Simulation& simulation, Duration when, std::function<void()> action) {
  co_await simulation.delay(when);
  action();
}

}  // namespace

TEST_CASE("nothing limits a transfer: it ends at the instant of its start") {
  Running running{two_regions(100_ms)};
  CHECK(running.run(1'000'000'000) == Instant{});
  CHECK(running.network.link_bytes(LinkId{0}) == 1e9);
  CHECK(running.network.egress_bytes(RegionId{0}) == 1e9);
}

TEST_CASE("a window of 4 MiB over 100 ms carries 335.54432 Mbps") {
  NetworkSpec spec = two_regions(100_ms);
  spec.bandwidth = 10_Gbps;
  spec.stream_window = 4_MiB;
  Running running{spec};
  CHECK(running.run(41'943'040) == Instant::at(1_s));
}

TEST_CASE("loss caps a stream by the law of Mathis") {
  NetworkSpec spec = two_regions(80_ms);
  spec.links[0].loss = Ratio{0.0001};
  Running running{spec};
  // 17 881 275.12232 bits a second (analytic case tcp-steady); 2 235 159.39029 bytes end in a second.
  CHECK(running.run(2'235'159) <= Instant::at(1_s));
  Running longer{spec};
  CHECK(longer.run(2'235'160) > Instant::at(1_s));
}

TEST_CASE("slow start doubles from ten segments each round trip until the stream has its share") {
  NetworkSpec spec = two_regions(100_ms);
  spec.slow_start = true;
  // 14 600 B and 29 200 B take a round trip each; the other 56 200 B fit the window of 58 400 B and leave at once.
  Running unlimited{spec};
  CHECK(unlimited.run(100'000).seconds() == doctest::Approx(0.2).epsilon(1e-8));
  // What fits the first window never waits.
  CHECK(Running{spec}.run(14'600) == Instant{});
  // With a share of 292 000 B a second the second round fills it, and the third is no quicker.
  spec.bandwidth = Bandwidth{292'000 * 8};
  Running limited{spec};
  CHECK(limited.run(100'000).seconds() == doctest::Approx(0.1 + 85'400.0 / 292'000).epsilon(1e-8));
}

TEST_CASE("a degraded link slows a transfer under way, and a restored one lets it go on") {
  NetworkSpec spec = two_regions(100_ms);
  spec.bandwidth = 80_Mbps;
  Running running{spec};
  running.simulation.spawn(at(running.simulation, 1_s, [&running] {
    running.network.degrade_link(RegionId{0}, RegionId{1}, 8_Mbps, std::nullopt, std::nullopt);
  }));
  running.simulation.spawn(at(running.simulation, 6_s, [&running] {
    running.network.restore_link_quality(RegionId{0}, RegionId{1});
  }));
  // 10 MB in the first second, 5 MB in the next five, the other 10 MB in one.
  CHECK(running.run(25'000'000) == Instant::at(7_s));
}

TEST_CASE("a link that is unlimited again lets what is left go at once") {
  Running running{two_regions(100_ms)};
  running.network.degrade_link(RegionId{0}, RegionId{1}, 8_Mbps, std::nullopt, std::nullopt);
  running.simulation.spawn(at(running.simulation, 1_s, [&running] {
    running.network.restore_link_quality(RegionId{0}, RegionId{1});
  }));
  CHECK(running.run(100'000'000) <= Instant::at(1_s + 1_ns));
}

TEST_CASE("a failed link breaks the transfers over it and no others") {
  NetworkSpec spec = two_regions(100_ms);
  spec.bandwidth = 8_Mbps;
  Running running{spec};
  running.simulation.spawn(at(running.simulation, 1_s, [&running] {
    running.network.fail_link(RegionId{1}, RegionId{0});
  }));
  CHECK(running.run(5'000'000) == Instant::at(1_s));
  CHECK(running.outcome == TransferOutcome::broken);
  CHECK(running.network.transfers() == 0);
  CHECK(running.network.link_bytes(LinkId{0}) == doctest::Approx(1e6));
}

TEST_CASE("jitter stays within its share and never reorders what one connection carries") {
  NetworkSpec spec = two_regions(100_ms);
  spec.jitter = Ratio{0.2};
  Running running{spec};
  Connection connection{name_hash("connection")};
  Instant last;
  Duration least = Duration::max();
  Duration most;
  for (int i = 0; i < 2'000; ++i) {
    Connection own{static_cast<std::uint64_t>(i)};
    const Instant arrival = running.network.arrival(own, RegionId{0}, RegionId{1}).at;
    least = std::min(least, arrival - Instant{});
    most = std::max(most, arrival - Instant{});
    const Instant in_order = running.network.arrival(connection, RegionId{0}, RegionId{1}).at;
    CHECK(in_order >= last);
    last = in_order;
  }
  CHECK(least >= 40_ms);
  CHECK(most <= 60_ms + 1_ns);
  CHECK(least < 41_ms);
  CHECK(most > 59_ms);
}

TEST_CASE("a transfer that outlasts all time is under way for as long as anybody looks") {
  NetworkSpec spec = two_regions(100_ms);
  spec.bandwidth = Bandwidth{1};
  Running running{spec};
  running.simulation.spawn(running.move(10'000'000'000));  // 2,535 years
  CHECK(running.simulation.run_through(Instant::at(36'500_d)) == RunEnd::horizon);
  CHECK(running.network.transfers() == 1);
  CHECK(running.network.link_bytes(LinkId{0}) == doctest::Approx(36'500 * 86'400.0 / 8));
  running.network.degrade_link(RegionId{0}, RegionId{1}, 80_Gbps, std::nullopt, std::nullopt);
  CHECK(running.simulation.run() == RunEnd::exhausted);
  CHECK(running.outcome == TransferOutcome::complete);
}

TEST_CASE("a transfer breaks off when its canceller goes, and leaves what it shared to the others at once") {
  NetworkSpec spec = two_regions(100_ms);
  spec.bandwidth = 8_Mbps;
  Running running{spec};
  auto canceller = std::make_unique<TransferCanceller>();
  TransferOutcome cancelled = TransferOutcome::complete;
  Instant cancelled_at;
  const auto move = [](Running& where, TransferCanceller* by, TransferOutcome& outcome, Instant& ended_at) -> Task<void> {
    TransferRequest request;
    request.from = RegionId{0};
    request.to = RegionId{1};
    request.bytes = 5'000'000;
    request.canceller = by;
    outcome = co_await where.network.transfer(request);
    ended_at = where.simulation.now();
  };
  running.simulation.spawn(move(running, canceller.get(), cancelled, cancelled_at));
  running.simulation.spawn(at(running.simulation, 1_s, [&canceller] { canceller.reset(); }));
  // Half of a megabyte in the first second, the rest alone.
  CHECK(running.run(2'000'000) == Instant::at(2_s + 500_ms));
  CHECK(running.outcome == TransferOutcome::complete);
  CHECK(cancelled == TransferOutcome::broken);
  CHECK(cancelled_at == Instant::at(1_s));
}
