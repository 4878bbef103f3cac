// `georep run FILE`: one run of a scenario, told as a story or as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct RunArguments {
  std::string file;
  ScenarioOptions scenario;
  JobOptions jobs;
  bool json = false;
  std::string until;     ///< a duration; empty: to the scenario's own end
  std::string trace;     ///< a file for Perfetto; empty: none
  std::string report;    ///< an HTML file; empty: none
  std::string schedule;  ///< a schedule that `explore` found; empty: the ordinary run
  std::string sequence;  ///< the tag whose sequence diagram is wanted; empty: none
};

ExitCode run_scenario(const RunArguments& options, Terminal& terminal);

}  // namespace georep
