// A run as a search sees it: its events, what each of them touched and compared, and how their times hang together.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/kernel/choice.hpp"

namespace georep {

/// An event of a run by its place among the dispatched ones: 0 stands for what was there before the first.
using EventIndex = std::uint32_t;
/// A time of a run by the order in which it was fixed: of an event that will happen, or the end of a delay that was drawn.
using NodeIndex = std::uint32_t;
/// An event by its place in the tree of causes: the k-th that another one scheduled. 0 is the root. It says nothing of what
/// happened before, so that it names the same event in runs of different order.
using EventName = std::uint32_t;

/// A time that hangs on another: between `least` and `most` after it.
struct TimeNode {
  NodeIndex base = 0;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::int64_t at = 0;          ///< in this run
  EventIndex maker = 0;         ///< the event that fixed it
  std::uint32_t place = 0;      ///< which of the maker's children, or which of its draws
  EventName name = 0;           ///< of an event
  EventIndex event = 0;         ///< the event, once dispatched
  EventIndex cancelled_by = 0;  ///< who withdrew the event, if anybody
  bool withdrawn_by_maker = false;
  bool drawn = false;           ///< the end of a delay, not an event
  bool background = false;
  ChoiceKind kind = ChoiceKind::tie;  ///< of a draw
  std::uint64_t site = 0;             ///< of a draw
  std::int64_t nominal = 0;           ///< of a draw
  std::int64_t chosen = 0;            ///< of a draw: how long the delay was made
  NodeIndex floor = 0;                ///< a draw ends no earlier than so long after this one
  std::int64_t floor_offset = 0;
};

enum class StepKind : std::uint8_t {
  read,
  write,
  comparison,
  choice,
  withdrawal,  ///< of an event that another one had scheduled
};

/// One thing that an event did that others may bear on, in the order in which it did it.
struct Step {
  StepKind kind = StepKind::read;
  bool result = false;         ///< of a comparison
  bool of_scope = false;       ///< a read of no consequence but that the event would not be if the scope had been ended
  std::uint32_t value = 0;     ///< of a choice
  std::uint32_t count = 0;     ///< of a choice: how many values it has
  std::uint32_t object_number = 0;  ///< of an access: the object's number in a search, from 1
  std::uint64_t object = 0;    ///< of an access; of a choice: its site
  NodeIndex later = 0;         ///< of a comparison: whether this comes at least `gap` after `earlier`; of a withdrawal: what
  NodeIndex earlier = 0;
  std::int64_t gap = 0;
  NodeIndex nodes_before = 0;  ///< how many times had been fixed when it was done
  std::uint64_t identity_before = 0;  ///< of the event, with what it did before this
};

struct TraceEvent {
  NodeIndex node = 0;
  std::uint32_t first_step = 0;
  std::uint32_t steps = 0;
  /// Of the event with all of its causal past: equal in two runs if and only if that past is (up to collisions of 64 bits).
  std::uint64_t identity = 0;
  std::uint64_t in_a_set = 0;   ///< its share in the identity of a set of events: these add up
  std::uint32_t known_as = 0;  ///< the number of that identity in a search
};

/// That an event had to wait for another one.
struct Predecessor {
  EventIndex event = 0;
  std::uint32_t step = 0;  ///< which step of the later event touched what the earlier one had touched
  static constexpr std::uint32_t cause = 0xFFFF'FFFF;  ///< no step: it was scheduled by the earlier one
  bool reversible() const { return step != cause; }
};

/// A set of events of one run.
class EventSet {
 public:
  explicit EventSet(std::size_t events = 0) { resize(events); }
  void resize(std::size_t events) { words_.assign((events + 63) / 64, 0); }
  bool contains(EventIndex event) const { return (words_[event / 64] >> (event % 64) & 1) != 0; }
  void insert(EventIndex event) { words_[event / 64] |= std::uint64_t{1} << (event % 64); }
  void erase(EventIndex event) { words_[event / 64] &= ~(std::uint64_t{1} << (event % 64)); }
  std::vector<std::uint64_t>& words() { return words_; }
  const std::vector<std::uint64_t>& words() const { return words_; }
  friend bool operator==(const EventSet&, const EventSet&) = default;

 private:
  std::vector<std::uint64_t> words_;
};

/// The accesses to each object of a run, in order. Objects go by their numbers in a search.
class AccessHistory {
 public:
  struct Entry {
    EventIndex event = 0;
    std::uint32_t object = 0;    ///< its number, from 1
    std::uint32_t previous = 0;  ///< the entry before it on the same object; 0: none
    std::uint32_t last_write = 0;  ///< the last one before it that is a write
    bool write = false;
  };

  /// For a run of so many steps.
  void clear(std::size_t steps) {
    for (const Entry& entry : entries_) last_[entry.object] = 0;
    entries_.assign(steps + 1, Entry{});
  }
  /// Adds what the first so many steps of another run added, which this one has in common with it, before all else.
  void take_over(const AccessHistory& other, std::uint32_t steps) {
    if (other.last_.size() > last_.size()) last_.resize(other.last_.size());
    std::copy_n(other.entries_.begin(), steps + 1, entries_.begin());
    for (std::uint32_t place = 1; place <= steps; ++place) last_[entries_[place].object] = place;
  }
  /// The last entry for an object, 0 for none.
  std::uint32_t last(std::uint32_t object) const {
    return object < last_.size() ? last_[object] : 0;
  }
  void add(std::uint32_t object, EventIndex event, std::uint32_t step, bool write) {
    if (object >= last_.size()) [[unlikely]] make_room(object);
    const std::uint32_t previous = last_[object];
    const Entry& before = entries_[previous];
    entries_[entry_of_step(step)] = {event, object, previous, before.write ? previous : before.last_write, write};
    last_[object] = entry_of_step(step);
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
  [[gnu::cold, gnu::noinline]] void make_room(std::uint32_t object) { last_.resize(object + 1); }

  std::vector<Entry> entries_;             // by step, from 1; of those that are no accesses, of object 0, which is none
  std::vector<std::uint32_t> last_ = {0};  // by object
};

/// That an event went before one that would have gone first, had it been first come, first served.
struct Overtaking {
  EventName event = 0;
  EventName overtaken = 0;
};

/// What was compared when the run was over: whether `later` came at least `gap` after `earlier`.
struct EndComparison {
  static constexpr NodeIndex end = 0xFFFF'FFFF;  ///< for `later`: the time of the last event
  NodeIndex later = end;
  NodeIndex earlier = 0;
  std::int64_t gap = 0;
  bool result = false;
};

/// A sum of times from one node to another, of which the outcome hangs on whether it is within its bounds.
struct TimedSum {
  struct Span {
    NodeIndex from;
    NodeIndex to;
  };
  std::vector<Span> spans;
  std::int64_t least = 0;
  std::int64_t most = 0;
};

struct Trace {
  std::vector<TimeNode> nodes;      ///< 0: the start
  std::vector<TraceEvent> events;   ///< 0: what was there before the first
  std::vector<Step> steps;
  std::uint32_t choices = 0;  ///< how many of these are choices
  std::vector<Overtaking> overtakings;  ///< in order
  std::vector<EndComparison> end_comparisons;
  std::vector<TimedSum> sums;
  std::vector<Predecessor> predecessors;          ///< of all events, one after another
  std::vector<std::uint32_t> first_predecessor;   ///< by event; one more at the end
  std::size_t words = 0;                          ///< of each set below
  std::vector<std::uint64_t> past;    ///< by event: the events that happened before it
  std::vector<std::uint64_t> future;  ///< by event: the events that it happened before, where it was asked for
  AccessHistory accesses;
  std::uint64_t identity = 0;         ///< of the run up to the order of independent events
  bool all_noted = true;              ///< false: some event went by something that it did not note
  std::uint64_t outcome = 0;          ///< what the run came to, as its subject tells

  /// The event without which a time would not be: whose own it is, or who drew it.
  EventIndex origin(NodeIndex node) const {
    return nodes[node].drawn ? nodes[node].maker : nodes[node].event;
  }
  /// The first thing that an event touches, not counting its scopes, if it does nothing else before: that is the same whenever it
  /// happens. Yields the number of its steps if there is none.
  std::uint32_t first_touch(EventIndex event) const;
  EventIndex cause(EventIndex event) const { return nodes[events[event].node].maker; }
  bool happened_before(EventIndex earlier, EventIndex later) const {
    return (past[later * words + earlier / 64] >> (earlier % 64) & 1) != 0;
  }
  void clear();
};

}  // namespace georep
