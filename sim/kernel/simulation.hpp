// The run loop of a discrete-event simulation: one clock, one order (instant, then sequence), chance, choice and cause.
// One thread, no lock, no real clock. See docs/kernel.md for the rules.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "sim/kernel/chance.hpp"
#include "sim/kernel/choice.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/pending_events.hpp"
#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/ready_events.hpp"
#include "sim/kernel/time.hpp"
#include "sim/kernel/trace_hash.hpp"

namespace georep {

class PromiseBase;
template <class T>
class Task;

/// Why a run ended.
enum class RunEnd : std::uint8_t {
  exhausted,  ///< no foreground event was left
  horizon,    ///< the clock reached the horizon
  stopped,    ///< `stop()` was called
};

class Simulation {
 public:
  /// `seed` is the root seed; `run` is the index of an independent run under that seed.
  explicit Simulation(std::uint64_t seed = 1, std::uint64_t run = 0);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Back to the state after construction: destroys every process, drops every event, the clock at 0.
  /// Keeps memory, chooser and listener.
  void reset(std::uint64_t seed, std::uint64_t run);

  Instant now() const { return now_; }

  // ---- Events ----------------------------------------------------------------------------------------------

  /// Makes `event` happen `delay` from now (at least 0), after all that was scheduled for that instant before.
  void schedule(Event& event, Duration delay) { schedule_at(event, now_ + delay); }

  /// The same without a delay: at this instant, after all that was made ready before.
  void schedule_now(Event& event) {
    if (heard()) [[unlikely]] return schedule_heard(event, now_);
    begin_pending(event);
    make_ready(event);
    if (ready_.sparse()) [[unlikely]] close_ready_gaps();
  }

  /// The same by instant, which may not lie in the past (asserted), and is counted from now.
  void schedule_at(Event& event, Instant at) {
    if (heard()) [[unlikely]] return schedule_heard(event, at);
    put(event, at);
  }

  /// The same at a moment that some event has fixed.
  void schedule_at(Event& event, const Deadline& moment) {
    if (heard()) [[unlikely]] return schedule_heard(event, moment.at, moment.set_by, moment.draw);
    put(event, moment.at);
  }

  /// Withdraws a pending event. It never advances the clock, enters the hash or appears in a choice.
  void cancel(Event& event);

  // ---- Processes -------------------------------------------------------------------------------------------

  /// Starts a process that nobody awaits: its first step is an event at this instant. It is destroyed when it ends, by `reset`,
  /// or with the simulation, whichever comes first. An exception that leaves it reaches `run`.
  void spawn(Task<void> task, EventKind kind = EventKind::unspecified,
             EntityId entity = EntityId::none, Ground ground = Ground::foreground);

  /// The scope of the processes that `spawn` started.
  ProcessScope& root() { return root_; }

  struct DelayAwaiter;
  /// `co_await simulation.delay(20_ms)`. A delay of 0 lets what was made ready before go first.
  DelayAwaiter delay(Duration length);
  /// `co_await simulation.until(instant)`; an instant in the past counts as now.
  DelayAwaiter until(Instant instant);
  /// The same for a moment that some event has fixed.
  DelayAwaiter until(const Deadline& moment);

  // ---- Running ---------------------------------------------------------------------------------------------

  /// Dispatches events until no foreground event is left or somebody stops the run. With a horizon: every event before or at it,
  /// background ones included, and then the clock stands at the horizon. Rethrows an exception that left a process.
  RunEnd run(std::optional<Instant> horizon = std::nullopt);

  /// Goes as far as an instant, for somebody who wants to see how things stand then: `horizon` with the clock there, if `run` is to go
  /// on; `exhausted` if no foreground event was left, at the time of the last one. The run that goes on is the same as without a stop.
  RunEnd run_through(Instant instant);

  /// Ends `run` after the event that is being dispatched. The only member that another thread or a signal handler may call.
  void stop() { stopped_.store(true, std::memory_order_relaxed); }

  // ---- Chance, choice, time compared -----------------------------------------------------------------------

  const Chance& chance() {
    if (ordinal_ >= chance_changes_at_) [[unlikely]] change_chance();
    return chance_;
  }
  /// From the event of that number on, all that is drawn comes from `chance`. To be told in order, before that event; `reset`
  /// forgets it. Runs that differ by such a change alone are the same up to it.
  void change_chance(EventOrdinal from, const Chance& chance);

  /// A random delay that begins now.
  Duration draw_delay(const Distribution& law, Draw& draw) {
    if (revealer_ != nullptr) [[unlikely]]
      return revealer_->reveal(law, draw.uniform(), now_, ordinal_);
    return Duration::nanoseconds(sample(law, draw));
  }
  void set_revealer(DelayRevealer* revealer) { revealer_ = revealer; }

  std::uint64_t seed() const { return seed_; }

  void set_chooser(Chooser* chooser) { chooser_ = chooser; }
  bool has_chooser() const { return chooser_ != nullptr; }

  /// One of `count` values; 0, the dullest, without a search.
  std::uint32_t choose(std::uint64_t site, ChoiceKind kind, std::uint32_t count) {
    return chooser_ == nullptr ? 0 : chooser_->choose(site, kind, count);
  }
  /// When a delay ends that begins now: the nominal one, or the one that a search prefers; but not before `earliest`.
  Deadline choose_moment(std::uint64_t site, ChoiceKind kind, Duration nominal,
                         const Deadline& earliest = Deadline{}) {
    Deadline moment{now_ + nominal, ordinal_};
    if (chooser_ != nullptr) [[unlikely]] {
      moment.at = now_ + chooser_->choose_delay(site, kind, nominal, earliest);
      moment.draw = ++draws_;
    }
    if (moment.at < earliest.at) moment.at = earliest.at;
    return moment;
  }

  /// The moment `delay` from now, tied to the event that sets it.
  Deadline deadline(Duration delay) const { return Deadline{now_ + delay, ordinal_}; }

  /// Whether now is at or after the deadline. Models never compare with `now()` themselves, so that a search sees every
  /// comparison.
  bool passed(const Deadline& deadline) {
    const bool result = now_ >= deadline.at;
    if (heard()) [[unlikely]] tell_compared(deadline, result);
    return result;
  }
  /// Whether the first moment is strictly before the second.
  bool before(const Deadline& first, const Deadline& second) {
    const bool result = first.at < second.at;
    if (heard()) [[unlikely]] tell_ordered(first, second, result);
    return result;
  }

  // ---- Listening -------------------------------------------------------------------------------------------

  /// Who hears of this simulation from now on; also of what it makes, on this thread, until another simulation is reset or runs there.
  void set_listener(KernelListener* listener) { listener_ = kernel_listener = listener; }

  /// The run is over, and whoever judges it looks at how it ended.
  void tell_end() {
    if (heard()) [[unlikely]] listener_->ended();
  }

  void note(SharedObject object, Access access) {
    if (heard()) [[unlikely]] tell_accessed(object, access);
  }
  void note_read(SharedObject object) { note(object, Access::read); }
  void note_write(SharedObject object) { note(object, Access::write); }

  /// Folds what the event being dispatched brought about into the trace hash.
  void outcome(std::uint64_t word) { hash_.fold(word); }

  std::uint64_t trace_hash() const { return hash_.value(); }
  /// How many events were dispatched; also the ordinal of the one being dispatched.
  EventOrdinal events() const { return ordinal_; }
  /// How many foreground events are pending.
  std::uint64_t foreground_pending() const { return foreground_; }

 private:
  friend class PromiseBase;
  friend class ProcessScope;
  template <class T>
  friend class Task;

  // Out of the way of runs that nobody listens to; an event is told by value, so that this needs no moment in memory.
  [[gnu::cold, gnu::noinline]] void schedule_heard(Event& event, Instant at);
  [[gnu::cold, gnu::noinline]] void schedule_heard(Event& event, Instant at, EventOrdinal set_by,
                                                   std::uint32_t draw);
  [[gnu::cold, gnu::noinline]] void tell_dispatched(const Event& event);
  [[gnu::cold, gnu::noinline]] void tell_accessed(SharedObject object, Access access);
  [[gnu::cold, gnu::noinline]] void tell_compared(const Deadline& deadline, bool passed);
  [[gnu::cold, gnu::noinline]] void tell_ordered(const Deadline& first, const Deadline& second, bool before);
  bool heard() const { return can_listen && listener_ != nullptr; }
  void put(Event& event, Instant at) {
    GEOREP_ASSERT(at >= now_, "no event is scheduled in the past");
    begin_pending(event);
    if (at == now_) {
      make_ready(event);
      if (ready_.sparse()) [[unlikely]] close_ready_gaps();
    } else {
      event.state_ = Event::State::scheduled;
      pending_.push(at.count(), event);
    }
  }
  void begin_pending(const Event& event) {
    GEOREP_ASSERT(!event.pending(), "an event is pending at most once at a time");
    foreground_ += event.ground_ == Ground::foreground ? 1 : 0;
  }
  void make_ready(Event& event) {
    event.state_ = Event::State::ready;
    event.key_ = ready_.push(&event);
  }
  void close_ready_gaps();
  RunEnd dispatch_until(std::int64_t end, bool background_too);
  struct ChanceChange {
    EventOrdinal from;
    Chance chance;
  };
  static constexpr EventOrdinal never_changes = ~EventOrdinal{0};

  void change_chance();
  void dispatch(Event& event);
  Event* next_event(std::int64_t horizon);
  Event* chosen_event(std::int64_t horizon);
  bool make_crowd_ready();
  void drop_all_events();
  void bury_dead_processes();

  Instant now_;
  PendingEvents pending_;
  ReadyEvents ready_;
  std::vector<Event*> candidates_;
  std::uint64_t foreground_ = 0;
  EventOrdinal ordinal_ = 0;
  std::uint32_t draws_ = 0;
  TraceHash hash_;
  KernelListener* listener_ = nullptr;
  Chooser* chooser_ = nullptr;
  PromiseBase* next_ = nullptr;    // what the trampoline resumes next
  PromiseBase* active_ = nullptr;  // the process that is running now
  PromiseBase* starter_ = nullptr;  // the process that stands still while one runs that it started at once
  std::exception_ptr exception_;   // on its way from a process to its awaiter or to run()
  std::atomic<bool> stopped_{false};
  AssertionContext* context_ = nullptr;  // of the thread that runs
  std::uint64_t seed_;
  Chance chance_;
  EventOrdinal chance_changes_at_ = never_changes;
  std::vector<ChanceChange> chance_changes_;  // those to come, the last first
  DelayRevealer* revealer_ = nullptr;
  ProcessScope root_;
  std::vector<PromiseBase*> dead_;  // processes that ended their own scope; destroyed by the run loop
};

}  // namespace georep
