#include "sim/cli/interrupt.hpp"

#include <array>
#include <atomic>
#include <csignal>

#include "analysis/experiments/run.hpp"

namespace georep {

namespace {

// Runners beyond these, one for each thread, are not stopped but run to their end.
constexpr std::size_t most_runners = 256;

std::atomic<bool> asked{false};
std::atomic<int> stopping{0};  // handlers that are at work
std::array<std::atomic<Runner*>, most_runners> runners{};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
                  std::atomic<Runner*>::is_always_lock_free,
              "a signal handler may use them");

extern "C" void ask_to_stop(int) {
  asked = true;
  ++stopping;
  for (std::atomic<Runner*>& slot : runners)
    if (Runner* runner = slot) runner->stop();
  --stopping;
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
  return asked;
}

StopsOnInterrupt::StopsOnInterrupt(Runner& runner) {
  for (slot_ = 0; slot_ < most_runners; ++slot_) {
    Runner* free = nullptr;
    if (runners[slot_].compare_exchange_strong(free, &runner)) break;
  }
  // The signal may have come before.
  if (asked) runner.stop();
}

StopsOnInterrupt::~StopsOnInterrupt() {
  if (slot_ < most_runners) runners[slot_] = nullptr;
  // A handler on another thread may still hold the runner.
  while (stopping > 0) {
  }
}

}  // namespace georep
