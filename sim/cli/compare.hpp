// `georep compare A B`: two scenarios, or two stores of sweeps, run by run under the same chance.
#pragma once

#include <cstdint>
#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct CompareArguments {
  std::string first;
  std::string second;
  ScenarioOptions scenario;
  JobOptions jobs;
  bool json = false;
  std::int64_t runs = 30;
};

ExitCode compare_two(const CompareArguments& arguments, Terminal& terminal);

}  // namespace georep
