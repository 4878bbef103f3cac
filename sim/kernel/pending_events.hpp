// The pending-event set: events in order of instant, and first in first out among equal instants.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

namespace georep {

class Event;

class PendingEvents {
 public:
  struct Entry {
    std::int64_t at;
    Event* event;
  };

  void push(std::int64_t at_ns, Event* event) {
    events_[at_ns].push_back(event);
    ++size_;
  }
  void cancel(std::int64_t at_ns, Event* event) {
    const auto found = events_.find(at_ns);
    found->second.erase(std::find(found->second.begin(), found->second.end(), event));
    if (found->second.empty()) events_.erase(found);
    --size_;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::int64_t next_at() { return events_.begin()->first; }
  Entry pop() {
    const auto first = events_.begin();
    const Entry entry{first->first, first->second.front()};
    first->second.pop_front();
    if (first->second.empty()) events_.erase(first);
    --size_;
    return entry;
  }
  void clear() {
    events_.clear();
    size_ = 0;
  }

 private:
  std::map<std::int64_t, std::deque<Event*>> events_;
  std::size_t size_ = 0;
};

}  // namespace georep
