// The images that a workload pushes: each is new content, made of some new layers on top of those of its repository's last one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/registry/content.hpp"
#include "models/registry/names.hpp"
#include "models/workload/spec.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

class PushedImages {
 public:
  /// `name`: of the workload; it tells its content from that of others, and keys its draws. `spec` must outlive this.
  PushedImages(const PushesSpec& spec, std::string name, std::int64_t config_bytes)
      : spec_{spec}, name_{std::move(name)}, key_{name_hash(name_)},
        config_bytes_{config_bytes}, repositories_(static_cast<std::size_t>(spec.repositories)) {}

  struct Push {
    TagId tag = TagId::none;
    ManifestId manifest = ManifestId::none;
  };

  /// Push number n, from 1, to a repository drawn evenly, under the tag `v{n}`. Ask for them in order.
  Push next(const Chance& chance, Content& content, Names& names);

 private:
  const PushesSpec& spec_;
  std::string name_;
  std::uint64_t key_;
  std::int64_t config_bytes_;
  std::vector<std::vector<BlobId>> repositories_;  // the layers of each one's last image
  std::uint64_t pushed_ = 0;
};

}  // namespace georep
