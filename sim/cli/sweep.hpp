// `georep sweep FILE --vary …`: every combination of some values, a number of runs each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct SweepArguments {
  std::string file;
  ScenarioOptions scenario;
  JobOptions jobs;
  bool json = false;
  std::vector<std::string> vary;
  std::int64_t runs = 1;
  std::string store;               ///< an SQLite file; empty: none
  std::string csv;                 ///< a file; empty: none
  std::string shard;               ///< `i/n`, i from 1; empty: all
  std::vector<std::string> merge;  ///< stores of other parts of the same sweep
};

ExitCode sweep_scenario(const SweepArguments& arguments, Terminal& terminal);

}  // namespace georep
