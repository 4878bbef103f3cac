// Recorded registry logs: what is made of their records, and that it can be written and read back.
#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "models/world/world.hpp"
#include "scenarios/reader/registry_log.hpp"

using namespace georep;

namespace {

std::string record(const std::string& second, const std::string& method, const std::string& client,
                   const std::string& uri, int bytes, int status = 200) {
  return R"({"timestamp": "2017-07-01T00:00:)" + second + R"(Z", "http.request.method": ")" + method +
         R"(", "http.request.remoteaddr": ")" + client + R"(", "http.request.uri": "v2/)" + uri +
         R"(", "http.response.status": )" + std::to_string(status) + R"(, "http.response.written": )" +
         std::to_string(bytes) + "}";
}

std::expected<ImportedLog, std::string> import(const std::string& text) {
  const IbmLog log{"log.json", text};
  return import_ibm_logs({&log, 1});
}

// Two clients of one repository: a pull of what was there, a push of something else in its place, a pull of that, a poll.
const std::string two_clients = "[" + record("01.500", "GET", "c1", "u/r/manifests/t", 500) + "," +
                                record("02.000", "GET", "c1", "u/r/blobs/base", 1000) + "," +
                                record("03.000", "PUT", "c2", "u/r/blobs/new", 70, 201) + "," +
                                record("04.000", "PUT", "c2", "u/r/manifests/t", 500, 201) + "]\n[" +
                                record("05.000", "GET", "c1", "u/r/manifests/t", 500) + "," +
                                record("05.250", "GET", "c1", "u/r/blobs/new", 70) + "," +
                                record("06.000", "GET", "c1", "u/r/blobs/other", 30) + "," +
                                record("07.000", "HEAD", "c2", "u/r/manifests/t", 0) + "]";

}  // namespace

TEST_SUITE("registry log") {
  TEST_CASE("requests become pulls, pushes and polls of the images that the log shows") {
    const auto log = import(two_clients);
    REQUIRE(log);
    const Recording& recording = log->recording;
    CHECK(log->records == 8);
    CHECK(log->left_out.empty());
    REQUIRE(recording.images.size() == 2);
    CHECK(recording.images[0].reference == "u/r:t");
    CHECK_FALSE(recording.images[0].pushed);
    REQUIRE(recording.images[0].layers.size() == 1);
    CHECK(recording.images[0].layers[0].bytes == 1000);
    // What was uploaded, and what its pulls show besides.
    CHECK(recording.images[1].pushed);
    REQUIRE(recording.images[1].layers.size() == 2);
    CHECK(recording.images[1].layers[1].digest == "other");
    REQUIRE(recording.operations.size() == 4);
    CHECK(recording.operations[0].kind == RecordedKind::pull);
    CHECK(recording.operations[0].at == 0_s);
    CHECK(recording.operations[1].kind == RecordedKind::push);
    CHECK(recording.operations[1].at == 2500_ms);
    CHECK(recording.operations[1].client == "c2");
    CHECK(recording.operations[2].image == 1);
    CHECK(recording.operations[3].kind == RecordedKind::poll);
    CHECK(recording.operations[3].image == 1);
  }

  TEST_CASE("a record that is no operation is counted under the reason for which it is left out") {
    const auto log = import("[" + record("01.000", "GET", "c", "u/r/blobs/x", 5) + "," +
                            record("02.000", "GET", "c", "u/r/manifests/t", 5, 404) + "," +
                            record("03.000", "PATCH", "c", "u/r/blobs/uploads", 5) + "," +
                            record("04.000", "HEAD", "c", "u/r/blobs/x", 5) + "," +
                            record("05.000", "GET", "", "u/r/blobs/x", 5) + "," +
                            record("75.000", "GET", "c", "u/r/blobs/x", 5) + "]");
    REQUIRE(log);
    CHECK(log->records == 6);
    CHECK(log->left_out.size() == 6);
    for (const auto& [reason, count] : log->left_out) CHECK_MESSAGE(count == 1, reason);
    CHECK(log->recording.operations.empty());
  }

  TEST_CASE("what is written reads back as the same recording") {
    const auto log = import(two_clients);
    REQUIRE(log);
    const std::string text = written(log->recording);
    std::istringstream in{text};
    const auto again = read_recording(in);
    REQUIRE(again);
    CHECK(written(*again) == text);
    CHECK(again->operations.size() == 4);
    CHECK(again->images[1].layers.size() == 2);
  }

  TEST_CASE("text that is no log or recording is an error that says so") {
    CHECK_FALSE(import("{}"));
    CHECK_FALSE(import("[1]"));
    CHECK_FALSE(import("[{"));
    for (const char* wrong : {"pull 0 c 1", "stored a:b x", "stored a:b\npull -1 c 1", "hello",
                              "stored a:b\npull 5 c 1\npull 4 c 1", "stored a:b\npull 5 c 2"}) {
      std::istringstream in{wrong};
      CHECK_MESSAGE(!read_recording(in), wrong);
    }
  }

  TEST_CASE("a scenario replays a log: each operation when it was recorded, at the host's own pace") {
    const auto log = import(two_clients);
    REQUIRE(log);
    WorldSpec spec;
    RegionSpec region;
    region.name = "west";
    spec.network.regions.push_back(region);
    HostSpec host;
    host.name = "clients";
    host.region = "west";
    spec.hosts.push_back(host);
    TraceSpec trace;
    trace.file = "log.json";
    trace.speed = 2;
    trace.recording = std::make_shared<const Recording>(log->recording);
    WorkloadSpec workload;
    workload.work = trace;
    workload.on = "clients";
    workload.from = 1_s;
    spec.workloads.push_back(workload);
    const auto plan = compile(spec);
    REQUIRE(plan);
    World world{*plan};
    std::vector<OperationEnded> ended;
    world.facts().subscribe<OperationEnded>(
        [&ended](const OperationEnded& fact) { ended.push_back(fact); });
    world.run();
    REQUIRE(ended.size() == 4);
    const double starts[] = {1, 2.25, 2.75, 3.75};
    const OperationKind kinds[] = {OperationKind::pull, OperationKind::push, OperationKind::pull,
                                   OperationKind::poll};
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(ended[i].started.at.since_start().seconds() == doctest::Approx(starts[i]));
      CHECK(ended[i].kind == kinds[i]);
      CHECK_FALSE(ended[i].error);
    }
    // What was pulled last is what was pushed, and not what was there before.
    CHECK(ended[2].manifest == ended[1].manifest);
    CHECK(ended[0].manifest != ended[1].manifest);
  }

  TEST_CASE("the recorded log of the library has the shape that was published for the whole of IBM's") {
    std::ifstream file{GEOREP_SOURCE "/scenarios/capacity/data/dal09-downloads.log"};
    const auto recording = read_recording(file);
    REQUIRE(recording);
    REQUIRE(recording->operations.size() == 2136);
    double below_1_mb = 0;
    double below_10_mb = 0;
    for (const RecordedOperation& operation : recording->operations) {
      CHECK(operation.kind == RecordedKind::pull);
      const RecordedImage& image = recording->images[operation.image];
      REQUIRE(image.layers.size() == 1);
      below_1_mb += image.layers[0].bytes < 1'000'000 ? 1 : 0;
      below_10_mb += image.layers[0].bytes < 10'000'000 ? 1 : 0;
    }
    // Anwar et al., FAST 2018: 65 % and 80 % of the layers.
    CHECK(below_1_mb / 2136 == doctest::Approx(0.65).epsilon(0.01));
    CHECK(below_10_mb / 2136 == doctest::Approx(0.80).epsilon(0.02));
  }
}
