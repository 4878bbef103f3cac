// All commands and their options. Its .cpp is the only file that knows CLI11, which takes seconds to compile.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

/// What the arguments ask for.
struct Invocation {
  TerminalOptions terminal;
  std::function<ExitCode(Terminal&)> command;
};

/// Arguments that ask for no command: a page of help or the version (to stdout, `ok`), or wrong ones (to stderr, `usage`).
struct Answer {
  ExitCode code = ExitCode::ok;
  std::string text;
};

std::expected<Invocation, Answer> parse_arguments(int argc, const char* const* argv);

}  // namespace georep
