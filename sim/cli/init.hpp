// `georep init NAME`: a commented scenario to start from.
#pragma once

#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct InitArguments {
  std::string name;  ///< `NAME` or `NAME.yaml`
};

ExitCode init_scenario(const InitArguments& options, Terminal& terminal);

}  // namespace georep
