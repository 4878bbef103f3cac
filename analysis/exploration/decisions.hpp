// Decides a run of a search as it goes.
#pragma once

#include <cstdint>
#include <span>

#include "analysis/exploration/freedom.hpp"
#include "analysis/exploration/trace.hpp"
#include "sim/kernel/choice.hpp"

namespace georep {

class Decisions {
 public:
  virtual ~Decisions() = default;

  /// Which of at least two events at one instant goes next: an index, 0 for first come, first served.
  virtual std::size_t event(std::span<const EventName> candidates) = 0;
  /// One of `count` values, at least two; 0 is the dullest.
  virtual std::uint32_t value(std::uint64_t site, ChoiceKind kind, std::uint32_t count) = 0;
  /// A delay within the range, or the nominal one where the range leaves that out.
  virtual Duration delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                         Freedom::Range range) = 0;
};

}  // namespace georep
