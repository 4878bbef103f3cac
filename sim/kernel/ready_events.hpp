// The events at this instant, in the order in which they were made ready.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/prefetch.hpp"

namespace georep {

/// A list in which an event is found again by its place, and which stays short however long an instant lasts.
class ReadyEvents {
 public:
  bool empty() const { return live_ == 0; }
  std::size_t size() const { return live_; }

  /// Adds an event; yields its place.
  std::int64_t push(Event* event) {
    if (end_ == events_.size()) [[unlikely]] grow();
    events_[end_] = event;
    ++live_;
    return static_cast<std::int64_t>(end_++);
  }

  Event* pop_first() {
    while (events_[head_] == nullptr) ++head_;
    Event* event = events_[head_++];
    if (head_ + prefetch_distance < end_)
      prefetch_owner(events_[head_ + prefetch_distance]);
    took_one();
    return event;
  }

  void remove(std::int64_t place) {
    events_[static_cast<std::size_t>(place)] = nullptr;
    took_one();
  }

  /// Whether so many places are empty that the list is better made anew.
  bool sparse() const { return end_ > 2 * live_ + 1'024; }

  /// Closes the gaps: `moved(event, place)` hears the new place of each event.
  template <class Moved>
  void compact(Moved moved) {
    std::size_t end = 0;
    for (std::size_t place = head_; place < end_; ++place) {
      if (events_[place] == nullptr) continue;
      events_[end] = events_[place];
      moved(*events_[end], static_cast<std::int64_t>(end));
      ++end;
    }
    end_ = end;
    head_ = 0;
  }

  /// Calls `visit(event)` for each in order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t place = head_; place < end_; ++place)
      if (events_[place] != nullptr) visit(events_[place]);
  }

  void clear() {
    end_ = 0;
    head_ = 0;
    live_ = 0;
  }

 private:
  void took_one() {
    if (--live_ == 0) clear();
  }

  [[gnu::noinline]] void grow() { events_.resize(std::max<std::size_t>(16, 2 * events_.size())); }

  // Those in [head_, end_); a withdrawn event leaves a null in its place.
  std::vector<Event*> events_;
  std::size_t head_ = 0;
  std::size_t end_ = 0;
  std::size_t live_ = 0;
};

}  // namespace georep
