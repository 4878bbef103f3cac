// The least that a pending-event set costs by hand: buckets by the digits of an integer time, the first of which is sorted and popped from the
// front. First in first out among equal times. No withdrawing, no reset, no checks, and times never before the last one popped.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace bench {

class RadixLadder {
 public:
  struct Entry {
    std::uint64_t at;
    std::uint64_t payload;
  };

  RadixLadder() { run_.reserve(4 * longest_run + 1); }

  void push(std::uint64_t at, std::uint64_t payload) {
    if (at >= run_limit_) {
      append({at, payload});
      return;
    }
    run_.push_back({at, payload});
    std::size_t place = run_.size() - 1;
    for (; place > head_ && run_[place - 1].at > at; --place) run_[place] = run_[place - 1];
    run_[place] = {at, payload};
    if (run_.size() - head_ > 4 * longest_run) shorten();
  }
  Entry pop() {
    if (head_ == run_.size()) refill();
    return run_[head_++];
  }
  /// What comes so many places after the next one, if that is known.
  const Entry* ahead(std::size_t places) const {
    return head_ + places < run_.size() ? &run_[head_ + places] : nullptr;
  }

 private:
  static constexpr unsigned bits = 8;
  static constexpr unsigned width = 1U << bits;
  static constexpr unsigned levels = 8;
  static constexpr std::size_t longest_run = 64;
  static constexpr unsigned in_chunk = 15;
  struct Chunk {
    std::array<Entry, in_chunk> entries;
    Chunk* next;
  };
  struct Bucket {
    Chunk* first = nullptr;
    Chunk* last = nullptr;
    std::uint32_t count = 0;
    std::uint32_t in_last = 0;
  };

  void append(const Entry& entry) {
    const std::uint64_t difference = (entry.at ^ base_) | 1;
    const unsigned level = (63U - static_cast<unsigned>(std::countl_zero(difference))) / bits;
    const unsigned digit = static_cast<unsigned>(entry.at >> (bits * level)) & (width - 1);
    Bucket& bucket = buckets_[level][digit];
    if (bucket.count == 0) {
      bucket.first = bucket.last = new_chunk();
      bucket.in_last = 0;
      occupied_[level][digit / 64] |= 1ULL << (digit % 64);
      used_levels_ |= 1U << level;
    } else if (bucket.in_last == in_chunk) {
      bucket.last = bucket.last->next = new_chunk();
      bucket.in_last = 0;
    }
    bucket.last->entries[bucket.in_last++] = entry;
    ++bucket.count;
  }
  Chunk* new_chunk() {
    if (free_ == nullptr) {
      constexpr std::size_t count = 256;
      slabs_.push_back(std::make_unique_for_overwrite<Chunk[]>(count));
      for (std::size_t i = count; i-- > 0;) {
        slabs_.back()[i].next = free_;
        free_ = &slabs_.back()[i];
      }
    }
    return std::exchange(free_, free_->next);
  }
  // Keeps of a long run what shares a finer bucket with its first entry.
  void shorten() {
    if (run_level_ == 0) return;
    base_ = run_[head_].at;
    --run_level_;
    run_limit_ = ((base_ >> (bits * run_level_)) + 1) << (bits * run_level_);
    std::size_t kept = head_;
    while (kept < run_.size() && run_[kept].at < run_limit_) ++kept;
    for (std::size_t i = kept; i < run_.size(); ++i) append(run_[i]);
    run_.resize(kept);
  }
  void refill() {
    run_.clear();
    head_ = 0;
    while (run_.empty()) {
      const auto level = static_cast<unsigned>(std::countr_zero(used_levels_));
      auto& set = occupied_[level];
      unsigned word = 0;
      while (set[word] == 0) ++word;
      const unsigned digit = word * 64 + static_cast<unsigned>(std::countr_zero(set[word]));
      set[word] &= set[word] - 1;
      if ((set[0] | set[1] | set[2] | set[3]) == 0) used_levels_ &= ~(1U << level);
      const Bucket bucket = std::exchange(buckets_[level][digit], Bucket{});
      const unsigned shift = bits * level;
      base_ = ((base_ >> shift & ~std::uint64_t{width - 1}) | digit) << shift;
      const bool takes = bucket.count <= longest_run || level == 0;
      if (takes) {
        run_level_ = level;
        run_limit_ = base_ + (1ULL << shift);
      }
      for (Chunk* chunk = bucket.first;;) {
        const unsigned count = chunk == bucket.last ? bucket.in_last : in_chunk;
        if (takes) {
          run_.insert(run_.end(), chunk->entries.begin(), chunk->entries.begin() + count);
        } else {
          for (unsigned i = 0; i < count; ++i) append(chunk->entries[i]);
        }
        Chunk* next = chunk->next;
        chunk->next = free_;
        free_ = chunk;
        if (chunk == bucket.last) break;
        chunk = next;
      }
      if (takes && level > 0) sort_run();
    }
  }
  void sort_run() {
    if (run_.size() > 24) {
      std::stable_sort(run_.begin(), run_.end(),
                       [](const Entry& a, const Entry& b) { return a.at < b.at; });
      return;
    }
    for (std::size_t i = 1; i < run_.size(); ++i) {
      const Entry entry = run_[i];
      std::size_t place = i;
      for (; place > 0 && run_[place - 1].at > entry.at; --place) run_[place] = run_[place - 1];
      run_[place] = entry;
    }
  }

  std::vector<Entry> run_;
  std::size_t head_ = 0;
  std::uint64_t base_ = 0;
  std::uint64_t run_limit_ = 0;  // the run has every pending time before it
  unsigned run_level_ = 0;
  std::uint32_t used_levels_ = 0;
  std::array<std::array<Bucket, width>, levels> buckets_{};
  std::array<std::array<std::uint64_t, width / 64>, levels> occupied_{};
  Chunk* free_ = nullptr;
  std::vector<std::unique_ptr<Chunk[]>> slabs_;
};

}  // namespace bench
