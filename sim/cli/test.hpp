// `georep test PATH…`: every scenario file below each path, in parallel, as a test runner does.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct TestArguments {
  std::vector<std::string> paths;
  ScenarioOptions scenario;
  JobOptions jobs;
  bool json = false;
  std::string junit;   ///< a file for JUnit XML; empty: none
  std::string filter;  ///< a glob that a file's path has to match; empty: all do
};

ExitCode test_scenarios(const TestArguments& options, Terminal& terminal);

}  // namespace georep
