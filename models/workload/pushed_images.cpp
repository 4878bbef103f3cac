#include "models/workload/pushed_images.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/workload/draws.hpp"

namespace georep {

PushedImages::Push PushedImages::next(const Chance& chance, Content& content, Names& names) {
  const std::uint64_t n = ++pushed_;
  Draw draw = chance.draw(key_, Purpose::content, n);
  const std::uint64_t k = draw.uniform_below(repositories_.size());
  const std::int64_t depth = std::clamp<std::int64_t>(sample_count(spec_.layers.count, draw), 1, most_layers);
  const std::int64_t changed = std::min(depth, sample_count(spec_.layers.changed, draw));
  std::vector<BlobId>& layers = repositories_[k];
  // The lower layers stay, as they do in a build; what is missing to the depth is new.
  layers.resize(std::min(layers.size(), static_cast<std::size_t>(depth - changed)));
  while (layers.size() < static_cast<std::size_t>(depth))
    layers.push_back(
        content.add_blob(Digest::of(fmt::format("layer {} v{} {}", name_, n, layers.size())),
                         sample(spec_.layers.size, draw)));
  Push push;
  push.tag = names.tag(names.repository(fmt::format("repo-{}", k + 1)), fmt::format("v{}", n));
  push.manifest = content.add_image(fmt::format("{} v{}", name_, n), layers, config_bytes_,
                                    fmt::format("{} v{}", name_, n));
  return push;
}

}  // namespace georep
