// What a search is free to decide in a run.
#pragma once

#include <cstdint>

#include "sim/kernel/choice.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

/// The bounds of a search. The base class decides nothing: delays are the nominal ones, choices the dullest.
class Freedom {
 public:
  struct Range {
    Duration least;
    Duration most;
  };

  virtual ~Freedom() = default;

  /// The delays that are possible where the nominal one is this. Both ends are included; the same whenever the same delay is asked for.
  virtual Range delay(std::uint64_t site, ChoiceKind kind, Duration nominal) const {
    static_cast<void>(site);
    static_cast<void>(kind);
    return {nominal, nominal};
  }

  /// How many of `count` values are possible, counted from the dullest.
  virtual std::uint32_t values(std::uint64_t site, ChoiceKind kind, std::uint32_t count) const {
    static_cast<void>(site);
    static_cast<void>(kind);
    static_cast<void>(count);
    return 1;
  }

  /// How many choices of one run may be other than the dullest.
  virtual std::uint32_t most_choices() const { return 0xFFFF'FFFF; }
};

}  // namespace georep
