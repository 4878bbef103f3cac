#include "sim/cli/study.hpp"

#include <fmt/format.h>

#include "analysis/experiments/run.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/replay.hpp"

namespace georep {

std::shared_ptr<void> stopped_by_interrupt(Runner& runner) {
  return std::make_shared<StopsOnInterrupt>(runner);
}

void show_runs_done(Terminal& terminal, std::int64_t done, std::int64_t all) {
  if (!terminal.progress_due()) return;
  terminal.progress(fmt::format("{} of {} runs", done, all), static_cast<double>(done) / static_cast<double>(all));
}

std::string replay_of_run(const std::string& file, ScenarioOptions options, std::uint64_t seed,
                          const PointSettings& settings, std::int64_t run) {
  options.seed = seed;
  for (const auto& [path, value] : settings) options.settings.push_back(path + "=" + value);
  std::vector<std::string> more;
  if (run != 0) more = {"--run", std::to_string(run)};
  return replay_command("run", {file}, options, more);
}

}  // namespace georep
