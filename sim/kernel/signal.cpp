#include "sim/kernel/signal.hpp"

namespace georep {

void Waiter::unlink() {
  list_->note(Access::write);
  (previous_ == nullptr ? list_->first_ : previous_->next_) = next_;
  (next_ == nullptr ? list_->last_ : next_->previous_) = previous_;
  --list_->size_;
  list_ = nullptr;
}

void WaitList::add(Waiter& waiter, PromiseBase& process) {
  note(Access::write);
  waiter.list_ = this;
  waiter.process_ = &process;
  waiter.previous_ = last_;
  waiter.next_ = nullptr;
  (last_ == nullptr ? first_ : last_->next_) = &waiter;
  last_ = &waiter;
  ++size_;
}

bool WaitList::release_first() {
  note(Access::read);
  if (first_ == nullptr) return false;
  Waiter& waiter = *first_;
  waiter.unlink();
  waiter.released_ = true;
  PromiseBase& process = *waiter.process_;
  // One that waits with a limit has the limit pending as its own event.
  if (process.pending()) process.simulation().cancel(process);
  process.make_ready();
  return true;
}

void WaitList::release_all() {
  // Those who begin to wait meanwhile are not there yet: resumption is a later event.
  while (release_first()) {
  }
}

}  // namespace georep
