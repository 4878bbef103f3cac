#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "models/data/clouds.hpp"
#include "models/data/prices.hpp"

using namespace georep;
using namespace georep::literals;

namespace {

Duration microseconds(std::int64_t count) { return Duration::nanoseconds(count * 1'000); }

bool has_region(const CloudPreset& cloud, std::string_view name) {
  return std::any_of(cloud.regions().begin(), cloud.regions().end(),
                     [name](const CloudRegion& region) { return region.name == name; });
}

}  // namespace

TEST_CASE("a round trip that was measured one way only is taken for the other way too") {
  const CloudPreset cloud{"small", "invented",
                          "name,latitude,longitude,display_name\n"
                          "b,1.5,-2,Second\n"
                          "a,0,0,First\n"
                          "c,0,0,Third\n",
                          "from,to,rtt_ms\n"
                          "a,b,10\n"
                          "b,a,12.25\n"
                          "c,a,7.000001\n"};
  CHECK(cloud.regions().at(0).name == "a");
  CHECK(cloud.regions().at(1).latitude == 1.5);
  CHECK(cloud.regions().at(1).longitude == -2);
  CHECK(cloud.round_trip("a", "b") == 10_ms);
  CHECK(cloud.round_trip("b", "a") == 12'250_us);
  CHECK(cloud.round_trip("c", "a") == 7'000'001_ns);
  CHECK(cloud.round_trip("a", "c") == 7'000'001_ns);
  CHECK(cloud.round_trip("b", "c") == std::nullopt);
  CHECK(cloud.round_trip("a", "a") == std::nullopt);
  CHECK(cloud.round_trip("a", "d") == std::nullopt);
}

TEST_CASE("every two regions of every cloud have a round trip, in both directions, of plausible length") {
  for (const std::string_view name : cloud_names()) {
    CAPTURE(name);
    const CloudPreset* cloud = find_cloud(name);
    REQUIRE(cloud != nullptr);
    CHECK(cloud->name() == name);
    for (const CloudRegion& from : cloud->regions()) {
      for (const CloudRegion& to : cloud->regions()) {
        if (from.name == to.name) continue;
        CAPTURE(from.name);
        CAPTURE(to.name);
        const auto there = cloud->round_trip(from.name, to.name);
        const auto back = cloud->round_trip(to.name, from.name);
        REQUIRE(there.has_value());
        REQUIRE(back.has_value());
        CHECK(*there >= 1_ms);
        CHECK(*there <= 500_ms);
      }
    }
  }
}

TEST_CASE("the regions of a cloud stand in the order of their names and have coordinates") {
  for (const std::string_view name : cloud_names()) {
    const auto& regions = find_cloud(name)->regions();
    CHECK(std::is_sorted(regions.begin(), regions.end(),
                         [](const auto& x, const auto& y) { return x.name < y.name; }));
    for (const CloudRegion& region : regions) {
      CAPTURE(region.name);
      CHECK(std::abs(region.latitude) <= 61);
      CHECK(std::abs(region.longitude) <= 180);
      CHECK_FALSE(region.display_name.empty());
    }
  }
}

TEST_CASE("the clouds hold the figures of their sources") {
  const CloudPreset& azure = *find_cloud("azure");
  CHECK(azure.regions().size() == 48);
  CHECK(azure.round_trip("westus", "westeurope") == 153_ms);
  CHECK(azure.round_trip("westeurope", "westus") == 153_ms);
  CHECK(azure.round_trip("australiacentral", "australiacentral2") == 3_ms);

  const CloudPreset& aws = *find_cloud("aws");
  CHECK(aws.regions().size() == 21);
  CHECK(aws.round_trip("af-south-1", "ap-northeast-1") == microseconds(370'322));

  const CloudPreset& gcp = *find_cloud("gcp");
  CHECK(gcp.regions().size() == 27);
  CHECK(gcp.round_trip("asia-east1", "asia-east2") == microseconds(23'938));
  CHECK(gcp.regions().front().display_name == "Changhua County; Taiwan; APAC");
}

TEST_CASE("regions without usable measurements are in no cloud") {
  const CloudPreset& azure = *find_cloud("azure");
  CHECK(has_region(azure, "westeurope"));
  for (const char* absent : {"indonesiacentral", "westindia", "jioindiawest", "denmarkeast"})
    CHECK_FALSE(has_region(azure, absent));
  CHECK_FALSE(has_region(*find_cloud("aws"), "cn-north-1"));
  CHECK_FALSE(has_region(*find_cloud("gcp"), "us-south1"));
}

TEST_CASE("a cloud that is not known is none") {
  CHECK(find_cloud("Azure") == nullptr);
  CHECK(find_cloud("") == nullptr);
}

TEST_CASE("the price of leaving a region is its cloud's list price for that way") {
  CHECK(egress_price("aws", "af-south-1", "ap-east-1") == Price{0.147});
  CHECK(egress_price("azure", "westus", "eastus") == Price{0.02});
  CHECK(egress_price("azure", "westus", "westeurope") == Price{0.05});
  CHECK(egress_price("azure", "westus", "centralus") == std::nullopt);
  CHECK(egress_price("azure", "westus", "westus") == std::nullopt);
  CHECK(egress_price("gcp", "westus", "eastus") == std::nullopt);
}
