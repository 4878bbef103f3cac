#include "sim/cli/run_many.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/experiments/runs.hpp"
#include "analysis/experiments/warmup_advice.hpp"
#include "analysis/reports/study_report.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/study.hpp"
#include "sim/fields/quantity_text.hpp"

namespace georep {

namespace {

constexpr std::int64_t most_runs_by_default = 10'000;

// A relative half-width: below a whole.
std::expected<std::optional<StoppingRule>, std::string> stopping_rule(const std::string& precision) {
  if (precision.empty()) return std::nullopt;
  const Parsed<Ratio> parsed = parse_ratio(precision);
  if (!parsed) return std::unexpected{"--precision: " + parsed.error().message + "; " + parsed.error().hint};
  if (parsed->value <= 0 || parsed->value >= 1)
    return std::unexpected{"--precision: half the interval as a share of the mean, such as 5%"};
  StoppingRule rule;
  rule.relative_half_width = parsed->value;
  return rule;
}

}  // namespace

ExitCode run_many(const RunArguments& arguments, const Loaded& loaded, Terminal& terminal) {
  const auto wrong = [&](const std::string& problem) {
    terminal.complain("georep run: " + problem);
    return ExitCode::usage;
  };
  const auto stopping = stopping_rule(arguments.precision);
  if (!stopping) return wrong(stopping.error());
  if (!arguments.trace.empty() || !arguments.report.empty() || !arguments.sequence.empty() || !arguments.until.empty() ||
      !arguments.schedule.empty())
    return wrong("--trace, --report, --sequence, --schedule and --until are for one run; choose it with --run");

  const auto compiled = compile_point(*loaded.scenario, {});
  if (!compiled) return wrong(compiled.error().front().message);
  RunsRequest request;
  request.seed = loaded.scenario->world.seed;
  request.first = arguments.run.value_or(0);
  request.runs = arguments.runs.value_or(most_runs_by_default);
  request.jobs = static_cast<int>(arguments.jobs.count());
  request.stopping = *stopping;
  request.interrupted = interrupted;
  request.watch = stopped_by_interrupt;
  std::optional<std::int64_t> first_failed;
  request.each = [&](std::int64_t run, const RunResult& result) {
    if (!result.passed && !first_failed) first_failed = run;
    show_runs_done(terminal, run + 1 - request.first, request.runs);
  };
  catch_interrupts();
  const RunsOutcome outcome = independent_runs(*compiled, request);
  terminal.end_progress();

  if (outcome.summary.runs > 0) {
    std::vector<std::string> notes;
    if (!outcome.summary.interrupted)
      notes = warmup_advice(*compiled.value(), request.seed, static_cast<std::uint64_t>(request.first));
    const RunsReport report{*loaded.scenario, outcome.summary, outcome.goal_met, std::move(notes), terminal.verbose()};
    terminal.print(arguments.json ? runs_json(report) : runs_text(report, terminal.style()));
  }
  if (outcome.summary.interrupted) return ExitCode::interrupted;
  if (first_failed) {
    terminal.complain(replay_of_run(arguments.file, arguments.scenario, request.seed, {}, *first_failed));
    return ExitCode::failed;
  }
  return outcome.goal_met ? ExitCode::ok : ExitCode::undecided;
}

}  // namespace georep
