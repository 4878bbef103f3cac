#include "sim/kernel/task.hpp"

namespace georep {

void PromiseBase::resume_chain(Simulation& simulation, Event& event) {
  PromiseBase* process = static_cast<PromiseBase*>(&event);
  do {
    simulation.active_ = process;
    simulation.next_ = nullptr;
    process->handle_.resume();
    process = simulation.next_;
  } while (process != nullptr);
  simulation.active_ = nullptr;
  if (!simulation.dead_.empty()) simulation.bury_dead_processes();
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
  auto handle = task.release();
  PromiseBase& process = handle.promise();
  process.simulation_ = &simulation_;
  process.identify(kind, entity, ground);
  adopt(process);
  process.make_ready();
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
    const bool running =
        simulation_.active_ != nullptr && simulation_.active_->runs_within(process);
    unlink(process);
    if (running) {
      simulation_.dead_.push_back(&process);
    } else {
      process.handle_.destroy();
    }
  }
}

}  // namespace georep
