// The pending-event set: events in order of instant, and first in first out among equal instants.
//
// A radix ladder on integer time. The earliest events stand in a short sorted run that is popped from the front. Later ones wait
// in buckets, 256 to a level, by the highest digit in which their instant differs from the base of the ladder; the earliest bucket is
// opened when the run is empty, and becomes the run or is dealt out one level down. Every move keeps the order of arrival, so
// that ties need no sequence number and an entry takes 16 bytes. Few events live in the run alone: no ladder is built for them.
//
// An event knows where its entry was put. If the entry is still there, withdrawing the event leaves a hole; if it was moved meanwhile,
// all events of its bucket learn their places first, once after each move.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "sim/kernel/event.hpp"
#include "sim/kernel/prefetch.hpp"

namespace georep {

/// An event and its instant in nanoseconds.
struct PendingEntry {
  std::int64_t at;
  Event* event;  // null once it is withdrawn
};

class PendingEvents {
 public:
  using Entry = PendingEntry;

  PendingEvents();
  PendingEvents(const PendingEvents&) = delete;
  PendingEvents& operator=(const PendingEvents&) = delete;

  /// Adds an event at an instant after that of every event popped and every `limit` asked for.
  void push(std::int64_t at_ns, Event& event) {
    ++size_;
    event.key_ = at_ns;
    event.entry_ = insert(Entry{at_ns, &event});
  }

  /// Takes out an event that was pushed.
  void cancel(Event& event);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// Holes that withdrawals have left; at most 1,024 more than there are events.
  std::size_t dead() const { return dead_; }

  /// The earliest event if its instant is not after `limit`; null when there is none, or when a crowd is next.
  const Entry* first(std::int64_t limit) {
    if (head_ == tail_ && (size_ == 0 || !refill(limit))) return nullptr;
    return head_->at <= limit ? head_ : nullptr;
  }

  /// Takes out the event that `first` found.
  Event& pop() {
    // Events are far away in memory; this one is on its way while those before it happen.
    prefetch_owner(head_[prefetch_distance].event);
    --size_;
    return *head_++->event;
  }

  /// Whether `first` came upon an instant so full that its events are better taken all at once.
  bool crowded() const { return crowd_.head != nullptr; }
  std::int64_t crowd_at() const { return base_; }
  /// Takes out the events of the crowded instant, in order.
  template <class Take>
  void take_crowd(Take take) {
    take_all(crowd_, [&](const Entry& entry) {
      --size_;
      take(*entry.event);
    });
  }

  /// Takes out every event, in no order that matters, and begins anew at instant 0. Keeps memory.
  template <class Take>
  void clear(Take take) {
    for (const Entry* entry = head_; entry != tail_; ++entry) take(*entry->event);
    take_crowd(take);
    while (levels_ != 0) {
      Bucket bucket = detach(first_place());
      take_all(bucket, [&](const Entry& entry) { take(*entry.event); });
    }
    size_ = 0;
    base_ = 0;
    hold_all_in_run();
  }

 private:
  static constexpr unsigned digit_bits = 8;
  static constexpr unsigned width = 1U << digit_bits;
  static constexpr unsigned levels = 8;
  static constexpr std::size_t chunk_bytes = 256;
  static constexpr std::size_t chunk_entries = chunk_bytes / sizeof(Entry) - 1;
  static constexpr std::size_t small_run = 160;     // room for a set that needs no ladder
  static constexpr std::size_t largest_take = 512;  // entries of a bucket that becomes the run
  static constexpr std::size_t dead_allowance = 1024;

  // Entries of a bucket, in order of arrival. Aligned, so that the place of the next entry says whether the chunk is full. Where no
  // event is pending, the entry holds none, in use or not.
  struct alignas(chunk_bytes) Chunk {
    Chunk* next;
    alignas(sizeof(Entry)) std::array<Entry, chunk_entries> entries;
  };
  static_assert(sizeof(Chunk) == chunk_bytes);

  struct Bucket {
    Entry* end = nullptr;  // where the next entry goes; at the boundary of a chunk, in a new one
    Chunk* head = nullptr;
  };
  struct Place {
    unsigned level;
    unsigned digit;
  };
  using DigitSet = std::array<std::uint64_t, width / 64>;
  struct Ladder {
    std::array<std::array<Bucket, width>, levels> buckets{};
    std::array<DigitSet, levels> occupied{};
    std::array<DigitSet, levels> holed{};  // buckets with holes
    std::array<Entry, 2 * largest_take + prefetch_distance + 1> run{};
    std::array<Entry, largest_take> scratch{};
  };

  static bool at_boundary(const Entry* place) {
    return (reinterpret_cast<std::uintptr_t>(place) & (chunk_bytes - 1)) == 0;
  }
  static Chunk* chunk_before(const Entry* end) {
    return reinterpret_cast<Chunk*>((reinterpret_cast<std::uintptr_t>(end) - 1) &
                                    ~(chunk_bytes - 1));
  }
  static bool contains(const DigitSet& set, unsigned digit) {
    return (set[digit / 64] >> (digit % 64) & 1) != 0;
  }
  static void add(DigitSet& set, unsigned digit) { set[digit / 64] |= 1ULL << (digit % 64); }
  static void remove(DigitSet& set, unsigned digit) { set[digit / 64] &= ~(1ULL << (digit % 64)); }
  static unsigned first_of(const DigitSet& set) {
    unsigned word = 0;
    while (set[word] == 0) ++word;
    return word * 64 + static_cast<unsigned>(std::countr_zero(set[word]));
  }
  // The last instant whose digits from `level` upwards are those of `at`.
  static std::int64_t last_alike(std::int64_t at, unsigned level) {
    return at | ((std::int64_t{1} << (digit_bits * level)) - 1);
  }

  Place place_of(std::int64_t at) const {
    const auto difference = static_cast<std::uint64_t>(at ^ base_) | 1;
    const unsigned level = (63U - static_cast<unsigned>(std::countl_zero(difference))) / digit_bits;
    return {level, static_cast<unsigned>(at >> (digit_bits * level)) & (width - 1)};
  }

  // Where the entry was put if it may be found there again.
  Entry* insert(const Entry& entry) {
    if (entry.at > run_last_) return append(entry);
    if (tail_ == run_end_) [[unlikely]] {
      make_room();
      return insert(entry);
    }
    Entry* place = tail_++;
    while (place != head_ && place[-1].at > entry.at) {
      *place = place[-1];
      --place;
    }
    *place = entry;
    return nullptr;
  }
  Entry* append(const Entry& entry) {
    const Place place = place_of(entry.at);
    Bucket& bucket = ladder_->buckets[place.level][place.digit];
    if (at_boundary(bucket.end)) add_chunk(bucket, place);
    *bucket.end = entry;
    return bucket.end++;
  }

  template <class Visit>
  static void visit(const Bucket& bucket, Visit visit) {
    for (Chunk* chunk = bucket.head; chunk != nullptr; chunk = chunk->next) {
      prefetch(chunk->next, chunk_bytes);
      const bool last = chunk == chunk_before(bucket.end);
      Entry* end = last ? bucket.end : chunk->entries.data() + chunk_entries;
      for (Entry* entry = chunk->entries.data(); entry != end; ++entry) visit(*entry);
      if (last) return;
    }
  }
  // Takes out what is not a hole, and gives the memory back.
  template <class Take>
  void take_all(Bucket& bucket, Take take) {
    visit(bucket, [&](Entry& place) {
      const Entry entry{place.at, std::exchange(place.event, nullptr)};
      if (entry.event == nullptr) {
        --dead_;
      } else {
        take(entry);
      }
    });
    release(bucket);
  }

  std::size_t run_length() const { return static_cast<std::size_t>(tail_ - head_); }
  std::size_t take_limit() const;
  Chunk* new_chunk();
  void add_chunk(Bucket& bucket, Place place);
  void release(Bucket& bucket);
  Place first_place() const;
  std::int64_t start_of(Place place) const;
  Bucket detach(Place place);

  void hold_all_in_run();
  void make_room();
  void spill();
  bool refill(std::int64_t limit);
  void collapse();
  bool take(Place place, std::size_t most);
  void prefetch_first() const;
  void erase_from_run(const Event& event);
  void tell_places(const Bucket& bucket) const;
  void fill_holes(Place holed);
  void sweep();

  // The run: [head_, tail_) within [run_begin_, run_end_), sorted, all instants up to run_last_ and no other.
  Entry* head_;
  Entry* tail_;
  Entry* run_end_;
  Entry* run_begin_;
  std::int64_t run_last_;
  std::int64_t base_ = 0;  // not after now; no entry of a bucket is before it
  std::size_t size_ = 0;
  std::size_t dead_ = 0;
  std::uint32_t levels_ = 0;  // those with an occupied bucket
  Bucket crowd_;
  std::unique_ptr<Ladder> ladder_;
  Chunk* free_chunks_ = nullptr;
  Chunk* fresh_chunks_ = nullptr;
  Chunk* fresh_end_ = nullptr;
  std::vector<std::unique_ptr<Chunk[]>> slabs_;
  std::array<Entry, small_run + prefetch_distance + 1> small_run_{};
};

}  // namespace georep
