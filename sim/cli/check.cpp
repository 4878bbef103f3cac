#include "sim/cli/check.hpp"

#include "sim/cli/files.hpp"
#include "sim/cli/load.hpp"

namespace georep {

ExitCode check_scenarios(const CheckArguments& options, Terminal& terminal) {
  const auto files = scenario_files(options.files);
  if (!files) {
    terminal.complain("georep check: " + files.error());
    return ExitCode::unreadable;
  }
  ExitCode worst = ExitCode::ok;
  for (const std::string& file : *files) {
    const Loaded loaded = load(file, options.scenario);
    if (loaded.ok()) continue;
    terminal.complain(loaded.problem);
    // What cannot be read outweighs what is wrong.
    if (worst != ExitCode::unreadable) worst = loaded.code;
  }
  return worst;
}

}  // namespace georep
