// How far the run on this thread is, shown by another one.
#pragma once

#include <optional>
#include <thread>

#include "sim/cli/terminal.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

/// While it lives it shows simulated time, events a second and what remains. Where the terminal shows no progress there is no
/// thread. Nobody else may use the terminal meanwhile.
class RunProgress {
 public:
  /// `end`: when the run ends, where that is known.
  RunProgress(Terminal& terminal, std::optional<Instant> end);

 private:
  std::jthread thread_;
};

}  // namespace georep
