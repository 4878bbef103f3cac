#include "models/workload/catalog.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/workload/draws.hpp"

namespace georep {

Catalog compile_catalog(const CatalogSpec& spec, const std::string& name, const Chance& chance,
                        std::int64_t config_bytes, Content& content, Names& names) {
  const auto count = static_cast<std::size_t>(spec.repositories * spec.tags);
  Catalog catalog{{}, Popularity{count, spec.zipf}};
  catalog.images.reserve(count);
  const std::uint64_t key = name_hash(name);
  std::vector<BlobId> layers;
  for (std::int64_t r = 1; r <= spec.repositories; ++r) {
    const RepositoryId repository = names.repository(fmt::format("{}-{}", name, r));
    for (std::int64_t t = 1; t <= spec.tags; ++t) {
      const std::uint64_t image = catalog.images.size();
      Draw draw = chance.draw(key, Purpose::content, image);
      const std::int64_t depth = std::clamp<std::int64_t>(sample_count(spec.layers.count, draw), 1, most_layers);
      layers.clear();
      for (std::int64_t l = 1; l <= depth; ++l)
        layers.push_back(content.add_blob(Digest::of(fmt::format("layer {}-{}:t{} {}", name, r, t, l)),
                                          sample(spec.layers.size, draw)));
      const ManifestId manifest =
          content.add_image(fmt::format("{}-{}:t{}", name, r, t), layers, config_bytes);
      catalog.images.push_back({names.tag(repository, fmt::format("t{}", t)), manifest});
    }
  }
  return catalog;
}

}  // namespace georep
