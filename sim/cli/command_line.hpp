// The program as a function, for programs that add policies of their own and are georep in all else; docs/own-logic.md shows one.
#pragma once

namespace georep {

/// Runs the command that the arguments name and gives the exit code of the process.
int run_command_line(int argc, char** argv);

}  // namespace georep
