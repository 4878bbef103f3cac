#include "sim/cli/explore.hpp"

#include <algorithm>
#include <chrono>
#include <expected>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/experiments/in_order.hpp"
#include "analysis/experiments/variation.hpp"
#include "analysis/reports/exploration_report.hpp"
#include "sim/cli/found_race.hpp"
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

/// The values of `path=a|b|c`; commas separate as well where no value holds one.
std::expected<Variation, std::string> variation_of(const std::string& vary) {
  const std::size_t split = vary.find('=');
  if (split == vary.npos || split == 0 || split + 1 == vary.size())
    return std::unexpected{"--vary takes path=a|b|c, not '" + vary + "'"};
  if (vary.find('|') == vary.npos) return parse_variation(vary);
  Variation variation{vary.substr(0, split), {}};
  for (std::size_t at = split + 1; at <= vary.size();) {
    const std::size_t end = std::min(vary.find('|', at), vary.size());
    variation.values.push_back(vary.substr(at, end - at));
    at = end + 1;
  }
  return variation;
}

/// From now on the budget is used up.
ExplorationOptions options_for(const Loaded& loaded, const ExploreArguments& arguments, Duration budget) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point started = Clock::now();
  ExplorationOptions options;
  options.strategy = arguments.strategy;
  options.seed = loaded.scenario->world.seed;
  options.interrupted = [] { return interrupted(); };
  options.spent = [started, budget] {
    return std::chrono::duration<double>(Clock::now() - started).count() / budget.seconds();
  };
  return options;
}

void show_progress(ExplorationOptions& options, const char* of, Terminal& terminal) {
  options.progress = [&terminal, spent = options.spent, of](std::uint64_t tried) {
    if (terminal.progress_due()) terminal.progress(fmt::format("{} {}", tried, of), spent());
  };
}

Exploration search(const Loaded& loaded, ExplorationOptions& options, Terminal& terminal) {
  show_progress(options, "schedules", terminal);
  Exploration result = explore(*loaded.scenario, *loaded.plan, options);
  terminal.end_progress();
  return result;
}

ExitCode code_of(const Exploration& exploration) {
  if (exploration.race) return ExitCode::failed;
  if (exploration.interrupted) return ExitCode::interrupted;
  return exploration.verdict == SearchVerdict::absent ? ExitCode::ok : ExitCode::undecided;
}

/// Why the violation came about; empty where there is none, or where the run is too long to be run again and again.
std::optional<Explanation> why_of(const Loaded& loaded, const Exploration& exploration) {
  if (!exploration.race) return std::nullopt;
  ExplanationOptions options;
  options.events = 1'000'000;
  const Question question = question_about(*loaded.scenario, exploration.race->violation.expectation);
  Explanation explanation = explain(*loaded.scenario, *loaded.plan, question, exploration.race->schedule, options);
  if (explanation.outcome.good) return std::nullopt;
  return explanation;
}

ExitCode explore_once(const ExploreArguments& arguments, Duration budget, Terminal& terminal) {
  const Loaded loaded = load(arguments.file, arguments.scenario);
  if (!loaded.ok()) {
    terminal.complain(loaded.problem);
    return loaded.code;
  }
  const std::string again = replay_command("explore", {arguments.file}, arguments.scenario);
  assertion_context().replay = again.c_str();
  ExplorationOptions options = options_for(loaded, arguments, budget);
  options.jobs = static_cast<int>(arguments.jobs.count());
  const Exploration exploration = search(loaded, options, terminal);
  std::optional<WrittenRace> written;
  if (exploration.race && !arguments.out.empty()) {
    show_progress(options, "smaller scenarios", terminal);
    auto done = write_race(arguments.out, {arguments.file, arguments.scenario, again}, loaded,
                           *exploration.race, options);
    terminal.end_progress();
    if (!done) {
      terminal.complain("georep explore: " + done.error());
      return ExitCode::unreadable;
    }
    written = std::move(*done);
  }
  const std::optional<Explanation> why = why_of(loaded, exploration);
  assertion_context().replay = nullptr;
  const ExplorationReport report{*loaded.scenario, exploration, written, why};
  terminal.print(arguments.json ? exploration_json(report) : exploration_text(report, terminal.style()));
  const ExitCode code = code_of(exploration);
  if (code != ExitCode::ok)
    terminal.complain(written ? replay_command("run", {arguments.file}, arguments.scenario,
                                               {"--schedule", written->schedule})
                              : again);
  return code;
}

/// A setting that was searched, or what is wrong with it.
struct Searched {
  Loaded loaded;
  Exploration exploration;
  std::optional<WrittenRace> written;
  std::string unwritable;  ///< why the race could not be written; empty where it could
};

/// A name for the folder of each point, such as `registry.replication.apply=arrival-order`: what not every file system takes becomes a dash.
std::vector<std::string> folders_of(const std::vector<PointSettings>& points) {
  constexpr std::size_t longest = 120;
  std::vector<std::string> folders;
  for (const PointSettings& point : points) {
    std::string name;
    for (const auto& [path, value] : point) {
      name += (name.empty() ? "" : ",") + path + "=";
      for (const char c : value) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                           c == '_' || c == '-';
        if (plain) {
          name += c;
        } else if (name.back() != '-' && name.back() != '=') {
          name += '-';
        }
      }
      while (name.back() == '-') name.pop_back();
    }
    name.resize(std::min(name.size(), longest));
    const auto same = std::count_if(folders.begin(), folders.end(), [&](const std::string& other) {
      return other == name || other.starts_with(name + "~");
    });
    folders.push_back(same == 0 ? name : fmt::format("{}~{}", name, same + 1));
  }
  return folders;
}

Searched search_setting(const ExploreArguments& arguments, Duration budget, const PointSettings& point,
                        const std::string& folder) {
  ScenarioOptions options = arguments.scenario;
  for (const auto& [path, value] : point) options.settings.push_back(path + "=" + value);
  Searched searched{load(arguments.file, options), {}, {}, {}};
  if (!searched.loaded.ok()) return searched;
  const ExplorationOptions how = options_for(searched.loaded, arguments, budget);
  searched.exploration = explore(*searched.loaded.scenario, *searched.loaded.plan, how);
  if (!searched.exploration.race || arguments.out.empty()) return searched;
  auto written = write_race((std::filesystem::path{arguments.out} / folder).string(),
                            {arguments.file, options, replay_command("explore", {arguments.file}, options)},
                            searched.loaded, *searched.exploration.race, how);
  if (written) {
    searched.written = std::move(*written);
  } else {
    searched.unwritable = written.error();
  }
  return searched;
}

ExitCode explore_each(const ExploreArguments& arguments, Duration budget,
                      const std::vector<PointSettings>& points, Terminal& terminal) {
  std::vector<VariedVerdict> verdicts;
  ExitCode code = ExitCode::ok;
  const std::vector<std::string> folders = folders_of(points);
  // One thread for each setting: what a search comes to does not depend on how many there are.
  const auto make_worker = [&] {
    return [&](std::int64_t index) {
      const auto place = static_cast<std::size_t>(index);
      return search_setting(arguments, budget, points[place], folders[place]);
    };
  };
  const auto consume = [&](std::int64_t index, Searched searched) {
    if (!searched.loaded.ok()) {
      terminal.complain(searched.loaded.problem);
      code = searched.loaded.code;
      return false;
    }
    if (!searched.unwritable.empty()) {
      terminal.complain("georep explore: " + searched.unwritable);
      code = ExitCode::unreadable;
      return false;
    }
    const auto done = static_cast<std::size_t>(index);
    verdicts.push_back({points[done], std::move(searched.exploration), std::move(searched.written)});
    const ExitCode one = code_of(verdicts.back().exploration);
    if (one == ExitCode::failed || (one != ExitCode::ok && code == ExitCode::ok)) code = one;
    if (terminal.progress_due())
      terminal.progress(fmt::format("{} of {} settings", done + 1, points.size()),
                        static_cast<double>(done + 1) / static_cast<double>(points.size()));
    return !interrupted();
  };
  in_order(static_cast<std::int64_t>(points.size()), static_cast<int>(arguments.jobs.count()), make_worker, consume);
  terminal.end_progress();
  if (verdicts.size() < points.size() && !interrupted()) return code;
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
  std::vector<Variation> variations;
  for (const std::string& vary : arguments.vary) {
    auto variation = variation_of(vary);
    if (!variation) return wrong(variation.error());
    variations.push_back(std::move(*variation));
  }
  return explore_each(arguments, *budget, all_points(variations), terminal);
}

}  // namespace georep
