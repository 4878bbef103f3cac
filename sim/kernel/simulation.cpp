#include "sim/kernel/simulation.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/task.hpp"

namespace georep {

Simulation::Simulation(std::uint64_t seed, std::uint64_t run)
    : seed_{seed}, chance_{seed, run}, root_{*this} {}

Simulation::~Simulation() {
  root_.clear();
  bury_dead_processes();
}

void Simulation::reset(std::uint64_t seed, std::uint64_t run) {
  GEOREP_ASSERT(active_ == nullptr, "a simulation is reset from outside of its processes");
  kernel_listener = listener_;
  drop_all_events();  // first, so that no process has to withdraw its own
  root_.clear();
  bury_dead_processes();
  drop_all_events();  // what the ends of processes made ready
  now_ = Instant{};
  ordinal_ = 0;
  draws_ = 0;
  hash_ = TraceHash{};
  exception_ = nullptr;
  stopped_.store(false, std::memory_order_relaxed);
  seed_ = seed;
  chance_ = Chance{seed, run};
  chance_changes_.clear();
  chance_changes_at_ = never_changes;
  if (heard()) listener_->began();
}

void Simulation::change_chance(EventOrdinal from, const Chance& chance) {
  GEOREP_ASSERT(from > ordinal_, "chance changes at an event to come");
  GEOREP_ASSERT(chance_changes_.empty() || chance_changes_.front().from < from,
                "changes of chance are told in order");
  chance_changes_.insert(chance_changes_.begin(), {from, chance});
  chance_changes_at_ = chance_changes_.back().from;
}

void Simulation::change_chance() {
  while (!chance_changes_.empty() && chance_changes_.back().from <= ordinal_) {
    chance_ = chance_changes_.back().chance;
    chance_changes_.pop_back();
  }
  chance_changes_at_ = chance_changes_.empty() ? never_changes : chance_changes_.back().from;
}

void Simulation::drop_all_events() {
  ready_.for_each([](Event* event) { event->state_ = Event::State::idle; });
  ready_.clear();
  pending_.clear([](Event& event) { event.state_ = Event::State::idle; });
  foreground_ = 0;
}

void Simulation::cancel(Event& event) {
  GEOREP_ASSERT(event.pending(), "only a pending event is cancelled");
  if (event.state_ == Event::State::ready) {
    ready_.remove(event.key_);
    if (ready_.sparse()) [[unlikely]] close_ready_gaps();
  } else {
    pending_.cancel(event);
  }
  event.state_ = Event::State::idle;
  if (event.ground_ == Ground::foreground) --foreground_;
  if (heard()) [[unlikely]] listener_->cancelled(event, ordinal_);
}

void Simulation::schedule_heard(Event& event, Instant at) { schedule_heard(event, at, ordinal_, 0); }

void Simulation::schedule_heard(Event& event, Instant at, EventOrdinal set_by, std::uint32_t draw) {
  listener_->scheduled(event, Deadline{at, set_by, draw}, ordinal_);
  put(event, at);
}

void Simulation::tell_dispatched(const Event& event) {
  listener_->dispatched(event, now_, ordinal_);
  if (event.handler_ == &PromiseBase::resume_chain) static_cast<const PromiseBase&>(event).note_scopes();
}

void Simulation::tell_accessed(SharedObject object, Access access) {
  listener_->accessed(object, access);
}

void Simulation::tell_compared(const Deadline& deadline, bool passed) {
  listener_->compared(deadline, passed);
}

void Simulation::tell_ordered(const Deadline& first, const Deadline& second, bool before) {
  listener_->ordered(first, second, before);
}

void Simulation::close_ready_gaps() {
  ready_.compact([](Event& event, std::int64_t place) { event.key_ = place; });
}

void Simulation::spawn(Task<void> task, EventKind kind, EntityId entity, Ground ground) {
  root_.start(std::move(task), kind, entity, ground);
}

RunEnd Simulation::run(std::optional<Instant> horizon) {
  const std::int64_t end =
      horizon ? horizon->count() : std::numeric_limits<std::int64_t>::max();
  const RunEnd result = dispatch_until(end, horizon.has_value());
  if (result != RunEnd::exhausted || !horizon) return result;
  if (now_ < *horizon) now_ = *horizon;
  return RunEnd::horizon;
}

RunEnd Simulation::run_through(Instant instant) {
  const RunEnd result = dispatch_until(instant.count(), false);
  if (result != RunEnd::exhausted || foreground_ == 0) return result;
  if (now_ < instant) now_ = instant;
  return RunEnd::horizon;
}

RunEnd Simulation::dispatch_until(std::int64_t end, bool background_too) {
  stopped_.store(false, std::memory_order_relaxed);
  kernel_listener = listener_;  // of several simulations on one thread, the one that runs is heard by its own
  RunEnd result = RunEnd::exhausted;
  context_ = &assertion_context();
  context_->seed = seed_;
  while (background_too || foreground_ > 0) {
    Event* event = chooser_ == nullptr ? next_event(end) : chosen_event(end);
    if (event == nullptr) break;
    dispatch(*event);
    if (stopped_.load(std::memory_order_relaxed)) {
      result = RunEnd::stopped;
      break;
    }
  }
  if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  return result;
}

void Simulation::dispatch(Event& event) {
  event.state_ = Event::State::idle;
  if (event.ground_ == Ground::foreground) --foreground_;
  ++ordinal_;
  context_->now_ns.store(now_.count(), std::memory_order_relaxed);
  context_->event.store(ordinal_, std::memory_order_relaxed);
  hash_.fold(static_cast<std::uint64_t>(now_.count()) ^
             static_cast<std::uint64_t>(event.kind_) << 48 ^
             std::rotl(static_cast<std::uint64_t>(event.entity_), 24));
  if (heard()) [[unlikely]] tell_dispatched(event);
  event.handler_(*this, event);
}

// What is pending for this instant was scheduled before it began, hence before all that was made ready during it.
Event* Simulation::next_event(std::int64_t horizon) {
  const std::int64_t limit = ready_.empty() ? horizon : now_.count();
  if (const PendingEvents::Entry* first = pending_.first(limit); first != nullptr) {
    now_ = Instant::at(Duration::nanoseconds(first->at));
    return &pending_.pop();
  }
  return ready_.empty() && !make_crowd_ready() ? nullptr : ready_.pop_first();
}

// The pending set gives an instant that is too full for it to the list of what is ready.
bool Simulation::make_crowd_ready() {
  if (!pending_.crowded()) return false;
  now_ = Instant::at(Duration::nanoseconds(pending_.crowd_at()));
  pending_.take_crowd([this](Event& event) { make_ready(event); });
  return true;
}

Event* Simulation::chosen_event(std::int64_t horizon) {
  std::int64_t limit = ready_.empty() ? horizon : now_.count();
  while (const PendingEvents::Entry* first = pending_.first(limit)) {
    limit = first->at;
    now_ = Instant::at(Duration::nanoseconds(limit));
    make_ready(pending_.pop());
  }
  if (ready_.empty() && !make_crowd_ready()) return nullptr;
  if (ready_.size() == 1) return ready_.pop_first();
  candidates_.clear();
  ready_.for_each([this](Event* event) { candidates_.push_back(event); });
  const std::size_t choice = chooser_->choose_event(candidates_);
  GEOREP_ASSERT(choice < candidates_.size(), "a chooser returns one of the candidates");
  if (choice == 0) return ready_.pop_first();
  Event* event = candidates_[choice];
  ready_.remove(event->key_);
  return event;
}

void Simulation::bury_dead_processes() {
  // Destroying one may end the scope of others, which then join the list.
  while (!dead_.empty()) {
    PromiseBase* process = dead_.back();
    dead_.pop_back();
    process->handle_.destroy();
  }
}

}  // namespace georep
