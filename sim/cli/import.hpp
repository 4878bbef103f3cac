// `georep import ibm TRACE…`: makes a recording that scenarios replay of the logs of a registry.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct ImportArguments {
  std::string format;
  std::vector<std::string> files;
  std::string out = "recording.txt";
};

ExitCode import_logs(const ImportArguments& options, Terminal& terminal);

}  // namespace georep
