#include "sim/cli/command_line.hpp"

#include <cstdio>
#include <exception>

#include "sim/cli/command_tree.hpp"

namespace georep {
namespace {

int leave(ExitCode code) {
  return static_cast<int>(code);
}

int run_command(const Invocation& invocation) {
  Terminal terminal{invocation.terminal};
  const ExitCode code = invocation.command(terminal);
  if (!terminal.flush()) {
    terminal.complain("georep: cannot write to standard output");
    return leave(ExitCode::unreadable);
  }
  return leave(code);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  try {
    const auto invocation = parse_arguments(argc, argv);
    if (invocation) return run_command(*invocation);
    const Answer& answer = invocation.error();
    std::fputs(answer.text.c_str(), answer.code == ExitCode::ok ? stdout : stderr);
    return leave(answer.code);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "georep: a fault of the program: %s\n", error.what());
    return leave(ExitCode::bug);
  }
}

}  // namespace georep
