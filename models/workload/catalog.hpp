// Images that are everywhere before a run begins, and how often each is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/registry/content.hpp"
#include "models/registry/names.hpp"
#include "models/workload/popularity.hpp"
#include "models/workload/spec.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

/// A tag that points at content in every replica before the run begins.
struct StoredImage {
  TagId tag = TagId::none;
  ManifestId manifest = ManifestId::none;
};

struct Catalog {
  std::vector<StoredImage> images;  ///< the most popular one first
  Popularity popularity;
};

/// Draws a catalog's images and adds them to what is known. Repositories are called `NAME-1`, `NAME-2` …, their tags `t1`, `t2` …; the
/// tags of the first repository are the most popular. No two images share a layer.
Catalog compile_catalog(const CatalogSpec& spec, const std::string& name, const Chance& chance,
                        std::int64_t config_bytes, Content& content, Names& names);

}  // namespace georep
