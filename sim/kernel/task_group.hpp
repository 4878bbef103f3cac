// Several tasks at once, a bounded number at a time: the fan-out of a pull over its layers.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/task.hpp"

namespace georep {

/// Runs tasks in the order in which they were given, at most `at_most` at a time, on behalf of the process that made the group.
/// Each task yields what went wrong, or nothing. Destroying the group cancels what still runs.
template <class Failure>
class TaskGroup {
 public:
  using Result = std::optional<Failure>;

  TaskGroup(Simulation& simulation, std::size_t at_most)
      : at_most_{at_most}, scope_{simulation} {
    GEOREP_ASSERT(at_most > 0, "a group runs at least one task at a time");
  }

  /// Adds a task. It begins when a place is free.
  void start(Task<Result> task) {
    changed_.note(Access::write);
    tasks_.push_back(std::move(task));
    if (workers_ < at_most_) {
      ++workers_;
      scope_.start_alike(work());
    }
  }

  /// Waits for the end of all tasks or the first failure, whichever comes first; yields the failure.
  /// The tasks that have not ended by then go on until the group is destroyed.
  Task<Result> first_failure() {
    changed_.note(Access::read);
    while (!failure_ && workers_ > 0) co_await changed_.wait();
    co_return failure_;
  }

  /// Waits for the end of all tasks, failures or not; yields the first failure.
  Task<Result> all() {
    changed_.note(Access::read);
    while (workers_ > 0) co_await changed_.wait();
    co_return failure_;
  }

 private:
  Task<void> work() {
    changed_.note(Access::write);
    while (begun_ < tasks_.size()) {
      Task<Result> task = std::move(tasks_[begun_++]);
      Result result = co_await std::move(task);
      changed_.note(Access::write);
      if (result && !failure_) {
        failure_ = std::move(result);
        changed_.notify_all();
      }
    }
    if (--workers_ == 0) changed_.notify_all();
  }

  std::size_t at_most_;
  std::size_t workers_ = 0;
  std::vector<Task<Result>> tasks_;
  std::size_t begun_ = 0;  // of the tasks
  Result failure_;
  Signal changed_;
  ProcessScope scope_;  // last, so that its processes are cancelled before what they use goes
};

}  // namespace georep
