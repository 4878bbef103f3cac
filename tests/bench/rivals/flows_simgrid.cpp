// Wide-area transfers as SimGrid actors, by its model CM02 without cross traffic: one actor for each slot, or one that starts every transfer of a
// burst.
// usage: flows_simgrid steady REGIONS SLOTS COMPLETIONS [WARM] | burst REGIONS IMAGES
#include <cstdlib>
#include <string>

#include <simgrid/s4u.hpp>

#include "tests/bench/flows_workload.hpp"
#include "tests/bench/increments.hpp"

namespace sg4 = simgrid::s4u;

namespace {

using Place = std::size_t;

double bytes_per_second(std::int64_t bits) { return static_cast<double>(bits) / 8; }

std::vector<sg4::Host*> build(const bench::Platform& platform) {
  auto* zone = sg4::create_full_zone("wan");
  std::vector<sg4::Host*> hosts;
  std::vector<sg4::Link*> out;
  std::vector<sg4::Link*> in;
  const auto link = [zone](const std::string& name, std::int64_t bits, std::int64_t latency_ns) {
    auto* result = zone->create_link(name, bytes_per_second(bits));
    result->set_latency(static_cast<double>(latency_ns) / 1e9)->seal();
    return result;
  };
  for (int region = 0; region < platform.regions; ++region) {
    const std::string name = std::to_string(region);
    hosts.push_back(zone->create_host("region" + name, 1e9));
    out.push_back(link("out" + name, platform.egress[static_cast<Place>(region)], 0));
    in.push_back(link("in" + name, platform.ingress[static_cast<Place>(region)], 0));
  }
  for (int from = 0; from < platform.regions; ++from)
    for (int to = 0; to < platform.regions; ++to) {
      if (from == to) continue;
      const Place pair = platform.pair(from, to);
      auto* way = link(std::to_string(from) + "-" + std::to_string(to), platform.link[pair],
                       platform.latency_ns[pair]);
      std::vector<sg4::LinkInRoute> route;
      route.emplace_back(out[static_cast<Place>(from)]);
      route.emplace_back(way);
      route.emplace_back(in[static_cast<Place>(to)]);
      zone->add_route(hosts[static_cast<Place>(from)]->get_netpoint(),
                      hosts[static_cast<Place>(to)]->get_netpoint(), nullptr, nullptr, route,
                      false);
    }
  zone->seal();
  return hosts;
}

bench::Clock::time_point started;

[[noreturn]] void report(std::uint64_t flows) {
  const double seconds = bench::seconds_since(started);
  std::printf("flows_per_s %.1f seconds %.4f sim_end %.6f peak_mb %.1f\n",
              static_cast<double>(flows) / seconds, seconds, sg4::Engine::get_clock(),
              bench::peak_megabytes());
  std::fflush(stdout);
  std::_Exit(0);
}

void steady(const std::vector<sg4::Host*>& hosts, std::uint64_t slots, std::uint64_t completions,
            std::uint64_t warm) {
  static std::uint64_t done = 0;
  const auto regions = static_cast<int>(hosts.size());
  for (std::uint64_t slot = 0; slot < slots; ++slot)
    sg4::Actor::create("slot", hosts[0], [=] {
      for (std::uint64_t k = 0;; ++k) {
        const auto planned = bench::planned_transfer(regions, slot, k);
        sg4::this_actor::sleep_for(static_cast<double>(planned.think_ns) / 1e9);
        sg4::Comm::sendto(hosts[static_cast<Place>(planned.from)],
                          hosts[static_cast<Place>(planned.to)],
                          static_cast<std::uint64_t>(planned.bytes));
        if (done == warm) started = bench::Clock::now();
        if (++done == warm + completions) report(completions);
      }
    });
}

void burst(const std::vector<sg4::Host*>& hosts, std::uint64_t images) {
  sg4::Actor::create("push", hosts[0], [=] {
    std::vector<sg4::CommPtr> all;
    for (std::uint64_t image = 0; image < images; ++image)
      for (const std::int64_t bytes : bench::image_layers(static_cast<int>(image)))
        for (Place to = 0; to < hosts.size(); ++to)
          if (to != image % hosts.size())
            all.push_back(sg4::Comm::sendto_async(hosts[image % hosts.size()], hosts[to],
                                                  static_cast<std::uint64_t>(bytes)));
    for (const auto& one : all) one->wait();
    report(all.size());
  });
}

}  // namespace

int main(int argc, char** argv) {
  // SimGrid takes its own options off the command line.
  std::vector<char*> words(argv, argv + argc);
  std::string model = "--cfg=network/model:CM02";
  std::string alone = "--cfg=network/crosstraffic:0";
  words.insert(words.end(), {model.data(), alone.data()});
  auto count = static_cast<int>(words.size());
  sg4::Engine engine{&count, words.data()};
  const auto number = [&](int place, std::uint64_t otherwise) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
  };
  const bench::Platform platform{static_cast<int>(number(2, 60))};
  started = bench::Clock::now();
  const auto hosts = build(platform);
  if (argc > 1 && std::string{argv[1]} == "burst") {
    burst(hosts, number(3, 1));
  } else {
    steady(hosts, number(3, 100), number(4, 20'000), number(5, number(3, 100)));
  }
  engine.run();
  return 0;
}
