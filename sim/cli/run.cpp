#include "sim/cli/run.hpp"

#include <algorithm>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include "analysis/experiments/assumptions.hpp"
#include "analysis/explanation/explanation.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "analysis/reports/arrivals.hpp"
#include "analysis/reports/explanation_report.hpp"
#include "analysis/reports/html_report.hpp"
#include "analysis/reports/json_report.hpp"
#include "analysis/reports/perfetto.hpp"
#include "analysis/reports/run_report.hpp"
#include "analysis/reports/sequence.hpp"
#include "analysis/reports/story.hpp"
#include "scenarios/reader/syntax.hpp"
#include "sim/cli/files.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/replay.hpp"
#include "sim/cli/run_many.hpp"
#include "sim/cli/run_progress.hpp"
#include "sim/cli/schedule_file.hpp"
#include "sim/fields/quantity_text.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

std::expected<std::optional<Instant>, std::string> end_of(const std::string& until) {
  if (until.empty()) return std::nullopt;
  const Parsed<Duration> parsed = parse_duration(until);
  if (!parsed) return std::unexpected{"--until: " + parsed.error().message + "; " + parsed.error().hint};
  if (parsed->count() < 0) return std::unexpected{"--until: a run cannot end before it begins"};
  return Instant::at(*parsed);
}

/// What observes the run beside its measures and verdicts.
class Recorders {
 public:
  std::expected<void, std::string> start(const RunArguments& arguments, World& world) {
    if (!arguments.sequence.empty()) sequence_ = std::make_unique<SequenceDiagram>(world, arguments.sequence);
    if (!arguments.report.empty()) series_ = std::make_unique<SeriesRecorder>(world);
    if (!arguments.arrivals.empty()) arrivals_ = std::make_unique<ArrivalTable>(world);
    if (arguments.trace.empty()) return {};
    auto file = OutputFile::open(arguments.trace);
    if (!file) return std::unexpected{file.error()};
    file_.emplace(std::move(*file));
    trace_ = std::make_unique<PerfettoTrace>(world, [this](std::string_view text) { file_->write(text); });
    return {};
  }

  std::expected<void, std::string> finish(Instant end) {
    if (trace_ == nullptr) return {};
    trace_->finish(end);
    return file_->close();
  }

  const SequenceDiagram* sequence() const { return sequence_.get(); }
  const SeriesRecorder* series() const { return series_.get(); }
  const ArrivalTable* arrivals() const { return arrivals_.get(); }

 private:
  std::optional<OutputFile> file_;
  std::unique_ptr<PerfettoTrace> trace_;
  std::unique_ptr<SequenceDiagram> sequence_;
  std::unique_ptr<SeriesRecorder> series_;
  std::unique_ptr<ArrivalTable> arrivals_;
};

std::string replay_of(const RunArguments& arguments, std::uint64_t seed) {
  ScenarioOptions options = arguments.scenario;
  options.seed = seed;
  std::vector<std::string> more;
  if (arguments.run.value_or(0) != 0) more = {"--run", std::to_string(*arguments.run)};
  if (!arguments.until.empty()) more.insert(more.end(), {"--until", arguments.until});
  if (!arguments.schedule.empty()) more.insert(more.end(), {"--schedule", arguments.schedule});
  return replay_command("run", {arguments.file}, options, more);
}

/// When the run ends, where that is known before.
std::optional<Instant> known_end(const WorldSpec& spec, std::optional<Instant> until) {
  if (!spec.duration) return until;
  const Instant stated = Instant::at(*spec.duration);
  return until ? std::min(*until, stated) : stated;
}

RunResult run_once(Runner& runner, const Loaded& loaded, std::int64_t run, std::optional<Instant> until,
                   Terminal& terminal) {
  catch_interrupts();
  const StopsOnInterrupt stops{runner};
  const RunProgress progress{terminal, known_end(loaded.scenario->world, until)};
  return runner.run(loaded.scenario->world.seed, static_cast<std::uint64_t>(run), until);
}

// Looking again costs some runs of the scenario, which is nothing for a small one.
constexpr std::uint64_t most_events_to_vary = 50'000;

/// Whether a path stands in the file, or is set on the command line, or what it lies in is.
bool is_written(const std::optional<Value>& document, const std::vector<std::string>& settings, std::string_view path) {
  const auto sets = [path](const std::string& setting) { return path.starts_with(setting.substr(0, setting.find('='))); };
  if (std::ranges::any_of(settings, sets)) return true;
  const Value* value = document ? &*document : nullptr;
  for (std::size_t at = 0; value != nullptr && value->is_map() && at <= path.size();) {
    const std::size_t dot = std::min(path.find('.', at), path.size());
    value = value->find(path.substr(at, dot - at));
    at = dot + 1;
  }
  return value != nullptr;
}

/// Which verdicts rest on a default that nobody has published, for people who read them.
std::vector<std::string> notes_on(const RunArguments& arguments, const Loaded& loaded, const RunResult& result,
                                  std::optional<Instant> until) {
  if (arguments.json || !arguments.schedule.empty() || arguments.run.value_or(0) != 0) return {};
  if (result.expectations.empty()) return {};
  if (result.interrupted || result.endless || result.events > most_events_to_vary) return {};
  std::vector<Diagnostic> none;  // the file was read before
  const std::optional<Value> document = parse_document(loaded.source.text, none);
  const auto written = [&](std::string_view path) { return is_written(document, arguments.scenario.settings, path); };
  return texts_of(resting_on_assumptions(*loaded.scenario, result, until, written), result);
}

void print_result(const RunArguments& arguments, const RunReport& report, const SequenceDiagram* sequence,
                  Terminal& terminal) {
  if (sequence != nullptr)
    terminal.print(sequence->text());
  else if (arguments.json)
    terminal.print(json_report(report.scenario, report.result));
  else
    terminal.print(story(report, terminal.style()));
}

std::expected<void, std::string> write_files(const RunArguments& arguments, const RunReport& report,
                                             const Recorders& recorders) {
  if (recorders.arrivals() != nullptr)
    if (auto written = write_file(arguments.arrivals, recorders.arrivals()->text()); !written) return written;
  if (recorders.series() == nullptr) return {};
  return write_file(arguments.report, html_report(report, *recorders.series()));
}

/// Why the first expectations that failed did, where the run is short enough to be run again and again.
void explain_failures(const RunArguments& arguments, const std::optional<Schedule>& schedule, RunReport& report) {
  constexpr std::size_t most_explained = 3;
  constexpr std::uint64_t events_of_reruns = 150'000;
  if (arguments.json || !arguments.until.empty() || report.result.interrupted) return;
  if (report.result.events > events_of_reruns / 15) return;
  ExplanationOptions options;
  options.run = static_cast<std::uint64_t>(arguments.run.value_or(0));
  options.events = events_of_reruns;
  for (const ExpectationResult& expectation : report.result.expectations) {
    if (expectation.passed || report.explanations.size() == most_explained) continue;
    const Question question = question_about(report.scenario, expectation.index);
    const Explanation explanation =
        explain(report.scenario, report.plan, question, schedule.value_or(Schedule{}), options);
    if (!explanation.outcome.good) report.explanations[expectation.index] = explanation_lines(explanation);
  }
}

}  // namespace

ExitCode run_scenario(const RunArguments& arguments, Terminal& terminal) {
  const auto unreadable = [&](const std::string& problem) {
    terminal.complain("georep run: " + problem);
    return ExitCode::unreadable;
  };
  const auto until = end_of(arguments.until);
  if (!until) {
    terminal.complain("georep run: " + until.error());
    return ExitCode::usage;
  }
  ScenarioOptions scenario = arguments.scenario;
  const auto schedule = read_asked_schedule(arguments.schedule, scenario);
  if (!schedule) return unreadable(schedule.error());
  const Loaded loaded = load(arguments.file, scenario);
  if (!loaded.ok()) {
    terminal.complain(loaded.problem);
    return loaded.code;
  }
  if (arguments.runs || !arguments.precision.empty()) return run_many(arguments, loaded, terminal);
  const std::string replay = replay_of(arguments, loaded.scenario->world.seed);
  assertion_context().replay = replay.c_str();

  RunOptions options;
  options.all_measures = arguments.json || !arguments.report.empty() || terminal.verbose();
  Runner runner{*loaded.scenario, *loaded.plan, options};
  std::optional<ScheduledRun> scheduled;
  if (*schedule) scheduled.emplace(runner.world().simulation(), loaded.scenario->uncertainty, **schedule);
  Recorders recorders;
  if (const auto started = recorders.start(arguments, runner.world()); !started) return unreadable(started.error());
  const RunResult result = run_once(runner, loaded, arguments.run.value_or(0), *until, terminal);
  assertion_context().replay = nullptr;
  if (scheduled && !result.interrupted) {
    const bool same_run = arguments.scenario.settings.empty() && !*until;
    const std::string misfit = misfit_of(scheduled->decisions(), same_run);
    if (!misfit.empty()) return unreadable(arguments.schedule + ": " + misfit);
  }
  if (const auto finished = recorders.finish(result.ended_at); !finished) return unreadable(finished.error());

  RunReport report{*loaded.scenario, *loaded.plan, result, arguments.file, replay,
                   notes_on(arguments, loaded, result, *until), terminal.verbose()};
  explain_failures(arguments, *schedule, report);
  print_result(arguments, report, recorders.sequence(), terminal);
  if (const auto kept = write_files(arguments, report, recorders); !kept) return unreadable(kept.error());
  if (result.passed && !result.interrupted) return ExitCode::ok;
  terminal.complain(replay);
  return result.interrupted ? ExitCode::interrupted : ExitCode::failed;
}

}  // namespace georep
