// What a search may decide in a run, and what it may listen to. A run without a chooser takes every dullest value: first come
// first served, nominal delays, no faults. A run without a listener pays one predictable branch for each call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

/// What is being decided. The models name the place (`site`) with a stable 64-bit hash.
enum class ChoiceKind : std::uint8_t {
  tie,           ///< which of the events at one instant goes first
  latency,       ///< the delay of a message
  bandwidth,     ///< the duration of a transfer
  storage,       ///< the duration of a storage access
  start_delay,   ///< how long a replication waits before it starts
  client_start,  ///< when a named timeline entry happens
  fault,         ///< whether a fault strikes
  sharing,       ///< how much longer a transfer takes than alone, on account of others
};

/// A moment that was fixed by an event: the instant, and what it was counted from, which is the event's own time or the end of
/// a delay that a search drew. A search turns comparisons with it into constraints between two such times.
struct Deadline {
  Instant at;
  EventOrdinal set_by = 0;  ///< 0: before the run began, an instant of its own
  std::uint32_t draw = 0;   ///< 0: counted from the event's time; else from the draw of that number in the run
};

/// The moment so long after another one, counted from the same.
constexpr Deadline later(Deadline moment, Duration by) {
  moment.at = moment.at + by;
  return moment;
}

/// A thing that two events may both touch: a tag, a blob, a cache entry, a queue, a record.
struct SharedObject {
  std::uint64_t key = 0;

  /// `kind` below 256, `owner` (a region) below 65,536, `id` below 2^40: all that names the object.
  static constexpr SharedObject of(std::uint8_t kind, std::uint16_t owner, std::uint64_t id) {
    return SharedObject{static_cast<std::uint64_t>(kind) << 56 |
                        static_cast<std::uint64_t>(owner) << 40 | (id & 0xFF'FFFF'FFFFULL)};
  }
  friend constexpr auto operator<=>(SharedObject, SharedObject) = default;
};

enum class Access : std::uint8_t { read, write };

/// Decides what a search decides. Implemented by the exploration; the kernel only asks.
class Chooser {
 public:
  virtual ~Chooser() = default;

  /// Which of the live events at this instant goes next, in order of sequence; asked before every dispatch that
  /// has at least two candidates. Returns an index below `candidates.size()`; 0 is first come, first served.
  virtual std::size_t choose_event(std::span<Event* const> candidates) = 0;

  /// One of `count` values, 0 being the dullest.
  virtual std::uint32_t choose(std::uint64_t site, ChoiceKind kind, std::uint32_t count) = 0;

  /// A delay from now in place of the nominal one, for a moment that does not come before `earliest` in any case. Calls are
  /// numbered from 1 in each run: `Deadline::draw`.
  virtual Duration choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                                const Deadline& earliest) = 0;
};

/// Says how long random delays last, for whoever estimates rare events by splitting runs: branches of a run share its past, in
/// which a delay that has not ended yet has told no more than that.
class DelayRevealer {
 public:
  virtual ~DelayRevealer() = default;

  /// The length of a delay that begins at `now`, during event `ordinal`; u is the share of chance that decides it in an ordinary
  /// run, which is `quantile(law, u)`.
  virtual Duration reveal(const Distribution& law, double u, Instant now, EventOrdinal ordinal) = 0;
};

/// Hears what the kernel does. It may not change anything.
class KernelListener {
 public:
  virtual ~KernelListener() = default;

  /// The simulation was reset: what was heard before concerns a run that is over.
  virtual void began() = 0;
  /// `event` will be dispatched at the moment `at`; `cause` is the event that is being dispatched now.
  virtual void scheduled(const Event& event, const Deadline& at, EventOrdinal cause) = 0;
  /// `event` was withdrawn before its time.
  virtual void cancelled(const Event& event, EventOrdinal by) = 0;
  /// `event` is dispatched now, as number `ordinal`.
  virtual void dispatched(const Event& event, Instant at, EventOrdinal ordinal) = 0;
  /// The event being dispatched touched `object`.
  virtual void accessed(SharedObject object, Access access) = 0;
  /// The event being dispatched happens only because that scope of processes has not been ended.
  virtual void within(SharedObject scope) = 0;
  /// The event being dispatched compared its own time with `deadline` (`passed`: now is at or after it).
  virtual void compared(const Deadline& deadline, bool passed) = 0;
  /// The event being dispatched compared two moments: `first` is before `second`, or not.
  virtual void ordered(const Deadline& first, const Deadline& second, bool before) = 0;
  /// The run is over. What is compared from now on is the time of its last event, in place of that of an event being dispatched.
  virtual void ended() {}
  /// A name for a thing of the kernel's own, a list of waiting processes: one that the event being dispatched makes, or (`lasting`) one
  /// that was there before anybody listened. The same for the same thing whatever the order of events, and above all that
  /// `SharedObject::of` makes.
  virtual SharedObject named(bool lasting) = 0;
};

/// Whether anybody can listen at all. Without, the calls to listeners are compiled out, to measure what they cost.
#ifdef GEOREP_NOBODY_LISTENS
inline constexpr bool can_listen = false;
#else
inline constexpr bool can_listen = true;
#endif

/// Whoever listens to the simulation that runs on this thread or ran last, for what is part of no simulation: null in an ordinary run.
inline constinit thread_local KernelListener* kernel_listener = nullptr;
inline bool kernel_is_heard() { return can_listen && kernel_listener != nullptr; }

/// A thing of the kernel's own that several events may touch, under the name that a listener has for it.
class Listened {
 public:
  Listened() {
    if (kernel_is_heard()) [[unlikely]] begin();
  }
  SharedObject name() const {
    if (kernel_is_heard()) [[unlikely]] be_named();
    return name_;
  }
  void note(Access access) const {
    if (kernel_is_heard()) [[unlikely]] tell(access);
  }

 private:
  // Out of the way of runs that nobody listens to.
  [[gnu::cold, gnu::noinline]] void begin();
  [[gnu::cold, gnu::noinline]] void be_named() const;
  [[gnu::cold, gnu::noinline]] void tell(Access access) const;

  mutable SharedObject name_;
};

}  // namespace georep
