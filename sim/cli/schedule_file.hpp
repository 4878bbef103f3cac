// The schedule that a command is asked to go by.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "analysis/races/schedule.hpp"
#include "sim/cli/options.hpp"

namespace georep {

/// The schedule in that file, none where the name is empty; sets the scenario's options as they were when it was found. The error says why
/// the file is none.
std::expected<std::optional<Schedule>, std::string> read_asked_schedule(const std::string& file, ScenarioOptions& options);

/// Why a run could not go by all of its schedule, in words; empty where it could. `same_run`: the scenario is as it was when the schedule was found,
/// and the run came to its end, so that everything in it has to come up.
std::string misfit_of(const ScheduledDecisions& decisions, bool same_run);

}  // namespace georep
