#include "sim/cli/explore.hpp"

#include <algorithm>
#include <chrono>
#include <expected>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/reports/exploration_report.hpp"
#include "sim/cli/files.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/replay.hpp"
#include "sim/fields/quantity_text.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

std::expected<Duration, std::string> budget_of(const std::string& text) {
  const Parsed<Duration> parsed = parse_duration(text);
  if (!parsed) return std::unexpected{"--budget: " + parsed.error().message + "; " + parsed.error().hint};
  if (parsed->count() <= 0) return std::unexpected{"--budget: a search needs some time"};
  return *parsed;
}

/// The settings of `path=a|b|c`, each as `--set` takes it; commas separate as well where no value holds one.
std::expected<std::vector<std::string>, std::string> settings_of(const std::string& vary) {
  const std::size_t split = vary.find('=');
  if (split == vary.npos || split == 0 || split + 1 == vary.size())
    return std::unexpected{"--vary takes path=a|b|c, not '" + vary + "'"};
  const std::string path = vary.substr(0, split + 1);
  const char separator = vary.find('|') == vary.npos ? ',' : '|';
  std::vector<std::string> settings;
  for (std::size_t at = split + 1; at <= vary.size();) {
    const std::size_t end = std::min(vary.find(separator, at), vary.size());
    settings.push_back(path + vary.substr(at, end - at));
    at = end + 1;
  }
  return settings;
}

Exploration search(const Loaded& loaded, const ExploreArguments& arguments, Duration budget,
                   Terminal& terminal) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point started = Clock::now();
  ExplorationOptions options;
  options.strategy = arguments.strategy;
  options.seed = loaded.scenario->world.seed;
  options.interrupted = [] { return interrupted(); };
  options.spent = [started, budget] {
    return std::chrono::duration<double>(Clock::now() - started).count() / budget.seconds();
  };
  options.progress = [&terminal, &options](std::uint64_t schedules) {
    if (terminal.progress_due())
      terminal.progress(fmt::format("{} schedules", schedules), options.spent());
  };
  Exploration result = explore(*loaded.scenario, *loaded.plan, options);
  terminal.end_progress();
  return result;
}

ExitCode code_of(const Exploration& exploration) {
  if (exploration.race) return ExitCode::failed;
  if (exploration.interrupted) return ExitCode::interrupted;
  return exploration.verdict == SearchVerdict::absent ? ExitCode::ok : ExitCode::undecided;
}

/// Writes the schedule; yields its path.
std::expected<std::string, std::string> write_race(const ExploreArguments& arguments, const Loaded& loaded,
                                                   const FoundRace& race) {
  std::error_code failed;
  std::filesystem::create_directories(arguments.out, failed);
  if (failed) return std::unexpected{arguments.out + ": " + failed.message()};
  ScheduleFile file;
  file.scenario = arguments.file;
  file.seed = loaded.scenario->world.seed;
  file.settings = arguments.scenario.settings;
  file.violates = race.violated.text;
  file.schedule = race.schedule;
  const std::string path = (std::filesystem::path{arguments.out} / "race.json").string();
  if (const auto written = write_file(path, write_schedule(file)); !written)
    return std::unexpected{written.error()};
  return path;
}

ExitCode explore_once(const ExploreArguments& arguments, Duration budget, Terminal& terminal) {
  const Loaded loaded = load(arguments.file, arguments.scenario);
  if (!loaded.ok()) {
    terminal.complain(loaded.problem);
    return loaded.code;
  }
  const std::string again = replay_command("explore", {arguments.file}, arguments.scenario);
  assertion_context().replay = again.c_str();
  const Exploration exploration = search(loaded, arguments, budget, terminal);
  assertion_context().replay = nullptr;
  std::string schedule_file;
  if (exploration.race && !arguments.out.empty()) {
    const auto path = write_race(arguments, loaded, *exploration.race);
    if (!path) {
      terminal.complain("georep explore: " + path.error());
      return ExitCode::unreadable;
    }
    schedule_file = *path;
  }
  const ExplorationReport report{*loaded.scenario, exploration, schedule_file};
  terminal.print(arguments.json ? exploration_json(report) : exploration_text(report, terminal.style()));
  const ExitCode code = code_of(exploration);
  if (code != ExitCode::ok)
    terminal.complain(schedule_file.empty()
                          ? again
                          : replay_command("run", {arguments.file}, arguments.scenario,
                                           {"--schedule", schedule_file}));
  return code;
}

ExitCode explore_each(const ExploreArguments& arguments, Duration budget,
                      const std::vector<std::string>& settings, Terminal& terminal) {
  std::vector<VariedVerdict> verdicts;
  ExitCode code = ExitCode::ok;
  for (const std::string& setting : settings) {
    ScenarioOptions options = arguments.scenario;
    options.settings.push_back(setting);
    const Loaded loaded = load(arguments.file, options);
    if (!loaded.ok()) {
      terminal.complain(loaded.problem);
      return loaded.code;
    }
    verdicts.push_back({setting, search(loaded, arguments, budget, terminal)});
    const ExitCode one = code_of(verdicts.back().exploration);
    if (one == ExitCode::failed || (one != ExitCode::ok && code == ExitCode::ok)) code = one;
    if (interrupted()) break;
  }
  terminal.print(arguments.json ? varied_json(verdicts) : varied_text(verdicts, terminal.style()));
  return interrupted() ? ExitCode::interrupted : code;
}

}  // namespace

ExitCode explore_scenario(const ExploreArguments& arguments, Terminal& terminal) {
  const auto wrong = [&](const std::string& problem) {
    terminal.complain("georep explore: " + problem);
    return ExitCode::usage;
  };
  const auto budget = budget_of(arguments.budget);
  if (!budget) return wrong(budget.error());
  catch_interrupts();
  if (arguments.vary.empty()) return explore_once(arguments, *budget, terminal);
  const auto settings = settings_of(arguments.vary);
  if (!settings) return wrong(settings.error());
  return explore_each(arguments, *budget, *settings, terminal);
}

}  // namespace georep
