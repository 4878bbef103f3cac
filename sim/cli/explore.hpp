// `georep explore FILE`: searches the schedules that a scenario's uncertainty allows for one that violates an expectation.
#pragma once

#include <string>
#include <vector>

#include "analysis/races/exploration.hpp"
#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct ExploreArguments {
  std::string file;
  ScenarioOptions scenario;
  bool json = false;
  std::string budget = "60 s";
  SearchStrategy strategy = SearchStrategy::automatic;
  std::string out;   ///< a folder for what is found; empty: nothing is written
  std::vector<std::string> vary;  ///< each `path=a|b|c`; empty: as the scenario has it
  JobOptions jobs;
};

ExitCode explore_scenario(const ExploreArguments& arguments, Terminal& terminal);

}  // namespace georep
