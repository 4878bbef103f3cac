// Real images: the digests and compressed sizes of their layers on linux/amd64, as Docker Hub served them. Layers
// that two images share have the same digest here. Sources: models/data/tables/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace georep {

/// A layer as the registry stores it.
struct RealLayer {
  std::string_view digest;  ///< `sha256:` and 64 hexadecimal digits
  std::int64_t bytes = 0;   ///< compressed
};

/// One version of a tag.
struct RealImageVersion {
  std::string name;                ///< `python:2.7`, or `node:8@2` where the table holds several versions of the tag
  std::string_view date;           ///< when its newest layer was made, ISO 8601
  std::string_view manifest;       ///< the manifest's digest
  std::int64_t bytes = 0;          ///< all its layers, as published
  std::string_view source;         ///< repository@commit:path of the record
  std::vector<RealLayer> layers;   ///< lowest first
};

/// All versions of all images, by name and then from the oldest to the newest.
const std::vector<RealImageVersion>& real_images();

/// Every name that find_real_image knows, sorted: `node:8`, `node:8@1`, …
const std::vector<std::string>& real_image_names();

/// The layers of an image, lowest first; null if there is none of that name. A tag without a version is its newest one,
/// as a registry would answer; `@1` is the oldest that the table holds.
const std::vector<RealLayer>* find_real_image(std::string_view name);

}  // namespace georep
