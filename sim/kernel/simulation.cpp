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
  drop_all_events();  // first, so that no process has to withdraw its own
  root_.clear();
  bury_dead_processes();
  drop_all_events();  // what the ends of processes made ready
  ready_base_ = 0;
  now_ = Instant{};
  ordinal_ = 0;
  draws_ = 0;
  hash_ = TraceHash{};
  exception_ = nullptr;
  stopped_ = false;
  seed_ = seed;
  chance_ = Chance{seed, run};
}

void Simulation::drop_all_events() {
  for (std::size_t place = ready_head_; place < ready_.size(); ++place)
    if (ready_[place] != nullptr) ready_[place]->state_ = Event::State::idle;
  while (!pending_.empty()) pending_.pop().event->state_ = Event::State::idle;
  pending_.clear();
  ready_.clear();
  ready_head_ = 0;
  foreground_ = 0;
}

void Simulation::cancel(Event& event) {
  GEOREP_ASSERT(event.pending(), "only a pending event is cancelled");
  if (event.state_ == Event::State::ready) {
    ready_[static_cast<std::size_t>(static_cast<std::uint64_t>(event.key_) - ready_base_)] =
        nullptr;
    drop_ready_prefix();
  } else {
    pending_.cancel(event.key_, &event);
  }
  event.state_ = Event::State::idle;
  if (event.ground_ == Ground::foreground) --foreground_;
  if (listener_ != nullptr) [[unlikely]] listener_->cancelled(event, ordinal_);
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
  stopped_ = false;
  RunEnd result = RunEnd::exhausted;
  context_ = &assertion_context();
  context_->seed = seed_;
  while (background_too || foreground_ > 0) {
    Event* event = chooser_ == nullptr ? next_event(end) : chosen_event(end);
    if (event == nullptr) break;
    dispatch(*event);
    if (stopped_) {
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
  context_->now_ns = now_.count();
  context_->event = ordinal_;
  hash_.fold(static_cast<std::uint64_t>(now_.count()) ^
             static_cast<std::uint64_t>(event.kind_) << 48 ^
             std::rotl(static_cast<std::uint64_t>(event.entity_), 24));
  if (listener_ != nullptr) [[unlikely]] listener_->dispatched(event, now_, ordinal_);
  event.handler_(*this, event);
}

// What is pending for this instant was scheduled before it began, hence before all that was made ready during it.
Event* Simulation::next_event(std::int64_t horizon) {
  if (!pending_.empty()) {
    const std::int64_t at = pending_.next_at();
    if (at == now_.count() || ready_head_ == ready_.size()) {
      if (at > horizon) return nullptr;
      now_ = Instant::at(Duration::nanoseconds(at));
      return pending_.pop().event;
    }
  }
  return ready_head_ == ready_.size() ? nullptr : take_ready();
}

Event* Simulation::take_ready() {
  Event* event = ready_[ready_head_++];
  drop_ready_prefix();
  return event;
}

// Keeps the first place of the list occupied, and the list short.
void Simulation::drop_ready_prefix() {
  while (ready_head_ < ready_.size() && ready_[ready_head_] == nullptr) ++ready_head_;
  if (ready_head_ == ready_.size()) {
    ready_base_ += ready_.size();
    ready_.clear();
    ready_head_ = 0;
  }
}

Event* Simulation::chosen_event(std::int64_t horizon) {
  if (!pending_.empty()) {
    const std::int64_t at = pending_.next_at();
    if (ready_head_ == ready_.size() && at <= horizon) now_ = Instant::at(Duration::nanoseconds(at));
    while (!pending_.empty() && pending_.next_at() == now_.count()) {
      Event* event = pending_.pop().event;
      event->state_ = Event::State::ready;
      event->key_ = static_cast<std::int64_t>(ready_base_ + ready_.size());
      ready_.push_back(event);
    }
  }
  if (ready_head_ == ready_.size()) return nullptr;
  candidates_.clear();
  for (std::size_t place = ready_head_; place < ready_.size(); ++place)
    if (ready_[place] != nullptr) candidates_.push_back(ready_[place]);
  std::size_t choice = 0;
  if (candidates_.size() > 1) {
    choice = chooser_->choose_event(candidates_);
    GEOREP_ASSERT(choice < candidates_.size(), "a chooser returns one of the candidates");
  }
  Event* event = candidates_[choice];
  ready_[static_cast<std::size_t>(static_cast<std::uint64_t>(event->key_) - ready_base_)] = nullptr;
  drop_ready_prefix();
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
