// The command that does again what was done, as somebody can paste it into a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/options.hpp"

namespace georep {

/// A word of a shell's command line: quoted where a shell would make something else of it.
std::string shell_quoted(std::string_view word);

/// `georep run FILE --seed 7 --set path=value`, and what else is given.
std::string replay_command(std::string_view command, const std::vector<std::string>& files,
                           const ScenarioOptions& options, const std::vector<std::string>& more = {});

}  // namespace georep
