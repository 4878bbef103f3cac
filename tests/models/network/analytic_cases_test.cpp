// The network against the known answers of tests/data/analytic-cases.json.
#include <cmath>
#include <fstream>
#include <map>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "models/network/network.hpp"
#include "models/network/sharing_model.hpp"
#include "models/network/tcp.hpp"

using namespace georep;
using nlohmann::json;

namespace {

/// The cases of a family.
std::vector<json> cases(const std::string& family) {
  std::ifstream in(GEOREP_TEST_DATA "/analytic-cases.json");
  const json file = json::parse(in);
  std::vector<json> result;
  for (const json& one : file.at("cases"))
    if (one.at("family") == family) result.push_back(one);
  REQUIRE(!result.empty());
  return result;
}

bool equals(double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }

double number_or(const json& list, std::size_t place, double otherwise) {
  return list.is_null() || list.at(place).is_null() ? otherwise : list.at(place).get<double>();
}

/// Channels with the capacities of a case, by name.
struct Channels {
  Channels(FairSharing& sharing, const json& capacities, double unit) : sharing_{sharing} {
    for (const auto& [name, capacity] : capacities.items())
      channel_[name] = sharing.add_channel(capacity.get<double>() * unit);
  }
  FairSharing::RouteId route(const json& names) const {
    std::vector<FairSharing::Hop> hops;
    for (const json& name : names) hops.push_back({channel_.at(name)});
    return sharing_.route(hops);
  }

 private:
  FairSharing& sharing_;
  std::map<std::string, FairSharing::Channel> channel_;
};

/// Instants at which the flows of a case end, in seconds. Sizes in megabits.
std::vector<double> completion_times(const json& inputs) {
  FairSharing sharing;
  const Channels channels{sharing, inputs.at("capacities"), 1e6 / 8};
  const json& flows = inputs.at("flows");
  std::vector<double> ends(flows.size());
  std::vector<std::uint64_t> tags;
  const auto end_until = [&](Instant limit) {
    while (sharing.next_end(limit) <= limit) {
      const Instant end = sharing.next_end(limit);
      tags.clear();
      sharing.take_ended(end, tags);
      for (const std::uint64_t tag : tags) ends[tag] = end.seconds();
    }
  };
  Instant now;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const json& flow = flows[i];
    now = Instant::at(Duration::from_seconds(flow.at("start").get<double>()));
    end_until(now);
    const auto bytes = static_cast<std::int64_t>(flow.at("size").get<double>() * 1e6 / 8);
    sharing.start(channels.route(flow.at("route")), bytes, FairSharing::unlimited, 1, i, now);
    sharing.next_end(now);
  }
  while (sharing.flows() > 0) end_until(sharing.next_end(now));
  return ends;
}

NetworkPlan one_link(double rtt_s, double bits_per_second) {
  NetworkPlan plan;
  plan.regions.push_back({"west", Bandwidth::unlimited(), Bandwidth::unlimited(), std::nullopt});
  plan.regions.push_back({"east", Bandwidth::unlimited(), Bandwidth::unlimited(), std::nullopt});
  plan.links.push_back({RegionId{0}, RegionId{1}, Duration::from_seconds(rtt_s),
                        Bandwidth{static_cast<std::int64_t>(bits_per_second)}});
  return plan;
}

Task<void> move(Network& network, std::int64_t bytes) {
  TransferRequest request;
  request.from = RegionId{0};
  request.to = RegionId{1};
  request.bytes = bytes;
  co_await network.transfer(request);
}

/// Seconds that transfers of so many bytes take, all started at once.
double seconds_of(const NetworkPlan& plan, std::int64_t bytes, std::int64_t streams = 1) {
  Simulation simulation;
  Network network{simulation, plan};
  for (std::int64_t i = 0; i < streams; ++i) simulation.spawn(move(network, bytes));
  simulation.run();
  return simulation.now().seconds();
}

}  // namespace

TEST_CASE("static shares are the known ones") {
  for (const json& one : cases("max-min fairness")) {
    const json& inputs = one.at("inputs");
    FairSharing sharing;
    const Channels channels{sharing, inputs.at("capacities"), 1};
    std::vector<FairSharing::FlowId> flows;
    for (std::size_t i = 0; i < inputs.at("routes").size(); ++i)
      flows.push_back(sharing.start(channels.route(inputs.at("routes")[i]), 1'000'000'000,
                                    number_or(inputs.at("rate_caps"), i, FairSharing::unlimited),
                                    number_or(inputs.at("weights"), i, 1), i, Instant{}));
    for (std::size_t i = 0; i < flows.size(); ++i)
      CHECK(equals(sharing.rate(flows[i], Instant{}), one.at("expected").at("rates")[i]));
  }
}

TEST_CASE("transfers that share links end at the known instants") {
  for (const json& one : cases("max-min fluid transfers")) {
    const std::vector<double> ends = completion_times(one.at("inputs"));
    const json& expected = one.at("expected").at("completion_times");
    for (std::size_t i = 0; i < ends.size(); ++i)
      CHECK(std::abs(ends[i] - expected[i].get<double>()) <= 1e-9 * (1 + expected[i].get<double>()));
  }
}

TEST_CASE("the laws of loss give the known rates") {
  for (const json& one : cases("TCP steady state")) {
    const json& inputs = one.at("inputs");
    const json& expected = one.at("expected");
    const tcp::LossyStream stream{inputs.at("rtt"), inputs.at("p"), inputs.at("T0"),
                                  inputs.at("b"), inputs.at("Wmax_segments")};
    CHECK(equals(8 * tcp::mathis_rate(stream), expected.at("mathis_bps")));
    CHECK(equals(8 * tcp::pftk_rate(stream), expected.at("pftk_full_bps")));
    if (!expected.contains("cubic_bps")) continue;
    CHECK(equals(tcp::cubic_window(stream), expected.at("cubic_mean_window_segments")));
    CHECK(equals(8 * tcp::cubic_rate(stream), expected.at("cubic_bps")));
  }
}

TEST_CASE("slow start takes the known time, beside a handshake and the way of the last byte") {
  for (const json& one : cases("TCP slow start")) {
    const json& inputs = one.at("inputs");
    const double rtt = inputs.at("rtt");
    NetworkPlan plan = one_link(rtt, inputs.at("rate_bps"));
    plan.slow_start = true;
    const double seconds = seconds_of(plan, inputs.at("bytes"));
    const double messages = rtt * inputs.at("handshake_rtts").get<double>() + rtt / 2;
    CHECK(std::abs(seconds + messages - one.at("expected").at("time").get<double>()) <= 2e-9);
  }
}

TEST_CASE("streams that their windows limit carry the known rate, and so many fill the link") {
  for (const json& one : cases("TCP window limit")) {
    const json& inputs = one.at("inputs");
    const json& expected = one.at("expected");
    NetworkPlan plan = one_link(inputs.at("rtt"), inputs.at("rate_bps"));
    plan.stream_window = Bytes{inputs.at("window_bytes").get<std::int64_t>()};
    const double bytes = 1e9;
    const double per_stream = 8 * bytes / seconds_of(plan, 1'000'000'000);
    CHECK(equals(per_stream, expected.at("per_stream_bps")));
    const auto fill = expected.at("streams_to_fill").get<std::int64_t>();
    CHECK(equals(8 * bytes / seconds_of(plan, 1'000'000'000, fill - 1), per_stream));
    CHECK(equals(8 * bytes / seconds_of(plan, 1'000'000'000, fill),
                 inputs.at("rate_bps").get<double>() / static_cast<double>(fill)));
  }
}

TEST_CASE("one transfer by LV08 takes the known time, with and without acknowledgements on its link") {
  for (const json& one : cases("SimGrid LV08")) {
    const json& inputs = one.at("inputs");
    const SharingModel model = sharing_model(NetworkModel::lv08);
    const double latency = model.latency_factor * inputs.at("latency").get<double>();
    for (const bool cross_traffic : {true, false}) {
      FairSharing sharing;
      const double bandwidth = inputs.at("bandwidth_Bps");
      const auto link = sharing.add_channel(model.bandwidth_factor * bandwidth);
      const double consumption = 1 + (cross_traffic ? model.acknowledgements : 0);
      sharing.start(sharing.route({{link, consumption}}), inputs.at("bytes"), 4'194'304 / 0.02, 1, 0,
                    Instant{});
      const double seconds = latency + sharing.next_end(Instant{}).seconds();
      const char* name = cross_traffic ? "time_crosstraffic" : "time_no_crosstraffic";
      CHECK(std::abs(seconds - one.at("expected").at(name).get<double>()) <= 1e-9);
    }
  }
}
