// The owner of running processes: destroying the scope cancels all that still run in it, last started first.
#pragma once

#include <cstddef>

#include "sim/kernel/choice.hpp"
#include "sim/kernel/event.hpp"

namespace georep {

class PromiseBase;
class Simulation;
template <class T>
class Task;

class ProcessScope {
 public:
  /// A scope that belongs to an object, whoever creates it.
  explicit ProcessScope(Simulation& simulation) : ProcessScope{simulation, nullptr} {}

  /// A scope that is a variable of the process that is running now, and ends with it.
  static ProcessScope of_running_process(Simulation& simulation);

  ~ProcessScope() { clear(); }
  ProcessScope(const ProcessScope&) = delete;
  ProcessScope& operator=(const ProcessScope&) = delete;

  /// Starts a process in this scope: its first step is an event at this instant.
  void start(Task<void> task, EventKind kind = EventKind::unspecified,
             EntityId entity = EntityId::none, Ground ground = Ground::foreground);

  /// Starts a process whose first step is part of the event that is being dispatched. Whoever is running goes on when that step ends.
  /// A process started like this starts no other one like this in its first step (asserted).
  void start_at_once(Task<void> task, EventKind kind = EventKind::unspecified,
                     EntityId entity = EntityId::none, Ground ground = Ground::foreground);

  /// Starts a process with the kind, entity and ground of the process that is running now.
  void start_alike(Task<void> task);

  /// Cancels every process of the scope, last started first. One that is running right now, or whose child is, goes on until it
  /// next suspends and is then destroyed by the run loop.
  void clear();

  bool empty() const {
    listened_.note(Access::write);
    return last_ == nullptr;
  }
  std::size_t size() const {
    listened_.note(Access::write);
    return size_;
  }

 private:
  friend class PromiseBase;
  friend class Simulation;

  ProcessScope(Simulation& simulation, PromiseBase* owner)
      : simulation_{simulation}, owner_{owner} {}

  PromiseBase& take_over(Task<void> task, EventKind kind, EntityId entity, Ground ground);
  void adopt(PromiseBase& process);
  void unlink(PromiseBase& process);

  Simulation& simulation_;
  PromiseBase* owner_;  // the process of which this scope is a variable, if any
  PromiseBase* last_ = nullptr;
  std::size_t size_ = 0;
  // Its processes read it whenever they do anything, and so does whoever starts one; what depends on who is there writes it.
  Listened listened_;
};

}  // namespace georep
