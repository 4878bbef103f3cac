// What the commands that make many runs share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/experiments/variation.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

class Runner;

/// Lets Ctrl-C stop a runner as long as what it gives lives.
std::shared_ptr<void> stopped_by_interrupt(Runner& runner);

/// Shows `done of all runs`.
void show_runs_done(Terminal& terminal, std::int64_t done, std::int64_t all);

/// The command that makes one run of a study again, alone.
std::string replay_of_run(const std::string& file, ScenarioOptions options, std::uint64_t seed,
                          const PointSettings& settings, std::int64_t run);

}  // namespace georep
