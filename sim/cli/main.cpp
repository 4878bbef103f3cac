#include <cstdio>
#include <exception>

#include "sim/cli/command_tree.hpp"

namespace {

using georep::ExitCode;

int leave(ExitCode code) {
  return static_cast<int>(code);
}

int run_command(const georep::Invocation& invocation) {
  georep::Terminal terminal{invocation.terminal};
  const ExitCode code = invocation.command(terminal);
  if (!terminal.flush()) {
    terminal.complain("georep: cannot write to standard output");
    return leave(ExitCode::unreadable);
  }
  return leave(code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto invocation = georep::parse_arguments(argc, argv);
    if (invocation) return run_command(*invocation);
    const georep::Answer& answer = invocation.error();
    std::fputs(answer.text.c_str(), answer.code == ExitCode::ok ? stdout : stderr);
    return leave(answer.code);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "georep: a fault of the program: %s\n", error.what());
    return leave(ExitCode::bug);
  }
}
