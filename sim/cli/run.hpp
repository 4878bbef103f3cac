// `georep run FILE`: one run of a scenario, told as a story or as JSON; or many, and what they say together.
#pragma once

#include <cstdint>
#include <optional>
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
  std::optional<std::int64_t> runs;  ///< how many; unset: one, told as a story
  std::optional<std::int64_t> run;   ///< the number of the run, or of the first of many
  std::string precision;             ///< a ratio; empty: as many runs as asked for
  std::string until;     ///< a duration; empty: to the scenario's own end
  std::string trace;     ///< a file for Perfetto; empty: none
  std::string report;    ///< an HTML file; empty: none
  std::string arrivals;  ///< a table for `georep fit`; empty: none
  std::string schedule;  ///< a schedule that `explore` found; empty: the ordinary run
  std::string sequence;  ///< the tag whose sequence diagram is wanted; empty: none
};

ExitCode run_scenario(const RunArguments& options, Terminal& terminal);

}  // namespace georep
