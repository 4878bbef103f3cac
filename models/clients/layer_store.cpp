#include "models/clients/layer_store.hpp"

namespace georep {

void LayerStore::touch(BlobId blob) {
  if (!capacity_ || !contains(blob)) return;
  by_use_.splice(by_use_.end(), by_use_, places_[index(blob)]);
}

void LayerStore::insert(BlobId blob, std::int64_t bytes) {
  if (contains(blob)) {
    touch(blob);
    return;
  }
  if (capacity_ && bytes > *capacity_) return;
  if (index(blob) >= present_.size()) present_.resize(index(blob) + 1);
  present_[index(blob)] = true;
  if (!capacity_) return;
  while (bytes_ + bytes > *capacity_) {
    bytes_ -= by_use_.front().bytes;
    present_[index(by_use_.front().blob)] = false;
    by_use_.pop_front();
  }
  by_use_.push_back(Kept{blob, bytes});
  bytes_ += bytes;
  if (places_.size() < present_.size()) places_.resize(present_.size());
  places_[index(blob)] = std::prev(by_use_.end());
}

void LayerStore::clear() {
  present_.clear();
  by_use_.clear();
  places_.clear();
  bytes_ = 0;
}

}  // namespace georep
