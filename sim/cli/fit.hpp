// `georep fit FILE`: what a registry is set to, from when pushes to it were seen to arrive.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct FitArguments {
  std::string file;
  std::vector<std::string> round_trips;  ///< `80ms`, or `from..to=80ms`
  std::string confidence = "95%";
  std::string out;
  bool json = false;
};

ExitCode fit_registry(const FitArguments& arguments, Terminal& terminal);

}  // namespace georep
