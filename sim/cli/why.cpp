#include "sim/cli/why.hpp"

#include <expected>
#include <utility>
#include <vector>

#include "analysis/explanation/explanation.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "analysis/reports/explanation_report.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/replay.hpp"
#include "sim/cli/schedule_file.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

std::string text_in(ExplanationFormat format, const Explanation& explanation, const TextStyle& style) {
  switch (format) {
    case ExplanationFormat::text: return explanation_text(explanation, style);
    case ExplanationFormat::mermaid: return explanation_diagram(explanation);
    case ExplanationFormat::json: return explanation_json(explanation);
  }
  return {};
}

std::string replay_of(const WhyArguments& arguments) {
  std::vector<std::string> more;
  if (arguments.run.value_or(0) != 0) more = {"--run", std::to_string(*arguments.run)};
  if (!arguments.schedule.empty()) more.insert(more.end(), {"--schedule", arguments.schedule});
  return replay_command("why", {arguments.file, arguments.name}, arguments.scenario, more);
}

}  // namespace

ExitCode explain_outcome(const WhyArguments& arguments, Terminal& terminal) {
  const auto wrong = [&](const std::string& problem, ExitCode code) {
    terminal.complain("georep why: " + problem);
    return code;
  };
  ScenarioOptions options = arguments.scenario;
  const auto schedule = read_asked_schedule(arguments.schedule, options);
  if (!schedule) return wrong(schedule.error(), ExitCode::unreadable);
  Loaded loaded = load(arguments.file, options);
  if (!loaded.ok()) {
    terminal.complain(loaded.problem);
    return loaded.code;
  }
  const auto question = find_question(*loaded.scenario, *loaded.plan, arguments.name);
  if (!question) return wrong(question.error(), ExitCode::usage);
  if (*schedule) {
    ScheduleRunner runner{*loaded.scenario, *loaded.plan};
    ScheduledDecisions decisions{**schedule, runner.names()};
    runner.run(decisions);
    const std::string misfit = misfit_of(decisions, arguments.scenario.settings.empty());
    if (!misfit.empty()) return wrong(arguments.schedule + ": " + misfit, ExitCode::unreadable);
  }
  const std::string replay = replay_of(arguments);
  assertion_context().replay = replay.c_str();
  ExplanationOptions how;
  how.run = static_cast<std::uint64_t>(arguments.run.value_or(0));
  const Explanation explanation =
      explain(*loaded.scenario, *loaded.plan, *question, schedule->value_or(Schedule{}), how);
  assertion_context().replay = nullptr;
  const ExplanationFormat format = arguments.json ? ExplanationFormat::json : arguments.format;
  terminal.print(text_in(format, explanation, terminal.style()));
  return ExitCode::ok;
}

}  // namespace georep
