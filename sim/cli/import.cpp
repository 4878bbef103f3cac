#include "sim/cli/import.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "scenarios/reader/registry_log.hpp"
#include "sim/cli/files.hpp"

namespace georep {

namespace {

ExitCode complain(Terminal& terminal, const std::string& what, ExitCode code) {
  terminal.complain("georep import: " + what);
  return code;
}

std::string summary(const ImportedLog& log) {
  std::uint64_t by_kind[3] = {};
  for (const RecordedOperation& operation : log.recording.operations)
    ++by_kind[static_cast<std::size_t>(operation.kind)];
  std::string text = fmt::format("{} records: {} pulls, {} polls, {} pushes of {} images\n",
                                 log.records, by_kind[0], by_kind[1], by_kind[2],
                                 log.recording.images.size());
  for (const auto& [reason, count] : log.left_out)
    text += fmt::format("{} left out: {}\n", count, reason);
  return text;
}

}  // namespace

ExitCode import_logs(const ImportArguments& options, Terminal& terminal) {
  // One after another they make one log, whose records are put in order of time.
  std::stringstream text;
  for (const std::string& file : options.files) {
    std::ifstream stream{file};
    if (!stream) return complain(terminal, "'" + file + "' cannot be opened", ExitCode::unreadable);
    text << stream.rdbuf();
    text.clear();
  }
  const auto log = import_ibm_log(text);
  if (!log) return complain(terminal, log.error(), ExitCode::unreadable);
  if (const auto done = write_file(options.out, written(log->recording)); !done)
    return complain(terminal, done.error(), ExitCode::unreadable);
  terminal.print(summary(*log));
  terminal.say("wrote " + options.out + "; replay it with {trace: " + options.out +
               ", format: georep, on: a host}");
  return ExitCode::ok;
}

}  // namespace georep
