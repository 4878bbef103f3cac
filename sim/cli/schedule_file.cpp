#include "sim/cli/schedule_file.hpp"

#include <utility>

#include "sim/cli/files.hpp"

namespace georep {

std::expected<std::optional<Schedule>, std::string> read_asked_schedule(const std::string& file,
                                                                        ScenarioOptions& options) {
  if (file.empty()) return std::nullopt;
  const auto text = read_file(file);
  if (!text) return std::unexpected{text.error()};
  auto read = read_schedule(*text);
  if (!read) return std::unexpected{file + ": " + read.error()};
  if (!options.seed) options.seed = read->seed;
  options.settings.insert(options.settings.begin(), read->settings.begin(), read->settings.end());
  return std::move(read->schedule);
}

}  // namespace georep
