// `georep rare FILE`: how rarely a run violates an expectation, by multilevel splitting.
#pragma once

#include <cstdint>
#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct RareArguments {
  std::string file;
  ScenarioOptions scenario;
  JobOptions jobs;
  bool json = false;
  std::int64_t paths = 200;
  std::int64_t replicates = 40;
};

ExitCode estimate_rare(const RareArguments& arguments, Terminal& terminal);

}  // namespace georep
