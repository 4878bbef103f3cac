#include "sim/cli/schedule_file.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::string misfit_of(const ScheduledDecisions& decisions, bool same_run) {
  if (!decisions.not_allowed().empty()) return fmt::format("{}", fmt::join(decisions.not_allowed(), "; "));
  const std::vector<std::string> missed = decisions.never_came_up();
  if (!same_run || missed.empty()) return "";
  return fmt::format("it is no schedule of this scenario: {} never came up in the run", fmt::join(missed, ", "));
}

}  // namespace georep
