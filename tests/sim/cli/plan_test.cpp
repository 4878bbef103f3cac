// `georep plan`: the value that a promise needs, with exit codes for what became of the search.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;

namespace {

// 100 MB have to cross a link within 10 s: 80 Mbps, and a round trip besides.
constexpr const char* transfer = R"(version: 1
scenario: a transfer
network:
  local_rtt: 0 s
  bandwidth: 1 Gbps
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 2 us}]
registry: {replicas: [a, b], manifest_size: 0 B, config_size: 0 B, replication: {streams: 1}}
images: {one: [100 MB]}
hosts: {dev: {region: a}}
timeline: [{at: 0 s, push: one, to: "app:v1", on: dev}]
expect: [{measure: replication_lag, region: b, statistic: max, below: 10 s}]
)";

}  // namespace

TEST_CASE("plan finds the bandwidth that a deadline needs, and no chance takes part") {
  const Folder folder;
  const std::string file = folder.write("transfer.yaml", transfer);
  const Ended ended = call({"plan", file, "--find", "network.bandwidth", "--range", "10Mbps..1Gbps", "--json"});
  CHECK(ended.code == 0);
  const auto json = nlohmann::json::parse(ended.out);
  CHECK(json["met"] == true);
  CHECK(json["deterministic"] == true);
  CHECK(json["value"].get<double>() == doctest::Approx(80e6).epsilon(0.002));
}

TEST_CASE("plan says that no value of a range meets what is expected, and how to ask again") {
  const Folder folder;
  const std::string file = folder.write("transfer.yaml", transfer);
  const Ended ended = call({"plan", file, "--find", "network.bandwidth", "--range", "10Mbps..20Mbps"});
  CHECK(ended.code == 1);
  CHECK(ended.out.find("No network.bandwidth of 10 Mbps … 20 Mbps meets every expectation.") != std::string::npos);
  CHECK(ended.err.find("georep plan " + file) != std::string::npos);
}

TEST_CASE("where every value of the range is enough, plan answers with its near end") {
  const Folder folder;
  const std::string file = folder.write("transfer.yaml", transfer);
  const Ended ended = call({"plan", file, "--find", "network.bandwidth", "--range", "100Mbps..1Gbps", "--json"});
  CHECK(ended.code == 0);
  const auto json = nlohmann::json::parse(ended.out);
  CHECK(json["verdict"] == "all-meet");
  CHECK(json["met"] == true);
  CHECK(json["value"] == 100e6);
  CHECK(json["interval"] == nlohmann::json::array({100e6, 100e6}));
}

TEST_CASE("plan refuses a range that is none") {
  const Folder folder;
  const std::string file = folder.write("transfer.yaml", transfer);
  CHECK(call({"plan", file, "--find", "network.bandwidth", "--range", "1Gbps..10Mbps"}).code == 2);
  CHECK(call({"plan", file, "--find", "network.bandwidth", "--range", "10Mbps"}).code == 2);
  CHECK(call({"plan", file, "--find", "network.bandwidht", "--range", "10Mbps..1Gbps"}).code == 3);
}
