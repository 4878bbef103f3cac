#include "analysis/experiments/variation.hpp"

#include <doctest/doctest.h>

#include "analysis/experiments/magnitude.hpp"

using namespace georep;

namespace {

std::vector<std::string> values_of(std::string_view text) {
  const auto variation = parse_variation(text);
  REQUIRE_MESSAGE(variation, variation.error());
  return variation->values;
}

std::string error_of(std::string_view text) {
  const auto variation = parse_variation(text);
  REQUIRE_FALSE(variation);
  return variation.error();
}

}  // namespace

TEST_CASE("a list of values is split at its own commas alone") {
  CHECK(values_of("registry.replication.streams=1, 4,16") ==
        std::vector<std::string>{"1", "4", "16"});
  CHECK(values_of("registry.replication.order=[blobs, tag],[tag, blobs]") ==
        std::vector<std::string>{"[blobs, tag]", "[tag, blobs]"});
  CHECK(values_of("x={exponential: 20 ms},\"a, b\"") ==
        std::vector<std::string>{"{exponential: 20 ms}", "\"a, b\""});
}

TEST_CASE("a range keeps its ends exactly and its unit") {
  CHECK(values_of("network.bandwidth=100 Mbps..1 Gbps:4") ==
        std::vector<std::string>{"100 Mbps", "400 Mbps", "700 Mbps", "1 Gbps"});
  CHECK(values_of("network.bandwidth=100Mbps..10Gbps:3:log") ==
        std::vector<std::string>{"100 Mbps", "1 Gbps", "10 Gbps"});
  CHECK(values_of("registry.manifest_cache.ttl=0 s..1 h:3") ==
        std::vector<std::string>{"0 s", "30 min", "1 h"});
  CHECK(values_of("x=0.5..2:4") == std::vector<std::string>{"0.5", "1", "1.5", "2"});
  CHECK(values_of("x=10%..30%:3") == std::vector<std::string>{"10%", "20%", "30%"});
}

TEST_CASE("values between the ends are rounded to four digits, whole numbers to whole ones") {
  CHECK(values_of("network.bandwidth=100 Mbps..1 Gbps:3:log")[1] == "316.2 Mbps");
  CHECK(values_of("registry.replication.streams=1..16:4:log") ==
        std::vector<std::string>{"1", "3", "7", "16"});
  // Fewer whole numbers than asked for: none comes twice.
  CHECK(values_of("registry.replication.streams=1..3:9") ==
        std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("what is no variation says what to write") {
  CHECK(error_of("network.bandwidth") == "'network.bandwidth' has no path: write path=a,b,c");
  CHECK(error_of("x=1 s..2 s") ==
        "the range '1 s..2 s' does not say how many values: write lo..hi:n or lo..hi:n:log");
  CHECK(error_of("x=1 s..2 Mbps:3") == "the ends of a range have one unit");
  CHECK(error_of("x=0..2:3:log") == "a range by even ratios lies above 0");
  CHECK(error_of("x=1..2:1") == "a range has from 2 to 100000 values");
  CHECK(error_of("x=a..b:3") == "'a' is no number");
  CHECK(error_of("x=1,,2") == "a value of 'x' is empty");
}

TEST_CASE("all combinations come once, the last path varying fastest") {
  const std::vector<PointSettings> points = all_points({{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}});
  REQUIRE(points.size() == 6);
  CHECK(text_of(points[0]) == "a=1 b=x");
  CHECK(text_of(points[1]) == "a=1 b=y");
  CHECK(text_of(points[5]) == "a=2 b=z");
  CHECK(all_points({}).size() == 1);
}

TEST_CASE("the middle of two magnitudes lies between them in their own unit") {
  const auto low = parse_magnitude("100 Mbps");
  const auto high = parse_magnitude("400 Mbps");
  CHECK(rounded(between(*low, *high, true)).text() == "200 Mbps");
  CHECK(rounded(between(*low, *high, false)).text() == "250 Mbps");
  CHECK(rounded({Magnitude::Unit::rate, 0.123456}).value == doctest::Approx(0.1235).epsilon(1e-12));
}
