// `georep run --runs` and `georep sweep`, as users run them; sweeps that are killed included.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "analysis/experiments/sqlite.hpp"
#include "analysis/experiments/store.hpp"
#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;
using nlohmann::json;

namespace {

// Each replication starts after a random time, and the pull comes too early in some runs.
std::string chancy_scenario() {
  const std::string delayed = replaced(good_scenario, "registry: {config_size: 0 B}",
                                       "registry: {config_size: 0 B, replication: {start_delay: {exponential: 2 s}}}");
  return replaced(delayed, "expect:", "expect:\n  - {measure: replication_lag, statistic: max, below: 1 h}");
}

std::vector<std::string> big_sweep(const std::string& file, const std::string& store) {
  return {"sweep", file, "--vary", "registry.replication.streams=1,2,3", "--runs", "1000", "--store", store, "--json"};
}

// Starts the program and kills it after that many seconds, if it still runs.
void call_and_kill(const std::vector<std::string>& arguments, double seconds) {
  std::vector<char*> words{const_cast<char*>(GEOREP_PROGRAM)};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr || std::freopen("/dev/null", "w", stderr) == nullptr) _exit(126);
    execv(GEOREP_PROGRAM, words.data());
    _exit(127);
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

// How long the whole sweep takes here, so that kills come at all stages of it.
double seconds_of(const std::vector<std::string>& arguments) {
  const auto began = std::chrono::steady_clock::now();
  call(arguments);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void kill_and_resume(int kills) {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const double whole = seconds_of(big_sweep(file, folder.path("timed.sqlite")));
  const std::string expected = folder.read("timed.sqlite").empty() ? "" : call(big_sweep(file, folder.path("timed.sqlite"))).out;
  REQUIRE(expected != "");
  std::uint64_t state = 88172645463325252U;
  int cut_short = 0;
  for (int i = 0; i < kills; ++i) {
    const std::string store = folder.path("killed-" + std::to_string(i) + ".sqlite");
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    call_and_kill(big_sweep(file, store), whole * static_cast<double>(state % 1000) / 1000);
    if (const auto found = ResultsStore::open(store); found && !found->contains(2, 999)) ++cut_short;
    const Ended resumed = call(big_sweep(file, store));
    CAPTURE(i);
    CHECK(resumed.out == expected);
    CHECK_FALSE(std::filesystem::exists(store + "-journal"));
    const auto ended = ResultsStore::open(store);
    REQUIRE(ended);
    for (std::int64_t point = 0; point < 3; ++point) CHECK(ended->runs_of(point)->size() == 1000);
  }
  MESSAGE(cut_short << " of " << kills << " stores were found unfinished");
}

}  // namespace

TEST_CASE("many runs give shares and intervals, the same whatever the number of threads") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const Ended one = call({"run", file, "--runs", "200", "--json", "--jobs", "1"});
  const Ended three = call({"run", file, "--runs", "200", "--json", "--jobs", "3"});
  CHECK(one.code == 1);
  CHECK(one.out == three.out);
  CHECK(one.err == three.err);
  const json read = json::parse(one.out);
  CHECK(read.at("runs") == 200);
  // The pull at 5 s fails where the start of a replication takes longer than about 5 s: exp(-5/2) = 8 %.
  const json& pull = read.at("expectations").at(2);
  CHECK(pull.at("share_interval").at(0) < 0.918);
  CHECK(pull.at("share_interval").at(1) > 0.918);
  const json& lag = read.at("expectations").at(0).at("figure");
  CHECK(lag.at("interval").at(0) < 2.06);
  CHECK(lag.at("interval").at(1) > 2.06);
}

TEST_CASE("the last line of many runs replays the first that failed") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const Ended many = call({"run", file, "--runs", "100"});
  REQUIRE(many.code == 1);
  CHECK(many.last_err_line().find("--run ") != std::string::npos);
  const Ended again = shell(many.last_err_line());
  CHECK(again.code == 1);
  CHECK(again.out.find("MANIFEST_UNKNOWN") != std::string::npos);
}

TEST_CASE("runs stop when they are precise enough, and say so where they never are") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", replaced(chancy_scenario(), "  - {operation: pull, gets: hello}\n", ""));
  const Ended precise = call({"run", file, "--precision", "10%", "--json"});
  CHECK(precise.code == 0);
  const json read = json::parse(precise.out);
  const double mean = read.at("expectations").at(0).at("figure").at("value");
  const double high = read.at("expectations").at(0).at("figure").at("interval").at(1);
  CHECK(high - mean <= 0.1 * mean);
  CHECK(read.at("runs") < 1000);
  CHECK(call({"run", file, "--precision", "1%", "--runs", "30"}).code == 5);
  CHECK(call({"run", file, "--precision", "fast"}).code == 2);
}

TEST_CASE("a sweep makes every combination, the same whatever the number of threads, and finds it again") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const auto sweep = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"sweep", file, "--vary", "registry.replication.streams=1,4", "--vary",
                               "registry.config_size=1 KiB..4 KiB:3:log", "--runs", "7", "--json"});
    return call(more);
  };
  const Ended one = sweep({"--jobs", "1", "--store", folder.path("a.sqlite"), "--csv", folder.path("a.csv")});
  const json read = json::parse(one.out);
  REQUIRE(read.at("points").size() == 6);
  CHECK(read.at("points").at(5).at("set").at("registry.replication.streams") == "4");
  CHECK(read.at("points").at(5).at("runs") == 7);
  CHECK(sweep({"--jobs", "3"}).out == one.out);
  CHECK(sweep({"--store", folder.path("a.sqlite")}).out == one.out);
  CHECK(folder.read("a.csv").starts_with("registry.replication.streams,registry.config_size,runs,passed,measure,"));
  const Ended other = call({"sweep", file, "--vary", "registry.replication.streams=1,5", "--store", folder.path("a.sqlite")});
  CHECK(other.code == 4);
  CHECK(other.err.find("holds the results of another sweep") != std::string::npos);
}

TEST_CASE("parts of a sweep that are made apart and merged are the whole sweep") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  std::vector<std::string> words{"sweep", file, "--vary", "registry.replication.streams=1,2,3,4,5", "--runs", "5", "--json"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return call(more);
  };
  const std::string whole = with({}).out;
  with({"--shard", "1/2", "--store", folder.path("1.sqlite")});
  const Ended second = with({"--shard", "2/2", "--store", folder.path("2.sqlite")});
  CHECK(json::parse(second.out).at("points").size() == 2);
  const Ended merged = with({"--store", folder.path("all.sqlite"), "--merge", folder.path("1.sqlite"), "--merge",
                             folder.path("2.sqlite"), "-v"});
  CHECK(merged.out == whole);
  CHECK(merged.err.find("0 runs made, 25 found") != std::string::npos);
  CHECK(with({"--shard", "3/2"}).code == 2);
}

TEST_CASE("a sweep over values that a scenario cannot have runs nothing and says what is wrong") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const Ended ended = call({"sweep", file, "--vary", "registry.replication.streams=1,0", "--store", folder.path("a.sqlite")});
  CHECK(ended.code == 3);
  CHECK(ended.out == "");
  CHECK(ended.err.find("streams") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path("a.sqlite")));
  CHECK(call({"sweep", file, "--vary", "streams"}).code == 2);
}

TEST_CASE("a scenario does not differ from itself, and differs from another by what the other adds") {
  const Folder folder;
  const std::string one = folder.write("one.yaml", chancy_scenario());
  const std::string two = folder.write("two.yaml", replaced(chancy_scenario(), "rtt: 100 ms", "rtt: 300 ms"));
  const auto lag_difference = [&](const std::string& first, const std::string& second) {
    const Ended ended = call({"compare", first, second, "--runs", "20", "--json"});
    CHECK(ended.code == 0);
    const json read = json::parse(ended.out);
    for (const json& row : read.at("points").at(0).at("measures"))
      if (row.at("name") == "replication_lag") return row.at("difference");
    return json();
  };
  CHECK(lag_difference(one, one).at("value") == 0);
  const std::string text = call({"compare", one, two, "--runs", "3"}).out;
  CHECK(text.find("figures are equal in both and left out") != std::string::npos);
  CHECK(text.find("replication_lag") != std::string::npos);
  CHECK(text.find("push_duration") == std::string::npos);
  // One latency to ask for the blob and one for its answer, and half a round trip for what follows: 1.5 more
  // round trips of 200 ms. The chance of both is the same, so nothing scatters.
  const json longer = lag_difference(one, two);
  CHECK(longer.at("value").get<double>() == doctest::Approx(0.3).epsilon(1e-6));
  CHECK(longer.at("interval").at(1).get<double>() == doctest::Approx(0.3).epsilon(1e-6));
}

TEST_CASE("stores are compared point by point") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const auto sweep = [&](const std::string& store, const std::string& rtt) {
    call({"sweep", file, "--vary", "registry.replication.streams=1,2", "--runs", "5", "--set", "network.links[0].rtt=" + rtt,
          "--store", folder.path(store)});
  };
  sweep("near.sqlite", "50 ms");
  sweep("far.sqlite", "100 ms");
  const Ended ended = call({"compare", folder.path("near.sqlite"), folder.path("far.sqlite"), "--json"});
  CHECK(ended.code == 0);
  const json points = json::parse(ended.out).at("points");
  REQUIRE(points.size() == 2);
  CHECK(points.at(1).at("set").at("registry.replication.streams") == "2");
  CHECK(points.at(1).at("runs") == 5);
}

TEST_CASE("failed attempts are a number of each run, and none in a run without any, wherever runs are set beside one another") {
  const Folder folder;
  const std::string counted = replaced(chancy_scenario(), "expect:", "expect:\n  - {measure: errors, statistic: count, below: 9}");
  const std::string file = folder.write("chancy.yaml", counted);
  const std::string prompt = folder.write("prompt.yaml", replaced(counted, "{exponential: 2 s}", "{exponential: 1 ms}"));
  const auto errors_in = [](const json& measures) {
    for (const json& row : measures)
      if (row.at("name") == "errors" && row.at("labels").empty()) return row;
    return json{};
  };
  const json runs = json::parse(call({"run", file, "--runs", "100", "--json"}).out);
  const double failing = 100 * (1 - runs.at("expectations").at(3).at("share").get<double>());
  REQUIRE(failing > 0);
  const json across = errors_in(runs.at("measures"));
  CHECK(across.at("mean").get<double>() == doctest::Approx(failing / 100));
  CHECK(across.at("max") == 1);
  CHECK(across.at("min") == 0);
  const json compared = json::parse(call({"compare", prompt, file, "--runs", "100", "--json"}).out);
  const json difference = errors_in(compared.at("points").at(0).at("measures"));
  CHECK(difference.at("pairs") == 100);
  CHECK(difference.at("first") == 0);
  CHECK(difference.at("second").get<double>() == doctest::Approx(failing / 100));
  CHECK(difference.at("difference").at("value").get<double>() == doctest::Approx(failing / 100));
  const std::string store = folder.path("store.sqlite");
  call({"sweep", file, "--vary", "registry.replication.streams=1", "--runs", "100", "--store", store});
  sqlite::Database database{store, sqlite::Mode::read};
  auto view = database.prepare("SELECT mean FROM measure_over_runs WHERE name = 'errors' AND labels = '{}'");
  REQUIRE(view.step());
  CHECK(view.real() == doctest::Approx(failing / 100));
}

TEST_CASE("what cannot be compared is told, and not compared") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const std::string store = folder.path("sweep.sqlite");
  call({"sweep", file, "--vary", "registry.replication.streams=1,2", "--store", store});
  const Ended mixed = call({"compare", store, file});
  CHECK(mixed.code == 2);
  CHECK(mixed.err.find("two scenarios or two stores are compared") != std::string::npos);
  const std::string seeded = folder.write("seeded.yaml", replaced(chancy_scenario(), "scenario:", "seed: 7\nscenario:"));
  const Ended apart = call({"compare", file, seeded, "--runs", "2"});
  CHECK(apart.code == 3);
  CHECK(apart.err.find("do not share their chance") != std::string::npos);
  CHECK(call({"compare", file, seeded, "--runs", "2", "--seed", "3"}).code == 0);
  std::string names = good_scenario;
  for (const auto& [here, there] : {std::pair{"west", "north"}, {"east", "south"}})
    for (std::size_t at = names.find(here); at != std::string::npos; at = names.find(here)) names.replace(at, std::string_view{here}.size(), there);
  const std::string elsewhere = folder.write("elsewhere.yaml", names);
  CHECK(call({"compare", file, elsewhere, "--runs", "2"}).out.find("no measure has samples in both") != std::string::npos);
  const Ended twice = call({"sweep", file, "--vary", "seed=1,2", "--vary", "seed=3"});
  CHECK(twice.code == 2);
  CHECK(twice.err.find("'seed' is varied twice") != std::string::npos);
}

TEST_CASE("the probability of a late replication is that of its start, however small") {
  const Folder folder;
  const std::string delayed = replaced(replaced(chancy_scenario(), "{exponential: 2 s}", "{exponential: 500 ms}"),
                                       "  - {measure: replication_lag, statistic: max, below: 1 h}\n", "");
  const Ended ended = call({"rare", folder.write("rare.yaml", delayed), "--paths", "50", "--json"});
  CHECK(ended.code == 0);
  const json read = json::parse(ended.out);
  // The manifest is at its destination 50 ms after the start, which comes when the push was committed, after 7 ms; the
  // pull asks after 5.001 s. The blob and the rest take 150 ms before it.
  const double truth = std::exp(-(5.001 - 0.007 - 0.15) / 0.5);
  CAPTURE(ended.out);
  CHECK(read.at("interval").at(0) < truth * 1.05);
  CHECK(read.at("interval").at(1) > truth * 0.95);
  CHECK(read.at("scores_agree") == true);
  CHECK(read.at("crude_events") > read.at("events"));
}

TEST_CASE("a sweep that was killed goes on and ends with the rows of one that was not") { kill_and_resume(2); }

TEST_CASE("twenty sweeps killed at random moments lose and repeat nothing" * doctest::skip()) { kill_and_resume(20); }

TEST_CASE("a sweep shows what theory says where a closed form applies, and nothing where it does not") {
  const std::string file = std::string{GEOREP_SOURCE} + "/tests/validation/plans/plan-light-link.yaml";
  const auto predicted = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"sweep", file, "--vary", "network.bandwidth=800 Mbps,1.2 Gbps,2 Gbps", "--json"};
    words.insert(words.end(), {"--set", "duration=60 s"});
    words.insert(words.end(), more.begin(), more.end());
    std::vector<json> found;
    const json swept = json::parse(call(words).out);
    for (const json& point : swept["points"])
      found.push_back(point["expectations"][0].value("predicted", json{}));
    return found;
  };
  const std::vector<json> plain = predicted({});
  REQUIRE(plain.size() == 3);
  CHECK(plain[0].is_null());  // the link cannot carry it
  CHECK(plain[1]["law"] == "M/G/1");
  CHECK(plain[1]["value"].get<double>() == doctest::Approx(1).epsilon(1e-5));
  CHECK(plain[2]["value"].get<double>() == doctest::Approx(1.0 / 3).epsilon(1e-5));
  const std::vector<json> shared = predicted({"--set", "registry.replication.streams=1000000"});
  CHECK(shared[2]["law"] == "processor sharing");
  CHECK(shared[2]["value"].get<double>() == doctest::Approx(1.0 / 3).epsilon(1e-5));
  for (const char* other : {"network.jitter=10%", "registry.replication.streams=3", "registry.config_size=6 KiB",
                            "registry.replication.start_delay={exponential: 1 s}", "network.slow_start=true"})
    for (const json& point : predicted({"--set", other})) CHECK(point.is_null());
}

TEST_CASE("a sweep cuts no figure, however many are asked for") {
  const Folder folder;
  const std::string file = folder.write("many.yaml", replaced(chancy_scenario(), "expect:", R"(expect:
  - {measure: push_duration, statistic: mean, below: 1 h}
  - {measure: pull_duration, statistic: mean, below: 1 h}
  - {measure: manifest_latency, statistic: mean, below: 1 h}
  - {measure: visible_lag, statistic: mean, below: 1 h})"));
  const Ended ended = call({"sweep", file, "--vary", "registry.replication.streams=1,2", "--runs", "20"});
  CHECK(ended.out.find("mean visible_lag") != std::string::npos);
  CHECK(ended.out.find("…") == std::string::npos);
}

TEST_CASE("a host whose store holds some of what it pulls fetches as much as Che's approximation says") {
  const Folder folder;
  const std::string file = folder.write("store.yaml", R"(version: 1
scenario: A store that holds some images
network:
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 10 ms, bandwidth: 100 Gbps}]
  price: {egress: 0.02 USD/GB}
registry: {replicas: [west], config_size: 0 B}
hosts: {node: {region: east, layer_store: 2 GB}}
warmup: 2000 s
duration: 6000 s
workloads:
  - {pulls: {catalog: {repositories: 100, tags: 1, zipf: 1, layers: {count: 4, size: 25 MB}}}, on: node, arrivals: {poisson: 1 /s}}
expect:
  - {measure: egress_bytes, statistic: sum, below: 1 PB}
  - {measure: egress_cost, statistic: sum, below: 1000 USD}
)");
  const auto swept = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"sweep", file, "--vary", "hosts.node.layer_store=1 GB,2500 MB", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return json::parse(call(words).out)["points"];
  };
  for (const char* layers : {"{count: 4, size: 25 MB}", "{count: {uniform: [2, 4]}, size: {uniform: [5 MB, 25 MB]}}"})
    for (const json& point : swept({"--runs", "10", "--set", std::string{"workloads[0].pulls.catalog.layers="} + layers}))
      for (const json& expectation : point["expectations"]) {
        CAPTURE(expectation.dump(1));
        REQUIRE(expectation.contains("predicted"));
        CHECK(expectation["predicted"]["law"] == "layer store by Che");
        const double predicted = expectation["predicted"]["value"];
        CHECK(expectation["figure"]["value"].get<double>() == doctest::Approx(predicted).epsilon(0.02));
      }
  for (const char* other : {"warmup=10 s", "workloads[0].pulls.catalog.layers.size=100 MB", "workloads[0].pulls.catalog.repositories=10",
                            "network.links[0].bandwidth=200 Mbps", "network.jitter=10%", "hosts.node.count=2", "workloads[0].until=5000 s"})
    for (const json& point : swept({"--set", other}))
      for (const json& expectation : point["expectations"]) {
        CAPTURE(other);
        CHECK(expectation.value("predicted", json{}).is_null());
      }
}

TEST_CASE("what a cache with a lifetime leaves for storage is as much as theory says") {
  const std::string file = std::string{GEOREP_SOURCE} + "/tests/validation/lifetime-cache.yaml";
  const std::string asked = "expect=[{measure: storage_requests, statistic: sum, below: 1000000}]";
  const auto swept = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"sweep", file, "--vary", "registry.manifest_cache.ttl=20 s,100 s", "--set", asked, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return json::parse(call(words).out)["points"];
  };
  for (const char* catalog : {"{repositories: 1, tags: 1}", "{repositories: 5, tags: 2}"})
    for (const json& point : swept({"--runs", "10", "--set", std::string{"workloads[0].pulls.catalog="} + catalog, "--set", "duration=100000 s"})) {
      const json& expectation = point["expectations"][0];
      CAPTURE(expectation.dump(1));
      REQUIRE(expectation.contains("predicted"));
      CHECK(expectation["predicted"]["law"] == "lifetime cache");
      CHECK(expectation["figure"]["value"].get<double>() == doctest::Approx(expectation["predicted"]["value"].get<double>()).epsilon(0.02));
    }
  for (const json& point : swept({"--set", "hosts.reader.client=containerd", "--set", "duration=1000 s"}))
    CHECK(point["expectations"][0].value("predicted", json{}).is_null());
}

TEST_CASE("a client that asks twice for each manifest loads storage twice, and theory is not asked") {
  const std::string file = std::string{GEOREP_SOURCE} + "/tests/validation/storage-one-server.yaml";
  for (const std::string client : {"docker", "containerd"}) {
    const Ended ended = call({"sweep", file, "--vary", "hosts.reader.client=" + client, "--set", "duration=1 h", "--set", "warmup=1 min", "--json"});
    const json point = json::parse(ended.out)["points"][0];
    CHECK(point["expectations"][0].value("predicted", json{}).is_null() == (client == "containerd"));
  }
}

TEST_CASE("pulls that come to nothing while a replica fails over are as many as theory says") {
  const Folder folder;
  const std::string file = folder.write("failover.yaml", R"(version: 1
scenario: A replica fails
network: {local_rtt: 0 s, regions: {a: {}, b: {}}, links: [{between: [a, b], rtt: 2 us}]}
registry: {replicas: [a, b]}
routing: {dns_ttl: 60 s, probe: {interval: 30 s, timeout: 10 s, tolerated_failures: 3}}
hosts: {reader: {region: a, timeout: 1 s}}
timeline: [{at: 1010 s, fail: {replica: a}, for: 10 min}]
workloads: [{pulls: {catalog: {repositories: 1, tags: 1, layers: {count: 1, size: 1 B}}}, on: reader, arrivals: {poisson: 10 /min}, until: 25 min}]
expect: [{measure: errors, code: TIMEOUT, statistic: count, below: 1000}]
)");
  const auto swept = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"sweep", file, "--vary", "routing.dns_ttl=60 s,200 s", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return json::parse(call(words).out)["points"];
  };
  for (const json& point : swept({"--runs", "200"})) {
    const json& expectation = point["expectations"][0];
    CAPTURE(point.dump(1));
    REQUIRE(expectation["predicted"]["law"] == "failover by DNS");
    const double figure = expectation["figure"]["value"];
    const double half_width = expectation["figure"]["interval"][1].get<double>() - figure;
    CHECK(std::abs(figure - expectation["predicted"]["value"].get<double>()) < 2 * half_width);
  }
  for (const char* other : {"hosts.reader.resolve=every-request", "timeline[0].for=2 min", "routing.policy={pinned: a}"})
    for (const json& point : swept({"--set", other}))
      CHECK(point["expectations"][0].value("predicted", json{}).is_null());
}

TEST_CASE("a store becomes a page that opens offline and holds all points, measures and the scenario") {
  const Folder folder;
  const std::string file = folder.write("chancy.yaml", chancy_scenario());
  const std::string store = folder.path("sweep.sqlite");
  call({"sweep", file, "--vary", "registry.replication.start_delay=1 s,2 s,60 s", "--vary", "registry.replication.streams=1,2",
        "--runs", "3", "--store", store});
  const Ended ended = call({"report", store});
  CHECK(ended.code == 0);
  const std::string page = folder.read("sweep.html");
  CHECK(page.find("6 combinations, seed 1") != std::string::npos);
  CHECK(page.find("replication_lag, mean over runs") != std::string::npos);
  CHECK(page.find("registry.replication.start_delay, s") != std::string::npos);
  CHECK(page.find("images:") != std::string::npos);
  // The figures of expectations have units.
  const std::size_t expected = page.find("measure replication_lag statistic max below 1 h");
  REQUIRE(expected != std::string::npos);
  CHECK(page.substr(expected, page.find("</tr>", expected) - expected).find(" s (") != std::string::npos);
  for (const char* elsewhere : {"src=\"http", "href=\"http", "@import", "url("}) CHECK(page.find(elsewhere) == std::string::npos);
  // What the charts draw is JSON.
  std::size_t charts = 0;
  const std::string mark = "<script type=\"application/json\"";
  for (std::size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1)) {
    const std::size_t begin = page.find('>', at) + 1;
    const json chart = json::parse(page.substr(begin, page.find("</script>", begin) - begin));
    CHECK(chart["data"]["datasets"].size() >= 1);
    ++charts;
  }
  CHECK(charts >= 1);
  CHECK(call({"report", folder.path("absent.sqlite")}).code == 4);
  CHECK(call({"report", file}).code == 4);
}

TEST_CASE("many runs of a steady state say where its start bends the means, and nothing where that is dropped") {
  // The link is nearly full, and empty at first.
  const std::string file = std::string{GEOREP_SOURCE} + "/tests/validation/plans/plan-light-link.yaml";
  const auto notes = [&](const std::string& bandwidth, const std::string& warmup) {
    const json runs = json::parse(call({"run", file, "--runs", "2", "--json", "--set", "network.bandwidth=" + bandwidth, "--set",
                                        "warmup=" + warmup})
                                      .out);
    return runs.contains("notes") ? runs["notes"].dump() : std::string{};
  };
  CHECK(notes("760 Mbps", "0 s").find("replication_lag") != std::string::npos);
  CHECK(notes("760 Mbps", "0 s").find("MSER-5") != std::string::npos);
  CHECK(notes("10 Gbps", "150 s").empty());
}
