#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "models/data/images.hpp"

using namespace georep;

TEST_CASE("the layers of every real image add up to the published size of the image") {
  CHECK(real_images().size() == 47);
  for (const RealImageVersion& image : real_images()) {
    CAPTURE(image.name);
    std::int64_t sum = 0;
    for (const RealLayer& layer : image.layers) sum += layer.bytes;
    CHECK(sum == image.bytes);
    CHECK_FALSE(image.layers.empty());
  }
}

TEST_CASE("every layer has a digest of SHA-256, and one digest has one size") {
  std::map<std::string_view, std::int64_t> size_of;
  for (const RealImageVersion& image : real_images()) {
    for (const RealLayer& layer : image.layers) {
      CAPTURE(layer.digest);
      CHECK(layer.digest.size() == 71);
      CHECK(layer.digest.starts_with("sha256:"));
      CHECK(layer.digest.substr(7).find_first_not_of("0123456789abcdef") == std::string_view::npos);
      CHECK(size_of.try_emplace(layer.digest, layer.bytes).first->second == layer.bytes);
    }
  }
}

TEST_CASE("an image is found by its tag, with its layers in order") {
  const auto* python = find_real_image("python:3.13-slim-trixie");
  REQUIRE(python != nullptr);
  REQUIRE(python->size() == 4);
  std::int64_t total = 0;
  for (const RealLayer& layer : *python) total += layer.bytes;
  CHECK(total == 42'961'458);
  const auto* hello = find_real_image("hello-world:latest");
  REQUIRE(hello != nullptr);
  REQUIRE(hello->size() == 1);
  CHECK(hello->front().bytes == 985);
}

TEST_CASE("of several versions of a tag, each goes by its number and the newest by the plain name") {
  const auto* newest = find_real_image("node:8");
  REQUIRE(newest != nullptr);
  CHECK(newest == find_real_image("node:8@3"));
  const auto* second = find_real_image("node:8@2");
  REQUIRE(second != nullptr);
  CHECK(second != newest);
  CHECK(second->front().digest == newest->front().digest);  // the operating system stayed
  CHECK(second->back().digest != newest->back().digest);

  std::vector<std::string> dates;
  for (const RealImageVersion& image : real_images())
    if (image.name.starts_with("node:8@")) dates.emplace_back(image.date);
  CHECK(dates.size() == 3);
  CHECK(std::is_sorted(dates.begin(), dates.end()));
}

TEST_CASE("a name that the table does not hold finds nothing") {
  for (const char* name : {"", "node", "node:8@4", "node:8@0", "node:8@", "python:2.7@1", "Python:2.7"}) {
    CAPTURE(name);
    CHECK(find_real_image(name) == nullptr);
  }
}

TEST_CASE("every listed name finds an image, and the list is sorted") {
  const auto& names = real_image_names();
  CHECK(names.size() == 50);  // 41 tags of one version, 3 tags of three versions under four names each
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const std::string& name : names) CHECK(find_real_image(name) != nullptr);
  CHECK(std::binary_search(names.begin(), names.end(), "node:8"));
  CHECK(std::binary_search(names.begin(), names.end(), "node:8@1"));
}
