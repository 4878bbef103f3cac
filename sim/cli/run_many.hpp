// `georep run FILE --runs N`: independent runs of a scenario and what they say together.
#pragma once

#include "sim/cli/load.hpp"
#include "sim/cli/run.hpp"

namespace georep {

ExitCode run_many(const RunArguments& arguments, const Loaded& loaded, Terminal& terminal);

}  // namespace georep
