// `georep report STORE`: the results of a sweep as a page.
#pragma once

#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

struct ReportArguments {
  std::string store;
  std::string out;  ///< empty: the store's name with .html
};

ExitCode report_store(const ReportArguments& arguments, Terminal& terminal);

}  // namespace georep
