#include "sim/cli/test.hpp"

#include <fnmatch.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analysis/experiments/in_order.hpp"
#include "analysis/reports/run_report.hpp"
#include "analysis/reports/story.hpp"
#include "analysis/reports/test_report.hpp"
#include "sim/cli/files.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/replay.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

/// A file's results, and its failure as a user reads it.
struct Tested {
  TestedFile file;
  std::string failure;
};

int line_of(const std::vector<Diagnostic>& diagnostics) {
  return diagnostics.empty() ? 0 : diagnostics.front().place.line;
}

void run_file(Tested& tested, const Loaded& loaded, const TextStyle& style) {
  TestedFile& file = tested.file;
  file.title = loaded.scenario->world.scenario;
  Runner runner{*loaded.scenario, *loaded.plan};
  const StopsOnInterrupt stops{runner};
  file.result = runner.run(loaded.scenario->world.seed, 0);
  if (file.result.interrupted) file.problem = "interrupted";
  if (file.result.endless) file.problem = endless_text(file.result);
  const RunReport report{*loaded.scenario, *loaded.plan, file.result, file.file, file.replay, {}, false};
  if (!file.passed())
    tested.failure = file.problem.empty() ? expectation_lines(report, style, true) : "  " + file.problem + "\n";
}

Tested test_file(const std::string& path, const ScenarioOptions& options, const TextStyle& style) {
  Tested tested;
  tested.file.file = path;
  tested.file.replay = replay_command("run", {path}, options);
  assertion_context().replay = tested.file.replay.c_str();
  try {
    const Loaded loaded = load(path, options);
    if (loaded.ok()) {
      run_file(tested, loaded, style);
    } else {
      tested.file.problem = loaded.problem;
      tested.file.problem_line = line_of(loaded.diagnostics);
      tested.failure = loaded.problem + "\n";
    }
  } catch (const std::exception& error) {
    tested.file.problem = std::string{"a fault of the program: "} + error.what();
    tested.failure = "  " + tested.file.problem + "\n";
  }
  assertion_context().replay = nullptr;
  return tested;
}

std::string line_of_result(const TestedFile& file, const TextStyle& style) {
  if (file.passed()) return paint(style, Ink::good, "✓") + " " + file.file + "\n";
  const bool ran = file.problem.empty() || file.result.endless;
  const std::string why = ran ? verdict_text(file.result) : file.problem == "interrupted" ? file.problem : "does not run";
  return paint(style, Ink::bad, "✗") + " " + file.file + "  " + paint(style, Ink::bad, why) + "\n";
}

void print_failures(const std::vector<Tested>& all, Terminal& terminal) {
  for (const Tested& tested : all) {
    if (tested.file.passed()) continue;
    terminal.print("\n" + paint(terminal.style(), Ink::strong, tested.file.file) +
                   (tested.file.title.empty() ? "" : ": " + tested.file.title) + "\n" + tested.failure +
                   tested.file.replay + "\n");
  }
}

std::expected<void, std::string> write_for_github(const std::vector<TestedFile>& files, Terminal& terminal) {
  const char* actions = std::getenv("GITHUB_ACTIONS");
  if (actions == nullptr || std::string_view{actions} != "true") return {};
  if (const std::string annotations = github_annotations(files); !annotations.empty())
    terminal.complain(annotations);
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') return {};
  return append_file(path, github_summary(files));
}

std::expected<std::vector<std::string>, std::string> chosen_files(const TestArguments& arguments) {
  auto files = scenario_files(arguments.paths);
  if (!files) return files;
  if (!arguments.filter.empty())
    std::erase_if(*files, [&](const std::string& file) {
      return fnmatch(arguments.filter.c_str(), file.c_str(), 0) != 0;
    });
  if (files->empty())
    return std::unexpected{arguments.filter.empty() ? "there is no scenario below these paths"
                                                    : "no scenario matches '" + arguments.filter + "'"};
  return files;
}

}  // namespace

ExitCode test_scenarios(const TestArguments& arguments, Terminal& terminal) {
  const auto files = chosen_files(arguments);
  if (!files) {
    terminal.complain("georep test: " + files.error());
    return ExitCode::unreadable;
  }
  catch_interrupts();
  std::vector<Tested> all;
  const auto count = static_cast<std::int64_t>(files->size());
  const auto consume = [&](std::int64_t index, Tested tested) {
    if (!arguments.json && !(terminal.quiet() && tested.file.passed()))
      terminal.print(line_of_result(tested.file, terminal.style()));
    all.push_back(std::move(tested));
    terminal.progress(fmt::format("{} of {} scenarios", index + 1, count),
                      static_cast<double>(index + 1) / static_cast<double>(count));
    return !interrupted();
  };
  in_order(
      count, static_cast<int>(arguments.jobs.count()),
      [&] {
        return [&](std::int64_t index) {
          return test_file((*files)[static_cast<std::size_t>(index)], arguments.scenario, terminal.style());
        };
      },
      consume);

  std::vector<TestedFile> results;
  for (const Tested& tested : all) results.push_back(tested.file);
  const std::size_t passed = count_passed(results);
  if (arguments.json) {
    terminal.print(test_json(results));
  } else {
    print_failures(all, terminal);
    const std::string summary = fmt::format("{} passed, {} failed", passed, results.size() - passed);
    terminal.print("\n" + paint(terminal.style(), passed == results.size() ? Ink::good : Ink::bad, summary) + "\n");
  }
  auto written = arguments.junit.empty() ? std::expected<void, std::string>{}
                                         : write_file(arguments.junit, junit_xml(results));
  if (written) written = write_for_github(results, terminal);
  if (!written) {
    terminal.complain("georep test: " + written.error());
    return ExitCode::unreadable;
  }
  if (interrupted()) return ExitCode::interrupted;
  return passed == results.size() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace georep
