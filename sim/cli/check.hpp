// `georep check FILE…`: reads scenarios and says what is wrong with them; runs nothing.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct CheckArguments {
  std::vector<std::string> files;
  ScenarioOptions scenario;
  bool json = false;
};

ExitCode check_scenarios(const CheckArguments& options, Terminal& terminal);

}  // namespace georep
