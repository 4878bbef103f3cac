#include "sim/cli/import.hpp"

#include <utility>
#include <vector>

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
  std::vector<IbmLog> logs;
  for (const std::string& file : options.files) {
    auto text = read_file(file);
    if (!text) return complain(terminal, text.error(), ExitCode::unreadable);
    logs.push_back({file, *std::move(text)});
  }
  const auto log = import_ibm_logs(logs);
  if (!log) return complain(terminal, log.error(), ExitCode::unreadable);
  if (const auto done = write_file(options.out, written(log->recording)); !done)
    return complain(terminal, done.error(), ExitCode::unreadable);
  terminal.print(summary(*log));
  terminal.say("wrote " + options.out + "; replay it with {trace: " + options.out +
               ", format: georep, on: a host}");
  return ExitCode::ok;
}

}  // namespace georep
