#include "sim/cli/sweep.hpp"

#include <charconv>
#include <expected>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "analysis/experiments/sweep.hpp"
#include "analysis/reports/study_report.hpp"
#include "models/world/model_version.hpp"
#include "scenarios/reader/sample_files.hpp"
#include "sim/cli/files.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/ranks.hpp"
#include "sim/cli/study.hpp"
#include "sim/cli/version.hpp"

namespace georep {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::expected<Shard, std::string> shard_of(const std::string& text) {
  if (text.empty()) return Shard{};
  const std::size_t slash = text.find('/');
  const auto part = whole_number(text.substr(0, slash));
  const auto count = slash == std::string::npos ? std::nullopt : whole_number(text.substr(slash + 1));
  if (!part || !count || *part < 1 || *part > *count)
    return std::unexpected{"--shard takes i/n with i from 1 to n, such as 2/8, not '" + text + "'"};
  return Shard{*part - 1, *count};
}

std::expected<std::vector<Variation>, std::string> variations_of(const std::vector<std::string>& texts) {
  std::vector<Variation> variations;
  for (const std::string& text : texts) {
    auto variation = parse_variation(text);
    if (!variation) return std::unexpected{"--vary: " + variation.error()};
    for (const Variation& other : variations)
      if (other.path == variation->path) return std::unexpected{"--vary: '" + other.path + "' is varied twice"};
    variations.push_back(std::move(*variation));
  }
  return variations;
}

/// Reads the scenario once with each point's values: nothing runs before all of them are found valid.
Loaded first_invalid_point(const SweepArguments& arguments, const std::vector<PointSettings>& points) {
  Loaded loaded;
  for (const PointSettings& point : points) {
    ScenarioOptions options = arguments.scenario;
    for (const auto& [path, value] : point) options.settings.push_back(path + "=" + value);
    loaded = load(arguments.file, options);
    if (!loaded.ok()) break;
  }
  return loaded;
}

struct FailedRun {
  PointSettings settings;
  std::int64_t run = 0;
};

class Sweep {
 public:
  Sweep(const SweepArguments& arguments, Terminal& terminal, const Ranks& ranks)
      : arguments_{arguments}, terminal_{terminal}, ranks_{ranks} {}

  ExitCode run() {
    const auto shard = shard_of(arguments_.shard);
    if (!shard) return complain(shard.error(), ExitCode::usage);
    const auto variations = variations_of(arguments_.vary);
    if (!variations) return complain(variations.error(), ExitCode::usage);
    const Loaded loaded = load(arguments_.file, arguments_.scenario);
    if (!loaded.ok()) return complain_of(loaded);
    const Loaded point = first_invalid_point(arguments_, all_points(*variations));
    if (!point.ok()) return complain_of(point);

    SweepRequest request;
    request.runs = arguments_.runs;
    request.jobs = static_cast<int>(arguments_.jobs.count());
    request.shard = *shard;
    request.interrupted = interrupted;
    request.watch = stopped_by_interrupt;
    request.progress = [&](std::int64_t done, std::int64_t all) { show_runs_done(terminal_, done, all); };
    const SampleReader samples = sample_reader(std::filesystem::path{arguments_.file}.parent_path());
    catch_interrupts();
    if (!ranks_.first()) return help(*loaded.scenario, *variations, request, samples);

    auto store = open_store(*loaded.scenario, *variations);
    if (!store) {
      ranks_.call_off();
      return complain(store.error(), ExitCode::unreadable);
    }
    const auto outcome = ranks_.alone() ? sweep(*loaded.scenario, *store, request, &samples)
                                        : ranks_.lead(*loaded.scenario, *store, request, &samples);
    terminal_.end_progress();
    if (!outcome) return complain(outcome.error(), ExitCode::unreadable);
    return report(*loaded.scenario, *store, *outcome);
  }

 private:
  ExitCode complain(const std::string& problem, ExitCode code) {
    if (ranks_.first()) terminal_.complain("georep sweep: " + problem);
    return code;
  }
  ExitCode complain_of(const Loaded& loaded) {
    if (ranks_.first()) terminal_.complain(loaded.problem);
    return loaded.code;
  }

  ExitCode help(const Scenario& scenario, const std::vector<Variation>& variations, const SweepRequest& request,
                const SampleReader& samples) {
    ranks_.help(scenario, all_points(variations), request, &samples);
    return ExitCode::ok;
  }

  OrProblem<ResultsStore> open_store(const Scenario& scenario, const std::vector<Variation>& variations) {
    const SweepIdentity identity{scenario.world.scenario, write_scenario(scenario), scenario.world.seed,
                                 variations,              version_text(),           model_version};
    auto store = arguments_.store.empty() ? ResultsStore::in_memory(identity)
                                          : ResultsStore::resume(arguments_.store, identity);
    if (!store) return store;
    for (const std::string& file : arguments_.merge) {
      const auto other = ResultsStore::open(file);
      if (!other) return std::unexpected{other.error()};
      if (const auto merged = store->merge(*other); !merged) return std::unexpected{file + ": " + merged.error()};
    }
    return store;
  }

  ExitCode report(const Scenario& scenario, const ResultsStore& store, const SweepOutcome& outcome) {
    SweepReport report{scenario, {}, outcome.interrupted};
    std::optional<FailedRun> failed;
    for (std::size_t i = 0; i < store.points().size(); ++i) {
      const auto runs = store.runs_of(static_cast<std::int64_t>(i));
      if (!runs) return complain(runs.error(), ExitCode::unreadable);
      if (runs->empty()) continue;
      AcrossRuns across;
      for (const StoredRun& run : *runs) {
        across.add(run.result);
        if (!run.result.passed && !failed) failed = FailedRun{store.points()[i], run.run};
      }
      report.points.push_back({store.points()[i], across.summary(), predictions(scenario, store.points()[i])});
    }
    terminal_.print(arguments_.json ? sweep_json(report) : sweep_text(report, terminal_.style()));
    if (!arguments_.csv.empty())
      if (const auto written = write_file(arguments_.csv, sweep_csv(report)); !written)
        return complain(written.error(), ExitCode::unreadable);
    terminal_.detail(fmt::format("{} runs made, {} found in the store", outcome.made, outcome.found));
    if (outcome.interrupted) return ExitCode::interrupted;
    if (!failed) return ExitCode::ok;
    terminal_.complain(replay_of_run(arguments_.file, arguments_.scenario, scenario.world.seed, failed->settings,
                                     failed->run));
    return ExitCode::failed;
  }

  std::vector<std::optional<Prediction>> predictions(const Scenario& scenario, const PointSettings& settings) {
    const SampleReader samples = sample_reader(std::filesystem::path{arguments_.file}.parent_path());
    std::vector<std::optional<Prediction>> predictions;
    const auto compiled = compile_point(scenario, settings, &samples);
    if (!compiled) return predictions;
    for (const ExpectationSpec& expectation : scenario.expect)
      predictions.push_back(predicted_figure((*compiled)->plan, expectation));
    return predictions;
  }

  const SweepArguments& arguments_;
  Terminal& terminal_;
  const Ranks& ranks_;
};

}  // namespace

ExitCode sweep_scenario(const SweepArguments& arguments, Terminal& terminal) {
  const Ranks ranks;
  return Sweep{arguments, terminal, ranks}.run();
}

}  // namespace georep
