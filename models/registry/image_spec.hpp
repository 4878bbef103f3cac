// What a scenario says of content: layers with names and sizes, and images made of them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

struct LayerSpec {
  std::string name;
  Bytes size;
  friend bool operator==(const LayerSpec&, const LayerSpec&) = default;
};

/// A named layer, shared by all images that list it, or the size of one that is nobody else's.
using LayerUse = std::variant<std::string, Bytes>;

struct LayeredImage {
  std::vector<LayerUse> layers;
  friend bool operator==(const LayeredImage&, const LayeredImage&) = default;
};

/// One of the bundled table of real images: `python:3.13-slim-trixie`, or `node:8@2` for one of
/// several versions.
struct RealImage {
  std::string real;
  friend bool operator==(const RealImage&, const RealImage&) = default;
};

struct IndexChild {
  std::string name;  ///< the platform, such as linux/amd64
  std::string image;
  friend bool operator==(const IndexChild&, const IndexChild&) = default;
};

/// Whether an index's children are replicated before it or after.
enum class ChildrenOrder : std::uint8_t { before, after };

struct ImageIndex {
  std::vector<IndexChild> index;
  ChildrenOrder children = ChildrenOrder::before;
  friend bool operator==(const ImageIndex&, const ImageIndex&) = default;
};

struct ImageSpec {
  std::string name;
  std::variant<LayeredImage, RealImage, ImageIndex> content;
  Place place;
  friend bool operator==(const ImageSpec&, const ImageSpec&) = default;
};

}  // namespace georep
