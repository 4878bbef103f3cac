// `georep plan FILE --find PATH --range A..B`: the least value of a path that meets every expectation.
#pragma once

#include <cstdint>
#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct PlanArguments {
  std::string file;
  ScenarioOptions scenario;
  JobOptions jobs;
  bool json = false;
  std::string find;                ///< a path of the scenario
  std::string range;               ///< `low..high`
  std::int64_t runs = 640;         ///< the most at one value
  std::string precision = "5%";    ///< width of the interval, as a share of the value
  std::string confidence = "95%";  ///< of the interval
  std::string share = "99%";       ///< of runs that meet an expectation without a figure
};

ExitCode plan_scenario(const PlanArguments& arguments, Terminal& terminal);

}  // namespace georep
