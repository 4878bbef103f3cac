// Lags of the fluid model, worked out by hand.
#include <doctest/doctest.h>

#include "analysis/theory/replication_lags.hpp"

using namespace georep::theory;

namespace {

// A megabyte a second; a window of a tenth of that in each tenth of a second; nothing follows the blobs.
CopySettings settings(std::int64_t streams) {
  CopySettings settings;
  settings.start_delay = 2;
  settings.stream_window = 0.1e6;
  settings.streams = streams;
  settings.manifest_bytes = 0;
  settings.ways = {{0.1, 10e6}};
  return settings;
}

std::vector<double> lags(const std::vector<CopiedPush>& pushes, const CopySettings& settings) {
  return replication_lags(pushes, settings);
}

}  // namespace

TEST_CASE("a push alone waits, is asked for, crosses at a window a round trip, and arrives a latency later") {
  CHECK(lags({{5, 0, {3e6}}}, settings(1))[0] == doctest::Approx(2 + 0.1 + 3 + 0.05));
  CHECK(lags({{5, 0, {}}}, settings(1))[0] == doctest::Approx(2 + 0.05));
}

TEST_CASE("one stream carries blobs one after another, two carry them side by side") {
  const std::vector<CopiedPush> two{{0, 0, {3e6}}, {0, 0, {3e6}}};
  CHECK(lags(two, settings(1))[1] == doctest::Approx(2 + 2 * (0.1 + 3) + 0.05));
  CHECK(lags(two, settings(2))[1] == doctest::Approx(2 + 0.1 + 3 + 0.05));
  CHECK(lags({{0, 0, {3e6, 3e6}}}, settings(2))[0] == doctest::Approx(2 + 0.1 + 3 + 0.05));
}

TEST_CASE("a full link is shared by what crosses it, and is free again for what stays") {
  CopySettings full = settings(2);
  full.ways[0].bandwidth = 1e6;
  const std::vector<CopiedPush> two{{0, 0, {1e6}}, {0, 0, {2e6}}};
  CHECK(lags(two, full)[0] == doctest::Approx(2 + 0.1 + 2 + 0.05));
  CHECK(lags(two, full)[1] == doctest::Approx(2 + 0.1 + 3 + 0.05));
}

TEST_CASE("ways do not share their bandwidth, but the streams of their destination") {
  CopySettings both = settings(1);
  both.ways.push_back({0.2, 0.05e6});
  const std::vector<CopiedPush> two{{0, 0, {1e6}}, {0, 1, {1e6}}};
  CHECK(lags(two, both)[1] == doctest::Approx(2 + 0.1 + 1 + 0.2 + 20 + 0.1));
  both.streams = 2;
  CHECK(lags(two, both)[1] == doctest::Approx(2 + 0.2 + 20 + 0.1));
}

TEST_CASE("a push beyond the concurrency waits until one before it has left") {
  CopySettings narrow = settings(8);
  narrow.concurrency = 1;
  const std::vector<CopiedPush> two{{0, 0, {1e6, 1e6}}, {1, 0, {1e6}}};
  CHECK(lags(two, narrow)[1] == doctest::Approx(2 + 0.1 + 1 + 0.1 + 1 + 0.05 - 1));
}
