#include "sim/kernel/pending_events.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

using Entry = PendingEntry;

constexpr std::size_t insertion_sorted = 12;
constexpr std::size_t fewest_without_ladder = 16;

void sort_by_insertion(Entry* entries, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    const Entry entry = entries[i];
    std::size_t place = i;
    for (; place > 0 && entries[place - 1].at > entry.at; --place)
      entries[place] = entries[place - 1];
    entries[place] = entry;
  }
}

// Sorts stably by instant from `source` into `target`, in time that grows with the count: dealt out by the leading bits in which they
// differ into about as many bins as there are entries.
template <std::size_t most>
void sort_into(Entry* source, Entry* target, std::size_t count) {
  std::int64_t least = source[0].at;
  std::int64_t greatest = least;
  bool sorted = true;
  for (std::size_t i = 1; i < count; ++i) {
    const std::int64_t at = source[i].at;
    sorted = sorted && at >= source[i - 1].at;
    least = std::min(least, at);
    greatest = std::max(greatest, at);
  }
  if (sorted || count <= insertion_sorted) {
    std::copy_n(source, count, target);
    if (!sorted) sort_by_insertion(target, count);
    return;
  }
  const auto bin_bits = static_cast<unsigned>(std::bit_width(count - 1));
  const auto range_bits =
      static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(greatest - least)));
  const unsigned shift = range_bits > bin_bits ? range_bits - bin_bits : 0;
  const std::size_t bins = std::size_t{1} << bin_bits;
  std::array<std::uint16_t, 2 * most> ends;
  std::fill_n(ends.begin(), bins, 0);
  const auto bin_of = [=](const Entry& entry) {
    return static_cast<std::size_t>(entry.at - least) >> shift;
  };
  for (std::size_t i = 0; i < count; ++i) ++ends[bin_of(source[i])];
  std::uint16_t begin = 0;
  std::uint16_t fullest = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    fullest = std::max(fullest, ends[bin]);
    begin = static_cast<std::uint16_t>(begin + std::exchange(ends[bin], begin));
  }
  for (std::size_t i = 0; i < count; ++i) target[ends[bin_of(source[i])]++] = source[i];
  if (fullest > insertion_sorted) {
    for (std::size_t bin = 0, from = 0; bin < bins; from = ends[bin++]) {
      const std::size_t within = ends[bin] - from;
      if (within <= insertion_sorted) continue;
      std::copy_n(target + from, within, source + from);
      sort_into<most>(source + from, target + from, within);
    }
  }
  sort_by_insertion(target, count);
}

}  // namespace

PendingEvents::PendingEvents() { hold_all_in_run(); }

// A bucket of up to so many entries becomes the run as a whole. A long run saves levels, but an event that is scheduled into it moves half
// of it; of n events about run / n are.
std::size_t PendingEvents::take_limit() const {
  const std::size_t square_root = std::size_t{1} << (std::bit_width(size_) / 2 + 1);
  return std::clamp(square_root, std::size_t{32}, largest_take);
}

PendingEvents::Chunk* PendingEvents::new_chunk() {
  if (free_chunks_ != nullptr) return std::exchange(free_chunks_, free_chunks_->next);
  if (fresh_chunks_ == fresh_end_) {
    const std::size_t count = std::size_t{16} << std::min<std::size_t>(slabs_.size(), 6);
    slabs_.push_back(std::make_unique_for_overwrite<Chunk[]>(count));
    fresh_chunks_ = slabs_.back().get();
    fresh_end_ = fresh_chunks_ + count;
  }
  fresh_chunks_->entries.fill({});
  return fresh_chunks_++;
}

void PendingEvents::add_chunk(Bucket& bucket, Place place) {
  Chunk* chunk = new_chunk();
  chunk->next = nullptr;
  if (bucket.head == nullptr) {
    bucket.head = chunk;
    add(ladder_->occupied[place.level], place.digit);
    levels_ |= 1U << place.level;
  } else {
    chunk_before(bucket.end)->next = chunk;
  }
  bucket.end = chunk->entries.data();
}

void PendingEvents::release(Bucket& bucket) {
  if (bucket.head == nullptr) return;
  chunk_before(bucket.end)->next = free_chunks_;
  free_chunks_ = bucket.head;
  bucket = Bucket{};
}

PendingEvents::Place PendingEvents::first_place() const {
  const auto level = static_cast<unsigned>(std::countr_zero(levels_));
  return {level, first_of(ladder_->occupied[level])};
}

std::int64_t PendingEvents::start_of(Place place) const {
  const unsigned shift = digit_bits * place.level;
  const std::int64_t above = base_ >> shift & ~std::int64_t{width - 1};
  return (above | static_cast<std::int64_t>(place.digit)) << shift;
}

PendingEvents::Bucket PendingEvents::detach(Place place) {
  DigitSet& occupied = ladder_->occupied[place.level];
  remove(occupied, place.digit);
  if (occupied == DigitSet{}) levels_ &= ~(1U << place.level);
  remove(ladder_->holed[place.level], place.digit);
  return std::exchange(ladder_->buckets[place.level][place.digit], Bucket{});
}

void PendingEvents::hold_all_in_run() {
  run_begin_ = head_ = tail_ = small_run_.data();
  run_end_ = run_begin_ + small_run;
  run_last_ = std::numeric_limits<std::int64_t>::max();
}

// The run has come to the end of its room: moves it to the beginning, or where it is long, its later part into buckets.
void PendingEvents::make_room() {
  // What stands before the head was popped, so now is not before it.
  if (head_ != run_begin_) base_ = std::max(base_, head_[-1].at);
  const bool small = run_begin_ == small_run_.data();
  if (run_length() >= (small ? small_run * 3 / 4 : 2 * take_limit())) {
    spill();
    return;
  }
  tail_ = std::move(head_, tail_, run_begin_);
  head_ = run_begin_;
  if (!small) run_end_ = run_begin_ + std::min(2 * largest_take, run_length() + take_limit());
}

void PendingEvents::spill() {
  if (ladder_ == nullptr) ladder_ = std::make_unique<Ladder>();
  Entry* const end = tail_;
  for (unsigned level = levels; level-- > 0;) {
    const std::int64_t last = last_alike(base_, level);
    if (last >= run_last_) continue;
    tail_ = std::upper_bound(head_, end, last,
                             [](std::int64_t at, const Entry& entry) { return at < entry.at; });
    run_last_ = last;
    if (tail_ - head_ <= (end - head_) / 2) break;
  }
  for (const Entry* entry = tail_; entry != end; ++entry) append(*entry);
}

// Opens buckets that begin at `limit` or earlier until one yields the run. False when none does, or a crowd was found.
bool PendingEvents::refill(std::int64_t limit) {
  if (size_ <= fewest_without_ladder) {
    collapse();
    return true;
  }
  const std::size_t most = take_limit();
  run_begin_ = head_ = tail_ = ladder_->run.data();
  run_end_ = run_begin_ + 2 * most;
  while (levels_ != 0) {
    const Place place = first_place();
    const std::int64_t start = start_of(place);
    if (start > limit) return false;
    base_ = start;
    run_last_ = start - 1;
    if (!take(place, most)) {
      if (contains(ladder_->holed[place.level], place.digit)) {
        fill_holes(place);
        continue;
      }
      Bucket bucket = detach(place);
      if (place.level == 0) {
        crowd_ = bucket;
        return false;
      }
      take_all(bucket, [this](const Entry& entry) { append(entry); });
      continue;
    }
    // A run that is not all too short lets memory keep up with it.
    while (run_length() < most / 2 && (levels_ >> place.level & 1) != 0 &&
           take({place.level, first_of(ladder_->occupied[place.level])}, most)) {
    }
    if (head_ == tail_) continue;
    prefetch_first();
    return true;
  }
  return false;
}

// So few are left that the ladder is not worth its steps.
void PendingEvents::collapse() {
  hold_all_in_run();
  while (levels_ != 0) {
    Bucket bucket = detach(first_place());
    take_all(bucket, [this](const Entry& entry) { insert(entry); });
  }
}

// Adds a bucket to the end of the run if it has no more than so many entries.
bool PendingEvents::take(Place place, std::size_t most) {
  const Bucket& bucket = ladder_->buckets[place.level][place.digit];
  const Chunk* const last = chunk_before(bucket.end);
  auto count = static_cast<std::size_t>(bucket.end - last->entries.data());
  for (const Chunk* chunk = bucket.head; chunk != last; chunk = chunk->next) {
    count += chunk_entries;
    if (count > most) return false;
  }
  Entry* end = ladder_->scratch.data();
  for (unsigned ahead = 1; ahead <= 2; ++ahead)
    prefetch(ladder_->buckets[place.level][(place.digit + ahead) % width].head, chunk_bytes);
  run_last_ = last_alike(start_of(place), place.level);
  Bucket taken = detach(place);
  take_all(taken, [&end](const Entry& entry) { *end++ = entry; });
  count = static_cast<std::size_t>(end - ladder_->scratch.data());
  if (count > 0) sort_into<largest_take>(ladder_->scratch.data(), tail_, count);
  tail_ += count;
  return true;
}

void PendingEvents::prefetch_first() const {
  for (std::size_t ahead = 0; ahead < prefetch_distance; ++ahead)
    prefetch_owner(head_[ahead].event);
}

void PendingEvents::cancel(Event& event) {
  --size_;
  if (event.key_ <= run_last_) {
    erase_from_run(event);
    return;
  }
  const Place place = place_of(event.key_);
  Bucket& bucket = ladder_->buckets[place.level][place.digit];
  // The memory of chunks is never given back and holds none but pending events, so that an outdated place tells itself.
  Entry* entry = event.entry_;
  if (entry == nullptr || entry->event != &event || entry->at != event.key_) {
    tell_places(bucket);
    entry = event.entry_;
  }
  entry->event = nullptr;
  if (entry + 1 == bucket.end && entry != chunk_before(bucket.end)->entries.data()) {
    bucket.end = entry;
    return;
  }
  add(ladder_->holed[place.level], place.digit);
  ++dead_;
  if (dead_ > size_ + dead_allowance) sweep();
}

void PendingEvents::erase_from_run(const Event& event) {
  Entry* entry =
      std::lower_bound(head_, tail_, event.key_,
                       [](const Entry& e, std::int64_t instant) { return e.at < instant; });
  while (entry != tail_ && entry->event != &event) ++entry;
  GEOREP_ASSERT(entry != tail_, "a pending event is in the pending set");
  tail_ = std::move(entry + 1, tail_, entry);
}

void PendingEvents::tell_places(const Bucket& bucket) const {
  visit(bucket, [](Entry& entry) {
    if (entry.event != nullptr) entry.event->entry_ = &entry;
  });
}

// Moves the entries of a bucket together.
void PendingEvents::fill_holes(Place holed) {
  Bucket& bucket = ladder_->buckets[holed.level][holed.digit];
  Chunk* chunk = bucket.head;
  Entry* end = chunk->entries.data();
  visit(bucket, [&](Entry& place) {
    const Entry entry{place.at, std::exchange(place.event, nullptr)};
    if (entry.event == nullptr) {
      --dead_;
      return;
    }
    if (at_boundary(end)) {
      chunk = chunk->next;
      end = chunk->entries.data();
    }
    *end++ = entry;
  });
  if (end == bucket.head->entries.data()) {
    Bucket emptied = detach(holed);
    release(emptied);
    return;
  }
  if (chunk != chunk_before(bucket.end)) {
    Bucket rest{bucket.end, chunk->next};
    release(rest);
  }
  bucket.end = end;
  remove(ladder_->holed[holed.level], holed.digit);
}

void PendingEvents::sweep() {
  for (unsigned level = 0; level < levels; ++level)
    while (ladder_->holed[level] != DigitSet{}) fill_holes({level, first_of(ladder_->holed[level])});
}

}  // namespace georep
