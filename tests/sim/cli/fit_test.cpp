// `georep fit` finds again what the program itself was set to.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

// Pushes of two new layers each, three seconds apart on average.
constexpr const char* pushes = R"(version: 1
scenario: Pushes at random
network:
  regions: {west: {}, east: {}}
  stream_window: 4 MiB
  links: [{between: [west, east], rtt: 80 ms, bandwidth: 1 Gbps}]
registry: {replication: {streams: 4, start_delay: 2 s}}
hosts: {dev: {region: west}}
duration: 1 h
workloads:
  - {pushes: {repositories: 5, layers: {count: 3, changed: 2, size: {exponential: 60 MB}}}, on: dev, arrivals: {poisson: 20 /min}, until: 90 s}
)";

struct Known {
  double streams;
  double window;
  double delay;
  double bandwidth;
};

std::vector<std::string> settings_of(const Known& known, const std::string& jitter) {
  return {"--set", "registry.replication.streams=" + std::to_string(static_cast<int>(known.streams)),
          "--set", "network.stream_window=" + std::to_string(static_cast<std::int64_t>(known.window)) + " B",
          "--set", "registry.replication.start_delay=" + std::to_string(known.delay) + " s",
          "--set", "network.links[0].bandwidth=" + std::to_string(static_cast<std::int64_t>(known.bandwidth)) + " bps",
          "--set", "network.jitter=" + jitter};
}

json fitted(const Folder& folder, std::vector<std::string> more) {
  std::vector<std::string> run{"run", folder.write("pushes.yaml", pushes), "--arrivals", folder.path("seen.csv")};
  run.insert(run.end(), more.begin(), more.end());
  REQUIRE(call(run).code == 0);
  const Ended ended = call({"fit", folder.path("seen.csv"), "--rtt", "80ms", "--json"});
  REQUIRE(ended.code == 0);
  return json::parse(ended.out);
}

bool covers(const json& fitted, double truth) {
  const json& low = fitted["interval"][0];
  const json& high = fitted["interval"][1];
  return (low.is_null() || low.get<double>() <= truth * (1 + 1e-3)) &&
         (high.is_null() || high.get<double>() >= truth * (1 - 1e-3));
}

}  // namespace

TEST_CASE("fit finds the settings of a registry whose latencies do not vary, to a thousandth") {
  const Folder folder;
  for (const Known& known : {Known{4, 4 << 20, 2, 1e9}, Known{2, 1 << 20, 0.5, 0.4e9}}) {
    const json fit = fitted(folder, settings_of(known, "0"));
    CAPTURE(fit.dump(1));
    CHECK(fit["streams"]["value"] == known.streams);
    CHECK(fit["stream_window"]["value"].get<double>() == doctest::Approx(known.window).epsilon(1e-3));
    CHECK(fit["start_delay"]["value"].get<double>() == doctest::Approx(known.delay).epsilon(1e-3));
    const json& bandwidth = fit["links"][0]["bandwidth"];
    if (!bandwidth["value"].is_null())
      CHECK(bandwidth["value"].get<double>() == doctest::Approx(known.bandwidth).epsilon(2e-3));
    CHECK(covers(bandwidth, known.bandwidth));
  }
}

TEST_CASE("with jitter the intervals of a fit hold the settings") {
  const Folder folder;
  for (const Known& known : {Known{4, 4 << 20, 2, 1e9}, Known{6, 2 << 20, 1, 0.6e9}}) {
    const json fit = fitted(folder, settings_of(known, "20%"));
    CAPTURE(fit.dump(1));
    CHECK(covers(fit["streams"], known.streams));
    CHECK(covers(fit["stream_window"], known.window));
    CHECK(covers(fit["start_delay"], known.delay));
    CHECK(covers(fit["links"][0]["bandwidth"], known.bandwidth));
  }
}

TEST_CASE("where start delays vary by as much as the lags themselves, the streams that there were are among those that fit allows") {
  const Folder folder;
  const json fit = fitted(folder, {"--set", "registry.replication.start_delay={uniform: [1 s, 3 s]}", "--seed", "25"});
  CAPTURE(fit.dump(1));
  CHECK(covers(fit["streams"], 4));
  CHECK(covers(fit["start_delay"], 2));
}

TEST_CASE("fit says which of two settings cannot be told apart, and which nothing bounds") {
  const Folder folder;
  const json alone = fitted(folder, {"--set", "registry.replication.streams=1"});
  CHECK(alone["links"][0]["window_would_do"] == true);
  CHECK(alone["stream_window"]["value"].is_null());
  CHECK(alone["caveats"][0].get<std::string>().find("cannot be told apart") != std::string::npos);
  const json wide = fitted(folder, {"--set", "network.links[0].bandwidth=100 Gbps"});
  CHECK(wide["links"][0]["bandwidth"]["value"].is_null());
  CHECK(wide["links"][0]["bandwidth"]["interval"][0].get<double>() < 100e9);
  CHECK(covers(wide["stream_window"], 4 << 20));
}

TEST_CASE("what fit prints is a part of a scenario that behaves as what was observed") {
  const Folder folder;
  fitted(folder, {});
  CHECK(call({"fit", folder.path("seen.csv"), "--rtt", "west..east=80ms", "--out", folder.path("part.yaml")}).code == 0);
  const std::string whole = folder.write("whole.yaml", "version: 1\nscenario: A fit\n" + folder.read("part.yaml") +
                                                           "images: {one: [10 MB]}\nhosts: {dev: {region: west}}\n"
                                                           "timeline: [{at: 0 s, push: one, to: \"app:v1\", on: dev}]\n"
                                                           "expect: [{measure: replication_lag, region: east, statistic: "
                                                           "max, between: [2.25 s, 2.4 s]}]\n");
  const Ended ended = call({"run", whole});
  CAPTURE(ended.out);
  CAPTURE(ended.err);
  CHECK(ended.code == 0);
}

TEST_CASE("fit takes measured round trips of a cloud, and asks for those that it does not know") {
  const Folder folder;
  std::string table = "event,name,time,region,size\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "app:" + std::to_string(i);
    table += "push," + name + "," + std::to_string(100 * i) + ",westus," + std::to_string(i + 1) + " MB\n";
    table += "arrival," + name + "," + std::to_string(100 * i + 1 + 0.1 * (i + 1)) + ",westeurope,\n";
  }
  const std::string known = folder.write("known.csv", table);
  const Ended cloud = call({"fit", known});
  CHECK(cloud.code == 0);
  CHECK(cloud.out.find("preset: azure") != std::string::npos);
  const std::string unknown = folder.write("unknown.csv", replaced(table, "westeurope", "moon"));
  CHECK(call({"fit", unknown}).code == 2);
  CHECK(call({"fit", unknown, "--rtt", "2.6 s"}).code == 0);
  CHECK(call({"fit", known, "--rtt", "0 s"}).code == 2);
  CHECK(call({"fit", folder.path("absent.csv")}).code == 4);
  CHECK(call({"fit", folder.write("few.csv", table.substr(0, 120))}).code == 3);
}
