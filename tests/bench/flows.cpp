// Wide-area transfers through the public API, by SimGrid's rule CM02.
// usage: flows steady REGIONS SLOTS COMPLETIONS [WARM]   slots that pause, then move bytes between two regions, over and over
//        flows differing …                               the same, where each slot has a cap of its own
//        flows burst REGIONS IMAGES                      each image leaves one region for all others at once
#include <cstdlib>
#include <string>

#include "models/network/network.hpp"
#include "tests/bench/flows_workload.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

namespace {

NetworkPlan plan_of(const bench::Platform& platform, std::uint64_t capped_slots) {
  NetworkPlan plan;
  plan.model = NetworkModel::cm02;
  for (int region = 0; region < platform.regions; ++region) {
    const auto place = static_cast<std::size_t>(region);
    plan.regions.push_back({std::to_string(region), Bandwidth{platform.egress[place]},
                            Bandwidth{platform.ingress[place]}, std::nullopt});
  }
  for (int from = 0; from < platform.regions; ++from)
    for (int to = 0; to < platform.regions; ++to) {
      if (from == to) continue;
      const std::size_t pair = platform.pair(from, to);
      plan.links.push_back({static_cast<RegionId>(from), static_cast<RegionId>(to),
                            Duration::nanoseconds(2 * platform.latency_ns[pair]),
                            Bandwidth{platform.link[pair]}});
    }
  for (std::uint64_t slot = 0; slot < capped_slots; ++slot)
    plan.lines.push_back(Bandwidth{bench::cap_of_slot(slot)});
  return plan;
}

class Bench {
 public:
  Bench(int regions, std::uint64_t capped_slots)
      : platform_{regions}, plan_{plan_of(platform_, capped_slots)} {}

  void steady(std::uint64_t slots, std::uint64_t completions, std::uint64_t warm) {
    warm_ = warm;
    wanted_ = warm + completions;
    for (std::uint64_t slot = 0; slot < slots; ++slot) simulation_.spawn(repeat(slot));
    simulation_.run();
    report(completions);
  }

  void burst(int images) {
    started_ = bench::Clock::now();
    for (int image = 0; image < images; ++image)
      for (const std::int64_t bytes : bench::image_layers(image))
        for (int to = 0; to < platform_.regions; ++to)
          if (to != image % platform_.regions)
            simulation_.spawn(move(image % platform_.regions, to, bytes, wanted_++));
    simulation_.run();
    report(wanted_);
  }

 private:
  Task<void> repeat(std::uint64_t slot) {
    for (std::uint64_t k = 0;; ++k) {
      const auto planned = bench::planned_transfer(platform_.regions, slot, k);
      const TransferRequest request = request_of(planned.from, planned.to, planned.bytes, slot);
      co_await simulation_.delay(Duration::nanoseconds(planned.think_ns));
      co_await simulation_.until(arrival(request));
      co_await network_.transfer(request);
      count();
    }
  }

  Task<void> move(int from, int to, std::int64_t bytes, std::uint64_t name) {
    const TransferRequest request = request_of(from, to, bytes, name);
    co_await simulation_.until(arrival(request));
    co_await network_.transfer(request);
    count();
  }

  TransferRequest request_of(int from, int to, std::int64_t bytes, std::uint64_t name) const {
    TransferRequest request;
    request.from = static_cast<RegionId>(from);
    request.to = static_cast<RegionId>(to);
    request.bytes = bytes;
    request.name = name;
    if (!plan_.lines.empty()) request.upload = static_cast<LineId>(name);
    return request;
  }

  Deadline arrival(const TransferRequest& request) {
    Connection connection{request.name};
    return network_.arrival(connection, request.from, request.to);
  }

  void count() {
    if (done_ == warm_ && warm_ > 0) started_ = bench::Clock::now();
    if (++done_ == wanted_) simulation_.stop();
  }

  void report(std::uint64_t flows) const {
    const double seconds = bench::seconds_since(started_);
    std::printf("flows_per_s %.1f seconds %.4f sim_end %.6f peak_mb %.1f\n",
                static_cast<double>(flows) / seconds, seconds, simulation_.now().seconds(),
                bench::peak_megabytes());
    std::fflush(stdout);
    std::_Exit(0);  // tearing thousands of processes down is not what is measured
  }

  bench::Platform platform_;
  NetworkPlan plan_;
  Simulation simulation_;
  Network network_{simulation_, plan_};
  bench::Clock::time_point started_;
  std::uint64_t warm_ = 0;
  std::uint64_t wanted_ = 0;
  std::uint64_t done_ = 0;
};

std::uint64_t number(int argc, char** argv, int place, std::uint64_t otherwise) {
  return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string form = argc > 1 ? argv[1] : "steady";
  const std::uint64_t count = number(argc, argv, 3, 100);
  Bench bench{static_cast<int>(number(argc, argv, 2, 60)), form == "differing" ? count : 0};
  if (form == "burst") {
    bench.burst(static_cast<int>(count));
  } else {
    bench.steady(count, number(argc, argv, 4, 20'000), number(argc, argv, 5, count));
  }
  return 0;
}
