// Names of events that are the same in every run of a search.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "analysis/exploration/trace.hpp"

namespace georep {

class EventNames {
 public:
  /// The `place`-th event (from 0) that an event of the name `cause` scheduled.
  EventName child(EventName cause, std::uint32_t place) {
    while (children_[cause].size() <= place) {
      const auto name = static_cast<EventName>(entries_.size());
      entries_.push_back({cause, static_cast<std::uint32_t>(children_[cause].size())});
      children_[cause].push_back(name);
      children_.emplace_back();
    }
    return children_[cause][place];
  }

  /// The way from the root to an event: which child at each step. The same in every search, unlike the names.
  std::vector<std::uint32_t> path(EventName name) const {
    std::vector<std::uint32_t> result;
    for (; name != 0; name = entries_[name].cause) result.push_back(entries_[name].place);
    std::reverse(result.begin(), result.end());
    return result;
  }
  EventName at(const std::vector<std::uint32_t>& path) {
    EventName name = 0;
    for (const std::uint32_t place : path) name = child(name, place);
    return name;
  }

  EventName cause(EventName name) const { return entries_[name].cause; }
  std::uint32_t place(EventName name) const { return entries_[name].place; }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    EventName cause;
    std::uint32_t place;
  };
  std::vector<Entry> entries_{{0, 0}};
  std::vector<std::vector<EventName>> children_{{}};
};

}  // namespace georep
