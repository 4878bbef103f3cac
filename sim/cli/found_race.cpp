#include "sim/cli/found_race.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "scenarios/reader/reader.hpp"
#include "sim/cli/files.hpp"
#include "sim/cli/replay.hpp"

namespace georep {

namespace {

namespace fs = std::filesystem;

ReadDocument read_strictly(const Value& document, const fs::path& folder) {
  ReadResult read = read_document(document, folder);
  ReadDocument result{std::move(read.scenario), {}};
  for (const Diagnostic& diagnostic : read.diagnostics) result.faults.push_back(diagnostic.place);
  return result;
}

/// The files that a scenario names lie beside it.
std::expected<void, std::string> copy_files(const Scenario& scenario, const fs::path& from, const fs::path& to) {
  for (const std::string& name : files_of(scenario)) {
    std::error_code failed;
    if (fs::equivalent(from / name, to / name, failed) && !failed) continue;
    fs::create_directories((to / name).parent_path(), failed);
    if (!failed) fs::copy_file(from / name, to / name, fs::copy_options::overwrite_existing, failed);
    if (failed) return std::unexpected{(to / name).string() + ": " + failed.message()};
  }
  return {};
}

std::string smallest_text(const SmallestScenario& smallest, const RaceOrigin& origin, const std::string& replay) {
  return fmt::format("# A race of {}, in {}.\n# Found by: {}\n# Shown by: {}\n", origin.file,
                     smallest.complete ? "a scenario of which no part can go" : "a smaller scenario",
                     origin.command, replay) +
         write_scenario(smallest.scenario);
}

}  // namespace

std::expected<WrittenRace, std::string> write_race(const std::string& folder, const RaceOrigin& origin,
                                                   const Loaded& loaded, const FoundRace& race,
                                                   const ExplorationOptions& options) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return std::unexpected{folder + ": " + failed.message()};
  const auto path = [&](const char* name) { return (fs::path{folder} / name).string(); };
  WrittenRace written;
  ScheduleFile schedule;
  const auto write_next = [&](const std::string& to) { return write_file(to, write_schedule(schedule)); };

  schedule.scenario = origin.file;
  schedule.seed = loaded.scenario->world.seed;
  schedule.settings = origin.scenario.settings;
  schedule.violates = race.violated.text;
  schedule.schedule = race.schedule;
  written.schedule = path("race.json");
  // Before the scenario is shrunk: whoever loses patience then has the schedule.
  if (auto done = write_next(written.schedule); !done) return std::unexpected{done.error()};

  const fs::path beside = fs::path{origin.file}.parent_path();
  SmallestScenario smallest = shrink_scenario(
      *loaded.scenario, race, [&](const Value& document) { return read_strictly(document, beside); }, options);
  written.smallest_scenario = path("smallest.yaml");
  written.smallest_schedule = path("smallest.json");
  const std::string replay =
      replay_command("run", {written.smallest_scenario}, {}, {"--schedule", written.smallest_schedule});
  if (auto done = copy_files(smallest.scenario, beside, folder); !done) return std::unexpected{done.error()};
  if (auto done = write_file(written.smallest_scenario, smallest_text(smallest, origin, replay)); !done)
    return std::unexpected{done.error()};
  schedule.scenario = written.smallest_scenario;
  schedule.settings.clear();
  schedule.schedule = smallest.schedule;
  if (auto done = write_next(written.smallest_schedule); !done) return std::unexpected{done.error()};
  written.smallest = std::move(smallest);
  return written;
}

}  // namespace georep
