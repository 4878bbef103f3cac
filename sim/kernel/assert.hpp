// Assertions that stay on in release. A failed one is a fault of the program, never of its input: it prints
// what was promised, where the simulation stood, and the command that replays it, then aborts with exit code 70.
#pragma once

#include <atomic>
#include <cstdint>

namespace georep {

/// What an assertion prints beside the promise that was broken. The running simulation keeps the first
/// three up to date through `assertion_context()`; the command line sets the last.
/// The first two may be read by another thread, which shows how far a run is.
struct AssertionContext {
  std::atomic<std::int64_t> now_ns{0};   ///< simulated time
  std::atomic<std::uint64_t> event{0};   ///< ordinal of the event being dispatched
  std::uint64_t seed = 0;          ///< root seed of the run
  const char* replay = nullptr;    ///< the command that replays the run, or null
};

/// The context of the simulation that runs on this thread.
AssertionContext& assertion_context();

/// Prints the broken promise and its context to stderr, and leaves the process with exit code 70.
[[noreturn]] void assertion_failed(const char* condition, const char* promise, const char* file,
                                   int line);

}  // namespace georep

/// Checks a promise of the program, in release builds too.
#define GEOREP_ASSERT(condition, promise)                                                   \
  do {                                                                                      \
    if (!(condition)) [[unlikely]]                                                          \
      ::georep::assertion_failed(#condition, promise, __FILE__, __LINE__);                  \
  } while (false)
