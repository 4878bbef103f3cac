#include "sim/cli/run_progress.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include <fmt/format.h>

#include "sim/fields/figures.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

using Clock = std::chrono::steady_clock;

std::string events_per_second(double rate) {
  if (rate >= 1e6) return fmt::format("{:.1f} million events/s", rate / 1e6);
  return fmt::format("{} events/s", grouped(static_cast<std::uint64_t>(rate)));
}

void show(std::stop_token stop, Terminal& terminal, const AssertionContext& run, std::optional<Instant> end) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock{mutex};
  const Clock::time_point began = Clock::now();
  while (!stopped.wait_for(lock, stop, std::chrono::milliseconds{100}, [&] { return stop.stop_requested(); })) {
    if (!terminal.progress_due()) continue;
    const Instant now = Instant::at(Duration::nanoseconds(run.now_ns));
    const double elapsed = std::chrono::duration<double>(Clock::now() - began).count();
    terminal.progress(fmt::format("{} simulated, {}", figure(now),
                                  events_per_second(static_cast<double>(run.event) / elapsed)),
                      end ? now.seconds() / end->seconds() : -1);
  }
}

}  // namespace

RunProgress::RunProgress(Terminal& terminal, std::optional<Instant> end) {
  if (!terminal.shows_progress()) return;
  thread_ = std::jthread{show, std::ref(terminal), std::cref(assertion_context()), end};
}

}  // namespace georep
