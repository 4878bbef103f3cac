// A table from 64-bit identities, which are well mixed and never 0, to small values. It only grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace georep {

template <class Value>
class IdentityMap {
 public:
  IdentityMap() : slots_(1024) {}

  Value* find(std::uint64_t identity) {
    Slot& slot = slots_[place(identity)];
    return slot.identity == 0 ? nullptr : &slot.value;
  }
  const Value* find(std::uint64_t identity) const {
    const Slot& slot = slots_[place(identity)];
    return slot.identity == 0 ? nullptr : &slot.value;
  }

  /// The entry of an identity, and whether it is new. Valid until the next insertion.
  std::pair<Value*, bool> insert(std::uint64_t identity) {
    if ((size_ + 1) * 2 > slots_.size()) [[unlikely]] grow();
    Slot& slot = slots_[place(identity)];
    const bool added = slot.identity == 0;
    if (added) {
      slot.identity = identity;
      ++size_;
    }
    return {&slot.value, added};
  }

  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t identity = 0;
    Value value{};
  };

  std::size_t place(std::uint64_t identity) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t result = identity & mask;
    while (slots_[result].identity != 0 && slots_[result].identity != identity)
      result = (result + 1) & mask;
    return result;
  }
  [[gnu::cold, gnu::noinline]] void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old)
      if (slot.identity != 0) slots_[place(slot.identity)] = std::move(slot);
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace georep
