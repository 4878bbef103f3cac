// What happened before what in a run, and the identity of each event with its causal past.
#pragma once

#include <cstdint>

#include "analysis/exploration/trace.hpp"

namespace georep {

constexpr std::uint64_t mix_identity(std::uint64_t hash, std::uint64_t word) {
  // The finaliser of SplitMix64 (Steele, Lea & Flood 2014) over a running sum.
  std::uint64_t z = hash * 0x9E37'79B9'7F4A'7C15ULL + word + 0x632B'E59B'D9B4'E019ULL;
  z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9ULL;
  z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EBULL;
  return z ^ z >> 31;
}

/// The identity of an event that has done nothing yet: the `place`-th child of another one.
constexpr std::uint64_t identity_of_child(std::uint64_t cause, std::uint32_t place) {
  return mix_identity(cause, place + 1);
}

/// Computes predecessors, past and identities of a run that was just recorded.
class Causality {
 public:
  /// `like`: a run of the same search that was computed before, if there is one; what both begin with is taken over from it. Yields how many
  /// events that are, the one before the first included.
  static EventIndex compute(Trace& trace, const Trace* like = nullptr);

  /// The future of each event, of a run that was computed.
  static void look_ahead(Trace& trace);

  /// The identity of an event after an access whose direct dependences have these identities in sum.
  static constexpr std::uint64_t after_access(std::uint64_t before, std::uint64_t object, bool write,
                                              std::uint64_t sum) {
    return mix_identity(mix_identity(before, object ^ (write ? 1 : 0)), sum);
  }
  static constexpr std::uint64_t after_comparison(std::uint64_t before, bool result) {
    return mix_identity(before, result ? 0x7061'7373ULL : 0x6661'696CULL);
  }
  static constexpr std::uint64_t after_choice(std::uint64_t before, std::uint32_t value) {
    return mix_identity(before, 0x1'0000'0000ULL + value);
  }
  static constexpr std::uint64_t after_withdrawal(std::uint64_t before, std::uint64_t withdrawn) {
    return mix_identity(mix_identity(before, 0x77'6974'6864ULL), withdrawn);
  }
  static constexpr std::uint64_t in_a_set(std::uint64_t identity) {
    return mix_identity(identity, 0x5E7ULL);
  }

 private:
  static EventIndex take_over_beginning(Trace& trace, const Trace& like);
  static void compute_event(Trace& trace, EventIndex index);
  static std::uint64_t after_step(Trace& trace, EventIndex index, std::uint32_t place, std::uint64_t identity);
  static void check_known(Trace& trace, EventIndex event, NodeIndex node);
  static void add_predecessor(Trace& trace, EventIndex event, EventIndex predecessor, std::uint32_t step);
};

}  // namespace georep
