// How the next run of a search is to go: which events first, how long the delays, which values. What it does not say takes its course.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/exploration/trace.hpp"

namespace georep {

struct SchedulePlan {
  /// A value for the `place`-th draw or choice of the event of that name.
  struct Setting {
    EventName event;
    std::uint32_t place;
    std::int64_t value;
  };
  std::vector<EventName> order;  ///< of events that could happen at one instant, the first of these goes first
  std::vector<Setting> delays;   ///< in nanoseconds
  std::vector<Setting> choices;

  void clear() {
    order.clear();
    delays.clear();
    choices.clear();
  }
};

}  // namespace georep
