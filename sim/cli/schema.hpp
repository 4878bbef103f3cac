// `georep schema`: the JSON Schema of the scenario language, for editors.
#pragma once

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

ExitCode print_schema(Terminal& terminal);

}  // namespace georep
