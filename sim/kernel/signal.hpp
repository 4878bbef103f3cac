// Ways for processes to wait for one another: a signal, a counted resource, a reply. Waiters go on in the order in which they
// began to wait, each as an event of its own at the instant of its release.
#pragma once

#include <coroutine>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace georep {

class WaitList;

/// A process in a wait list. Unlinks itself when it is destroyed.
class Waiter {
 public:
  Waiter() = default;
  ~Waiter() {
    if (list_ != nullptr) unlink();
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Whether somebody released it from the list (rather than its time having come).
  bool released() const { return released_; }

 private:
  friend class WaitList;
  void unlink();

  WaitList* list_ = nullptr;
  Waiter* previous_ = nullptr;
  Waiter* next_ = nullptr;
  PromiseBase* process_ = nullptr;
  bool released_ = false;
};

/// Processes that wait for the same thing, first come, first served.
class WaitList {
 public:
  WaitList() = default;
  ~WaitList() { GEOREP_ASSERT(first_ == nullptr, "nobody waits for a thing that is destroyed"); }
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;

  bool empty() const { return first_ == nullptr; }
  std::size_t size() const { return size_; }

  void add(Waiter& waiter, PromiseBase& process);
  /// Releases the one that has waited longest; its process goes on at this instant. False when nobody waits.
  bool release_first();
  void release_all();

  /// What a listener knows the list by; also the name of what is guarded by it.
  SharedObject name() const { return listened_.name(); }
  void note(Access access) const { listened_.note(access); }

 private:
  friend class Waiter;
  Listened listened_;
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::size_t size_ = 0;
};

/// A condition that processes wait for: `co_await signal.wait()`.
class Signal {
 public:
  class [[nodiscard]] Awaiter {
   public:
    Awaiter(WaitList& waiters, const std::optional<Deadline>& limit)
        : waiters_{waiters}, limit_{limit} {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> process) {
      waiters_.add(waiter_, process.promise());
      if (limit_) process.promise().simulation().schedule_at(process.promise(), *limit_);
    }
    /// Whether the signal came; false when the limit did.
    bool await_resume() const noexcept { return waiter_.released(); }

   private:
    WaitList& waiters_;
    std::optional<Deadline> limit_;
    Waiter waiter_;
  };

  /// Waits until somebody notifies.
  Awaiter wait() { return Awaiter{waiters_, std::nullopt}; }
  /// Waits until somebody notifies or the moment (now at the earliest) comes; says which.
  Awaiter wait_until(const Deadline& limit) { return Awaiter{waiters_, limit}; }

  void notify_all() { waiters_.release_all(); }
  bool notify_one() { return waiters_.release_first(); }
  bool awaited() const {
    waiters_.note(Access::read);
    return !waiters_.empty();
  }

  /// Notes that what the signal guards was read or written.
  void note(Access access) const { waiters_.note(access); }
  SharedObject name() const { return waiters_.name(); }

 private:
  WaitList waiters_;
};

/// A number of equal servers. A process that finds none free waits in line.
class Resource {
 public:
  explicit Resource(std::size_t capacity) : capacity_{capacity} {}

  /// The right to one server; gives it back when destroyed.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(Resource& resource) : resource_{&resource} {}
    Slot(Slot&& other) noexcept : resource_{std::exchange(other.resource_, nullptr)} {}
    Slot& operator=(Slot&& other) noexcept {
      if (this != &other) {
        release();
        resource_ = std::exchange(other.resource_, nullptr);
      }
      return *this;
    }
    ~Slot() { release(); }
    void release() {
      if (resource_ != nullptr) std::exchange(resource_, nullptr)->give_back();
    }

   private:
    Resource* resource_ = nullptr;
  };

  class [[nodiscard]] Awaiter {
   public:
    explicit Awaiter(Resource& resource) : resource_{resource} {}
    ~Awaiter() {
      // Granted, but cancelled before it could go on.
      if (waiter_.released() && !taken_) resource_.give_back();
    }
    bool await_ready() const noexcept {
      resource_.note_write();
      return resource_.busy_ < resource_.capacity_ && resource_.waiters_.empty();
    }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> process) {
      resource_.waiters_.add(waiter_, process.promise());
    }
    Slot await_resume() {
      taken_ = true;
      // A released waiter inherits the server of the one that left; only one that never waited adds to the count.
      if (!waiter_.released()) ++resource_.busy_;
      return Slot{resource_};
    }

   private:
    Resource& resource_;
    Waiter waiter_;
    bool taken_ = false;
  };

  /// `Resource::Slot slot = co_await resource.acquire();`
  Awaiter acquire() { return Awaiter{*this}; }

  /// Changes the number of servers. Those busy beyond it finish first.
  void resize(std::size_t capacity) {
    note_write();
    capacity_ = capacity;
    while (busy_ < capacity_ && waiters_.release_first()) ++busy_;
  }

  std::size_t busy() const { return busy_; }
  std::size_t waiting() const { return waiters_.size(); }
  std::size_t capacity() const { return capacity_; }

 private:
  // Those who use what never runs out do not get in one another's way.
  void note_write() const {
    if (capacity_ != std::numeric_limits<std::size_t>::max()) waiters_.note(Access::write);
  }
  void give_back() {
    note_write();
    GEOREP_ASSERT(busy_ > 0, "a server is given back once");
    if (busy_ > capacity_ || !waiters_.release_first()) --busy_;
  }

  std::size_t capacity_;
  std::size_t busy_ = 0;
  WaitList waiters_;
};

template <class T>
class ReplyTo;

/// A value that another process will send, which the receiver may stop waiting for, and the sender may fail to send.
template <class T>
class Reply {
 public:
  Reply() = default;
  ~Reply() {
    arrived_.note(Access::write);
    if (sender_ != nullptr) sender_->target_ = nullptr;
  }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  class [[nodiscard]] Awaiter {
   public:
    Awaiter(Reply& reply, const std::optional<Deadline>& limit)
        : reply_{reply},
          signal_{limit ? reply.arrived_.wait_until(*limit) : reply.arrived_.wait()} {}
    bool await_ready() const noexcept {
      reply_.arrived_.note(Access::read);
      return reply_.value_.has_value() || reply_.abandoned_;
    }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> process) {
      signal_.await_suspend(process);
    }
    /// The value, or nothing when the limit came first or the sender ended without sending.
    std::optional<T> await_resume() { return std::move(reply_.value_); }

   private:
    Reply& reply_;
    Signal::Awaiter signal_;
  };

  Awaiter wait() { return Awaiter{*this, std::nullopt}; }
  Awaiter wait_until(const Deadline& limit) { return Awaiter{*this, limit}; }

 private:
  friend class ReplyTo<T>;
  std::optional<T> value_;
  Signal arrived_;
  ReplyTo<T>* sender_ = nullptr;
  bool abandoned_ = false;
};

/// The sender's end of a Reply. Sending to a receiver that has gone does nothing.
template <class T>
class ReplyTo {
 public:
  explicit ReplyTo(Reply<T>& target) : target_{&target}, name_{target.arrived_.name()} {
    target.sender_ = this;
  }
  ReplyTo(ReplyTo&& other) noexcept
      : target_{std::exchange(other.target_, nullptr)}, name_{std::exchange(other.name_, {})} {
    if (target_ != nullptr) target_->sender_ = this;
  }
  ReplyTo& operator=(ReplyTo&&) = delete;
  ~ReplyTo() {
    note_write();
    if (target_ == nullptr) return;
    target_->sender_ = nullptr;
    target_->abandoned_ = true;
    target_->arrived_.notify_all();
  }

  /// Whether somebody still waits for the value.
  bool awaited() const {
    if (kernel_is_heard() && name_.key != 0) [[unlikely]]
      kernel_listener->accessed(name_, Access::read);
    return target_ != nullptr;
  }

  void send(T value) {
    note_write();
    name_ = SharedObject{};  // what becomes of this end from now on concerns nobody
    if (target_ == nullptr) return;
    Reply<T>* target = std::exchange(target_, nullptr);
    target->sender_ = nullptr;
    target->value_.emplace(std::move(value));
    target->arrived_.notify_all();
  }

 private:
  friend class Reply<T>;
  void note_write() const {
    if (kernel_is_heard() && name_.key != 0) [[unlikely]]
      kernel_listener->accessed(name_, Access::write);
  }

  Reply<T>* target_;
  SharedObject name_;
};

}  // namespace georep
