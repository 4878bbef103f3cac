#include "sim/cli/plan.hpp"

#include <algorithm>
#include <expected>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "analysis/experiments/plan.hpp"
#include "analysis/reports/plan_report.hpp"
#include "analysis/verdicts/fields.hpp"
#include "scenarios/reader/sample_files.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/replay.hpp"
#include "sim/cli/study.hpp"
#include "sim/fields/quantity_text.hpp"

namespace georep {

namespace {

std::expected<double, std::string> share_of(const std::string& option, const std::string& text) {
  const Parsed<Ratio> ratio = parse_ratio(text);
  if (!ratio) return std::unexpected{option + ": " + ratio.error().message + "; " + ratio.error().hint};
  if (!(ratio->value > 0 && ratio->value < 1))
    return std::unexpected{option + " takes a share between 0 and 1, such as 5%, not '" + text + "'"};
  return ratio->value;
}

std::expected<std::pair<Magnitude, Magnitude>, std::string> ends_of(const std::string& range) {
  const std::size_t dots = range.find("..");
  if (dots == std::string::npos)
    return std::unexpected{"--range takes two values, such as 100Mbps..10Gbps, not '" + range + "'"};
  const Parsed<Magnitude> low = parse_magnitude(range.substr(0, dots));
  const Parsed<Magnitude> high = parse_magnitude(range.substr(dots + 2));
  for (const Parsed<Magnitude>* end : {&low, &high})
    if (!*end) return std::unexpected{"--range: " + end->error().message + "; " + end->error().hint};
  if (low->unit != high->unit) return std::unexpected{std::string{"--range: both ends have to be of one kind"}};
  if (!(low->value < high->value)) return std::unexpected{std::string{"--range: the smaller value comes first"}};
  return std::pair{*low, *high};
}

std::expected<PlanGoal, std::string> goal_of(const PlanArguments& arguments) {
  const auto ends = ends_of(arguments.range);
  if (!ends) return std::unexpected{ends.error()};
  const auto precision = share_of("--precision", arguments.precision);
  if (!precision) return std::unexpected{precision.error()};
  const auto confidence = share_of("--confidence", arguments.confidence);
  if (!confidence) return std::unexpected{confidence.error()};
  PlanGoal goal;
  goal.low = ends->first;
  goal.high = ends->second;
  goal.most_runs = arguments.runs;
  goal.least_runs = std::min(goal.least_runs, goal.most_runs);
  goal.precision = *precision;
  goal.confidence = *confidence;
  return goal;
}

ExitCode code_of(PlanVerdict verdict) {
  switch (verdict) {
    case PlanVerdict::found:
    case PlanVerdict::all_meet:
      return ExitCode::ok;
    case PlanVerdict::none_meets:
      return ExitCode::failed;
    case PlanVerdict::undecided:
      return ExitCode::undecided;
    case PlanVerdict::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::bug;
}

std::string replay_of(const PlanArguments& arguments, std::uint64_t seed) {
  ScenarioOptions options = arguments.scenario;
  options.seed = seed;
  const PlanArguments usual;
  std::vector<std::string> more{"--find", arguments.find, "--range", arguments.range};
  if (arguments.runs != usual.runs) more.insert(more.end(), {"--runs", std::to_string(arguments.runs)});
  if (arguments.precision != usual.precision) more.insert(more.end(), {"--precision", arguments.precision});
  if (arguments.confidence != usual.confidence) more.insert(more.end(), {"--confidence", arguments.confidence});
  if (arguments.share != usual.share) more.insert(more.end(), {"--share", arguments.share});
  return replay_command("plan", {arguments.file}, options, more);
}

}  // namespace

ExitCode plan_scenario(const PlanArguments& arguments, Terminal& terminal) {
  const auto wrong_usage = [&](const std::string& problem) {
    terminal.complain("georep plan: " + problem);
    return ExitCode::usage;
  };
  const auto goal = goal_of(arguments);
  if (!goal) return wrong_usage(goal.error());
  const auto share = share_of("--share", arguments.share);
  if (!share) return wrong_usage(share.error());
  // Both ends of the range, for the diagnostics that a file's reader gives.
  for (const Magnitude& end : {goal->low, goal->high}) {
    ScenarioOptions options = arguments.scenario;
    options.settings.push_back(arguments.find + "=" + end.text());
    const Loaded tried = load(arguments.file, options);
    if (tried.ok()) continue;
    terminal.complain(tried.problem);
    return tried.code;
  }
  const Loaded loaded = load(arguments.file, arguments.scenario);
  if (!loaded.ok()) {
    terminal.complain(loaded.problem);
    return loaded.code;
  }
  const Scenario& scenario = *loaded.scenario;
  if (scenario.expect.empty()) {
    terminal.complain("georep plan: the scenario expects nothing, so that every value meets it; add `expect:`");
    return ExitCode::invalid;
  }

  const SampleReader samples = sample_reader(std::filesystem::path{arguments.file}.parent_path());
  PlanRequest request;
  request.path = arguments.find;
  request.goal = *goal;
  request.share = *share;
  request.seed = scenario.world.seed;
  request.jobs = static_cast<int>(arguments.jobs.count());
  request.samples = &samples;
  request.interrupted = interrupted;
  request.watch = stopped_by_interrupt;
  request.progress = [&](const Magnitude& value, std::int64_t runs) {
    if (terminal.progress_due())
      terminal.progress(fmt::format("{} {}: {} runs", arguments.find, rounded(value).text(), runs), -1);
  };
  catch_interrupts();
  const auto found = plan(scenario, request);
  terminal.end_progress();
  if (!found) {
    for (const Diagnostic& problem : found.error()) terminal.complain("georep plan: " + problem.message);
    return ExitCode::invalid;
  }

  PlanReport report{scenario, arguments.find, *goal, *found, {}};
  for (const ExpectationSpec& each : scenario.expect) report.expectations.push_back(text_of(each));
  terminal.print(arguments.json ? plan_json(report) : plan_text(report, terminal.style()));
  const ExitCode code = code_of(found->verdict);
  if (code != ExitCode::ok) terminal.complain(replay_of(arguments, scenario.world.seed));
  return code;
}

}  // namespace georep
