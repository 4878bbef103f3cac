// A binary heap of numbered entries, the least key first and the least number among equal keys, in which an entry's key can change and an entry
// can be taken out by its number.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace georep {

/// Where each entry stands in the heap that holds it, by number. Heaps whose entries are never in two of them at once may share one.
using HeapPlaces = std::vector<std::uint32_t>;
inline constexpr std::uint32_t no_heap_place = 0xFFFF'FFFF;

template <class Key>
class IndexedHeap {
 public:
  struct Entry {
    Key key;
    std::uint32_t id;
    bool operator<(const Entry& other) const {
      return key != other.key ? key < other.key : id < other.id;
    }
  };

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  const Entry& top() const { return entries_.front(); }
  const std::vector<Entry>& entries() const { return entries_; }
  void clear() { entries_.clear(); }

  /// Adds an entry, or gives the one of that number another key.
  void set(std::uint32_t id, Key key, HeapPlaces& places) {
    std::uint32_t place = places[id];
    if (place == no_heap_place) {
      place = static_cast<std::uint32_t>(entries_.size());
      entries_.push_back({key, id});
      rise(place, {key, id}, places);
      return;
    }
    const Entry entry{key, id};
    if (entry < entries_[place]) {
      rise(place, entry, places);
    } else {
      sink(place, entry, places);
    }
  }

  /// Takes out the entry of that number, if it is here.
  void erase(std::uint32_t id, HeapPlaces& places) {
    const std::uint32_t place = places[id];
    if (place == no_heap_place) return;
    places[id] = no_heap_place;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (last.id == id) return;
    if (place > 0 && last < entries_[(place - 1) / 2]) {
      rise(place, last, places);
    } else {
      sink(place, last, places);
    }
  }

  /// Takes `amount` off every key. The order stays.
  void shift(Key amount) {
    for (Entry& entry : entries_) entry.key -= amount;
  }

 private:
  void put(std::uint32_t place, const Entry& entry, HeapPlaces& places) {
    entries_[place] = entry;
    places[entry.id] = place;
  }
  void rise(std::uint32_t place, Entry entry, HeapPlaces& places) {
    while (place > 0) {
      const std::uint32_t parent = (place - 1) / 2;
      if (!(entry < entries_[parent])) break;
      put(place, entries_[parent], places);
      place = parent;
    }
    put(place, entry, places);
  }
  void sink(std::uint32_t place, Entry entry, HeapPlaces& places) {
    const auto size = static_cast<std::uint32_t>(entries_.size());
    for (std::uint32_t child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && entries_[child + 1] < entries_[child]) ++child;
      if (!(entries_[child] < entry)) break;
      put(place, entries_[child], places);
      place = child;
    }
    put(place, entry, places);
  }

  std::vector<Entry> entries_;
};

}  // namespace georep
