// The layers that a host keeps, all of them or, within a bound, those used last (LRU).
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <vector>

#include "models/registry/ids.hpp"

namespace georep {

class LayerStore {
 public:
  /// At most so many bytes; unlimited when empty.
  void set_capacity(std::optional<std::int64_t> bytes) { capacity_ = bytes; }

  bool contains(BlobId blob) const {
    return index(blob) < present_.size() && present_[index(blob)];
  }

  /// Marks a layer as used now, if it is there.
  void touch(BlobId blob);

  /// Keeps a layer. Evicts those used longest ago until it fits; one larger than the capacity is not kept.
  void insert(BlobId blob, std::int64_t bytes);

  void clear();

 private:
  struct Kept {
    BlobId blob;
    std::int64_t bytes;
  };
  std::optional<std::int64_t> capacity_;
  std::int64_t bytes_ = 0;
  std::vector<bool> present_;
  std::list<Kept> by_use_;  // least recently used first; only where there is a capacity
  std::vector<std::list<Kept>::iterator> places_;
};

}  // namespace georep
