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

namespace {

// One push a minute of 600 MB from East US to another region.
std::string priced(const std::string& destination, const std::string& more = "") {
  return R"(version: 1
scenario: pushes in a cloud
network: {preset: azure, bandwidth: 1 Gbps)" + more + R"(}
registry: {replicas: [eastus, )" + destination + R"(], manifest_size: 0 B, config_size: 0 B}
hosts: {ci: {region: eastus}}
duration: 10 min
workloads: [{pushes: {layers: {count: 1, size: 600 MB}}, on: ci, arrivals: {every: 1 min}}]
expect: [{measure: replication_lag, statistic: max, below: 20 s}]
)";
}

Ended plan_of(const std::string& file, const std::vector<std::string>& more) {
  std::vector<std::string> words{"plan", file, "--find", "network.bandwidth", "--runs", "2"};
  words.insert(words.end(), more.begin(), more.end());
  return call(words);
}

}  // namespace

TEST_CASE("plan shows what a month's egress costs at the answer, at the end of a range that is enough, and after a warm-up alike") {
  const Folder folder;
  const std::string file = folder.write("priced.yaml", priced("westeurope"));
  // 600 MB a minute, 43,200 minutes, 0.05 USD a GB.
  const double a_month = 0.6 * 43200 * 0.05;
  for (const std::string range : {"100Mbps..10Gbps", "1Gbps..10Gbps"}) {
    CHECK(plan_of(file, {"--range", range}).out.find("Egress there costs 1296 USD a month of thirty days at list prices.") != std::string::npos);
    for (const std::string warmup : {"0 s", "5 min"}) {
      const auto json = nlohmann::json::parse(plan_of(file, {"--range", range, "--json", "--set", "warmup=" + warmup}).out);
      CAPTURE(json.dump(1));
      CHECK(json["monthly_egress_usd"].get<double>() == doctest::Approx(a_month).epsilon(0.001));
    }
  }
}

TEST_CASE("plan says which price it does not know, and takes the one that a scenario gives") {
  const Folder folder;
  const std::string file = folder.write("unpriced.yaml", priced("francecentral"));
  const Ended ended = plan_of(file, {"--range", "100Mbps..10Gbps"});
  CHECK(ended.code == 0);
  std::string words = ended.out;
  for (char& each : words)
    if (each == '\n') each = ' ';
  CHECK(words.find("What egress there costs is not known: no list price of egress from eastus to francecentral is known; "
                   "network.price.egress sets one.") != std::string::npos);
  const std::string given = folder.write("given.yaml", priced("francecentral", ", price: {egress: 0.1 USD/GB}"));
  CHECK(plan_of(given, {"--range", "100Mbps..10Gbps"}).out.find("Egress there costs 2592 USD a month of thirty days.") != std::string::npos);
}

TEST_CASE("plan tells of several expectations which is the tightest, by a name that is not cut") {
  const Folder folder;
  const std::string file = folder.write("transfer.yaml", transfer);
  CHECK(call({"plan", file, "--find", "network.bandwidth", "--range", "10Mbps..1Gbps"}).out.find("tightest") == std::string::npos);
  const std::string both =
      folder.write("both.yaml", replaced(transfer, "expect: [", "expect: [{measure: egress_bytes, region: a, statistic: sum, below: 1 GB}, "));
  CHECK(call({"plan", both, "--find", "network.bandwidth", "--range", "10Mbps..1Gbps"}).out.find("max replication_lag") != std::string::npos);
}
