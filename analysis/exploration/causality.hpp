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

/// The accesses to each object of a run, in order. Objects go by their numbers in a search.
class AccessHistory {
 public:
  struct Entry {
    EventIndex event = 0;
    std::uint32_t previous = 0;  ///< the entry before it on the same object; 0: none
    std::uint32_t last_write = 0;  ///< the last one before it that is a write
    bool write = false;
  };

  /// For a run of so many steps.
  void clear(std::size_t steps);
  /// The accesses of a run that was recorded earlier.
  void rebuild(const Trace& trace);
  /// The last entry for an object, 0 for none.
  std::uint32_t last(std::uint32_t object) const {
    return object < last_.size() ? last_[object] : 0;
  }
  void add(std::uint32_t object, EventIndex event, std::uint32_t step, bool write) {
    if (object >= last_.size()) last_.resize(object + 1);
    std::uint32_t& last = last_[object];
    if (last == 0) objects_.push_back(object);
    const std::uint32_t last_write = entries_[last].write ? last : entries_[last].last_write;
    entries_[entry_of_step(step)] = {event, last, last_write, write};
    last = entry_of_step(step);
  }
  const Entry& entry(std::uint32_t place) const { return entries_[place]; }
  /// The entry that a step made.
  static std::uint32_t entry_of_step(std::uint32_t step) { return step + 1; }

  /// Calls `visit(event)` for those whose access an access to `object` depends on directly, among the events that `among` accepts:
  /// for a read the last write; for a write the reads since then as well. `from`: the last entry that counts.
  template <class Among, class Visit>
  void visit_direct(std::uint32_t from, bool write, Among among, Visit visit) const {
    for (std::uint32_t place = from; place != 0;) {
      const Entry& entry = entries_[place];
      place = write ? entry.previous : entry.last_write;
      if (!(write || entry.write) || !among(entry.event)) continue;
      visit(entry.event);
      if (entry.write) return;
    }
  }

 private:
  std::vector<Entry> entries_;          // by step, from 1; of those that are no accesses, nothing
  std::vector<std::uint32_t> last_;     // by object
  std::vector<std::uint32_t> objects_;  // that have entries
};

/// Computes predecessors, past and identities of a run that was just recorded.
class Causality {
 public:
  void compute(Trace& trace);

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
  static void check_known(Trace& trace, EventIndex event, NodeIndex node);
  void add_predecessor(Trace& trace, EventIndex event, EventIndex predecessor, std::uint32_t step);

  AccessHistory history_;
};

}  // namespace georep
