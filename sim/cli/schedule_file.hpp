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

}  // namespace georep
