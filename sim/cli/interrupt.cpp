#include "sim/cli/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace georep {

namespace {

std::atomic<bool> asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

extern "C" void ask_to_stop(int) {
  asked.store(true, std::memory_order_relaxed);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = ask_to_stop;
  // After the first signal the default holds again, so that the second one ends the process; reads and writes that a
  // signal interrupts go on.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
  return asked.load(std::memory_order_relaxed);
}

}  // namespace georep
