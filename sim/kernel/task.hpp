// A process is a coroutine. `Task<T>` is awaited by another process; `Simulation::spawn` or a ProcessScope detaches one.
// Control passes between awaiter and awaited through the run loop (a trampoline), never by symmetric transfer, which overflows
// the stack under gcc without optimisation.
#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "sim/kernel/event.hpp"
#include "sim/kernel/frame_pool.hpp"
#include "sim/kernel/process_scope.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

/// What every process carries: its next resumption as an event, and who waits for its end.
class PromiseBase : public Event {
 public:
  PromiseBase() : Event{&PromiseBase::resume_chain} {}
  ~PromiseBase() {
    if (pending()) simulation_->cancel(*this);
  }

  static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
  static void operator delete(void* frame, std::size_t size) { frame_pool::release(frame, size); }

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> process) noexcept {
      process.promise().finished();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  void unhandled_exception() { simulation_->exception_ = std::current_exception(); }

  Simulation& simulation() const { return *simulation_; }

  /// Resumes this process as an event at this instant.
  void make_ready() { simulation_->schedule_now(*this); }

  /// Takes the identity and simulation of the process that awaits this one, and runs next.
  void run_on_behalf_of(PromiseBase& awaiter) {
    simulation_ = awaiter.simulation_;
    identify(awaiter.kind(), awaiter.entity(), awaiter.ground());
    continuation_ = &awaiter;
    simulation_->next_ = this;
  }

  void rethrow_if_failed() const {
    if (simulation_->exception_) [[unlikely]]
      std::rethrow_exception(std::exchange(simulation_->exception_, nullptr));
  }

 protected:
  void bind(std::coroutine_handle<> handle) { handle_ = handle; }

 private:
  friend class ProcessScope;
  friend class Simulation;

  static void resume_chain(Simulation& simulation, Event& event);
  static void run_steps(Simulation& simulation, PromiseBase* process);
  void finished() noexcept;
  void note_scopes() const;
  bool runs_within(const PromiseBase& ancestor) const;

  Simulation* simulation_ = nullptr;
  std::coroutine_handle<> handle_;
  PromiseBase* continuation_ = nullptr;  // awaited: who goes on when this one ends
  ProcessScope* scope_ = nullptr;        // detached: who owns it
  PromiseBase* previous_ = nullptr;      // detached: its neighbours in the scope, in order of starting
  PromiseBase* following_ = nullptr;
};

template <class T>
class [[nodiscard]] Task;

namespace detail {

template <class T>
class TaskPromise : public PromiseBase {
 public:
  TaskPromise() { bind(std::coroutine_handle<TaskPromise>::from_promise(*this)); }
  Task<T> get_return_object();
  void return_value(T value) { value_.emplace(std::move(value)); }
  T take() {
    rethrow_if_failed();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public PromiseBase {
 public:
  TaskPromise() { bind(std::coroutine_handle<TaskPromise>::from_promise(*this)); }
  Task<void> get_return_object();
  void return_void() {}
  void take() { rethrow_if_failed(); }
};

// gcc 12 destroys an aggregate temporary that is passed to a coroutine twice, so no coroutine takes one by value.
template <class Argument>
constexpr bool safe_coroutine_parameter =
    std::is_reference_v<Argument> || !std::is_aggregate_v<std::remove_cv_t<Argument>> ||
    std::is_trivially_destructible_v<std::remove_cv_t<Argument>>;

}  // namespace detail

/// A computation in simulated time that yields a T. It starts when it is awaited (once), and destroying it cancels it wherever it
/// waits.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;

  explicit Task(std::coroutine_handle<promise_type> handle) : handle_{handle} {}
  Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> awaiter) {
    handle_.promise().run_on_behalf_of(awaiter.promise());
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  friend class ProcessScope;
  std::coroutine_handle<promise_type> release() { return std::exchange(handle_, nullptr); }

  std::coroutine_handle<promise_type> handle_;
};

template <class T>
Task<T> detail::TaskPromise<T>::get_return_object() {
  return Task<T>{std::coroutine_handle<TaskPromise>::from_promise(*this)};
}

inline Task<void> detail::TaskPromise<void>::get_return_object() {
  return Task<void>{std::coroutine_handle<TaskPromise>::from_promise(*this)};
}

/// Suspends a process until an instant.
struct [[nodiscard]] Simulation::DelayAwaiter {
  Simulation& simulation;
  Deadline moment;

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> process) {
    simulation.schedule_at(process.promise(), moment);
  }
  void await_resume() const noexcept {}
};

inline Simulation::DelayAwaiter Simulation::delay(Duration length) {
  return DelayAwaiter{*this, deadline(length)};
}

inline Simulation::DelayAwaiter Simulation::until(Instant instant) {
  return until(Deadline{instant, ordinal_});
}

inline Simulation::DelayAwaiter Simulation::until(const Deadline& moment) {
  const Deadline at_once = deadline(Duration{});
  return DelayAwaiter{*this, before(moment, at_once) ? at_once : moment};
}

}  // namespace georep

/// Holds the line against gcc 12: see `safe_coroutine_parameter`.
template <class T, class... Arguments>
struct std::coroutine_traits<georep::Task<T>, Arguments...> {
  static_assert((georep::detail::safe_coroutine_parameter<Arguments> && ...),
                "a coroutine takes no aggregate with a destructor by value; give it a constructor");
  using promise_type = typename georep::Task<T>::promise_type;
};
