// `georep list WHAT`: the names that a scenario may use.
#pragma once

#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct ListArguments {
  std::string what;
  bool json = false;
};

ExitCode list_names(const ListArguments& options, Terminal& terminal);

}  // namespace georep
