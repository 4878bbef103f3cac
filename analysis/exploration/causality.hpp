// What happened before what in a run, and the identity of each event with its causal past.
#pragma once

#include <cstdint>
#include <vector>

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

/// The accesses to each object of a run, in order.
class AccessHistory {
 public:
  struct Entry {
    EventIndex event = 0;
    std::uint32_t step = 0;
    bool write = false;
    std::uint32_t previous = 0;  ///< the entry before it on the same object; 0: none
  };

  void clear(std::size_t expected_objects);
  /// The accesses of a run that was recorded earlier.
  void rebuild(const Trace& trace);
  /// The last entry for an object, 0 for none.
  std::uint32_t last(std::uint64_t object) const;
  void add(std::uint64_t object, EventIndex event, std::uint32_t step, bool write);
  const Entry& entry(std::uint32_t place) const { return entries_[place]; }
  /// The entry that a step made.
  std::uint32_t entry_of_step(std::uint32_t step) const { return by_step_[step]; }

  /// Calls `visit(event)` for those whose access an access to `object` depends on directly, among the events that `among` accepts:
  /// for a read the last write; for a write the reads since then as well. `from`: the last entry that counts.
  template <class Among, class Visit>
  void visit_direct(std::uint32_t from, bool write, Among among, Visit visit) const {
    for (std::uint32_t place = from; place != 0; place = entries_[place].previous) {
      const Entry& entry = entries_[place];
      if (!among(entry.event)) continue;
      if (entry.write) {
        visit(entry.event);
        return;
      }
      if (write) visit(entry.event);
    }
  }

 private:
  struct Slot {
    std::uint64_t object = 0;
    std::uint32_t last = 0;
  };
  std::size_t slot(std::uint64_t object) const;
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> by_step_;
};

/// Computes predecessors, past, future and identities of a run that was just recorded.
class Causality {
 public:
  void compute(Trace& trace);

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
  static void check_known(Trace& trace, EventIndex event, NodeIndex node);
  void add_predecessor(Trace& trace, EventIndex event, EventIndex predecessor, std::uint32_t step);

  AccessHistory history_;
};

}  // namespace georep
