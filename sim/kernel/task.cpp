#include "sim/kernel/task.hpp"

namespace georep {

void PromiseBase::resume_chain(Simulation& simulation, Event& event) {
  run_steps(simulation, static_cast<PromiseBase*>(&event));
  simulation.active_ = nullptr;
  if (!simulation.dead_.empty()) simulation.bury_dead_processes();
}

void PromiseBase::run_steps(Simulation& simulation, PromiseBase* process) {
  do {
    simulation.active_ = process;
    simulation.next_ = nullptr;
    process->handle_.resume();
    process = simulation.next_;
  } while (process != nullptr);
}

void PromiseBase::finished() noexcept {
  if (continuation_ != nullptr) {
    simulation_->next_ = continuation_;
    return;
  }
  // The frame is still in use by this very call; the run loop destroys it. A process without a scope is in the list already.
  if (scope_ != nullptr) {
    scope_->unlink(*this);
    simulation_->dead_.push_back(this);
  }
  if (simulation_->exception_) simulation_->stop();
}

// Whatever a process does depends on its scopes not having been ended before.
void PromiseBase::note_scopes() const {
  const PromiseBase* process = this;
  while (process != nullptr) {
    if (process->continuation_ != nullptr) {
      process = process->continuation_;
      continue;
    }
    const ProcessScope* scope = process->scope_;
    if (scope == nullptr || scope == &simulation_->root_) return;  // the root ends with the run
    kernel_listener->within(scope->listened_.name());
    process = scope->owner_;
  }
}

bool PromiseBase::runs_within(const PromiseBase& ancestor) const {
  const PromiseBase* process = this;
  while (process != nullptr) {
    if (process == &ancestor) return true;
    if (process->continuation_ != nullptr) {
      process = process->continuation_;
    } else {
      process = process->scope_ == nullptr ? nullptr : process->scope_->owner_;
    }
  }
  return false;
}

ProcessScope ProcessScope::of_running_process(Simulation& simulation) {
  return ProcessScope{simulation, simulation.active_};
}

void ProcessScope::start(Task<void> task, EventKind kind, EntityId entity, Ground ground) {
  take_over(std::move(task), kind, entity, ground).make_ready();
}

void ProcessScope::start_at_once(Task<void> task, EventKind kind, EntityId entity, Ground ground) {
  PromiseBase& process = take_over(std::move(task), kind, entity, ground);
  if (kernel_is_heard()) [[unlikely]] process.note_scopes();
  GEOREP_ASSERT(simulation_.starter_ == nullptr, "a first step that is part of an event starts no other one");
  simulation_.starter_ = simulation_.active_;
  PromiseBase::run_steps(simulation_, &process);
  simulation_.active_ = std::exchange(simulation_.starter_, nullptr);
}

PromiseBase& ProcessScope::take_over(Task<void> task, EventKind kind, EntityId entity, Ground ground) {
  PromiseBase& process = task.release().promise();
  process.simulation_ = &simulation_;
  process.identify(kind, entity, ground);
  adopt(process);
  return process;
}

void ProcessScope::start_alike(Task<void> task) {
  const PromiseBase* creator = simulation_.active_;
  if (creator == nullptr) {
    start(std::move(task));
  } else {
    start(std::move(task), creator->kind(), creator->entity(), creator->ground());
  }
}

void ProcessScope::adopt(PromiseBase& process) {
  if (kernel_is_heard() && this != &simulation_.root_) [[unlikely]] listened_.note(Access::read);
  process.scope_ = this;
  process.previous_ = last_;
  if (last_ != nullptr) last_->following_ = &process;
  last_ = &process;
  ++size_;
}

void ProcessScope::unlink(PromiseBase& process) {
  if (process.previous_ != nullptr) process.previous_->following_ = process.following_;
  if (process.following_ != nullptr) process.following_->previous_ = process.previous_;
  if (last_ == &process) last_ = process.previous_;
  process.scope_ = nullptr;
  process.previous_ = nullptr;
  process.following_ = nullptr;
  --size_;
}

void ProcessScope::clear() {
  listened_.note(Access::write);
  while (last_ != nullptr) {
    PromiseBase& process = *last_;
    const auto runs_within_it = [&](const PromiseBase* running) {
      return running != nullptr && running->runs_within(process);
    };
    const bool running = runs_within_it(simulation_.active_) || runs_within_it(simulation_.starter_);
    unlink(process);
    if (running) {
      simulation_.dead_.push_back(&process);
    } else {
      process.handle_.destroy();
    }
  }
}

}  // namespace georep
