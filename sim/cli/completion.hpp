// `georep completion SHELL`: scripts that complete commands, options, words and scenario files in bash, zsh and fish.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

/// What completion needs to know of an option or an operand.
struct CompletedOption {
  std::vector<std::string> names;  ///< `-q`, `--quiet`; none for an operand
  std::string help;
  bool takes_value = false;
  std::vector<std::string> words;  ///< its values, where they are known
  bool is_file = false;            ///< its value names a file
};

struct CompletedCommand {
  std::string name;
  std::string help;
  std::vector<CompletedOption> options;
};

ExitCode print_completion(const std::string& shell, const std::vector<CompletedCommand>& commands,
                    Terminal& terminal);

}  // namespace georep
