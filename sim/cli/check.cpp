#include "sim/cli/check.hpp"

#include <fmt/format.h>

#include "analysis/reports/escape.hpp"
#include "sim/cli/files.hpp"
#include "sim/cli/load.hpp"

namespace georep {

namespace {

std::string json_of(const Diagnostic& diagnostic) {
  return fmt::format(
      R"({{"code":"E{:03}","message":"{}","hint":"{}","path":"{}","line":{},"column":{}}})",
      static_cast<unsigned>(diagnostic.code), json_escaped(diagnostic.message), json_escaped(diagnostic.hint),
      json_escaped(diagnostic.path), diagnostic.place.line, diagnostic.place.column);
}

std::string json_of(const std::string& file, const Loaded& loaded) {
  std::string diagnostics;
  for (const Diagnostic& diagnostic : loaded.diagnostics)
    diagnostics += (diagnostics.empty() ? "" : ",") + json_of(diagnostic);
  // Of a file that cannot be read there is only the reason.
  const std::string problem = loaded.ok() || !loaded.diagnostics.empty()
                                  ? ""
                                  : fmt::format(R"("problem":"{}",)", json_escaped(loaded.problem));
  return fmt::format(R"({{"file":"{}","valid":{},{}"diagnostics":[{}]}})", json_escaped(file), loaded.ok(), problem,
                     diagnostics);
}

}  // namespace

ExitCode check_scenarios(const CheckArguments& arguments, Terminal& terminal) {
  const auto files = scenario_files(arguments.files);
  if (!files) {
    terminal.complain("georep check: " + files.error());
    return ExitCode::unreadable;
  }
  ExitCode worst = ExitCode::ok;
  std::string json;
  for (const std::string& file : *files) {
    const Loaded loaded = load(file, arguments.scenario);
    if (arguments.json)
      json += (json.empty() ? "\n  " : ",\n  ") + json_of(file, loaded);
    else if (!loaded.ok())
      terminal.complain(loaded.problem);
    // What cannot be read outweighs what is wrong.
    if (!loaded.ok() && worst != ExitCode::unreadable) worst = loaded.code;
  }
  if (arguments.json)
    terminal.print(fmt::format("{{\n\"georep\": 1,\n\"valid\": {},\n\"files\": [{}\n]}}\n", worst == ExitCode::ok, json));
  return worst;
}

}  // namespace georep
