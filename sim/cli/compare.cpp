#include "sim/cli/compare.hpp"

#include <expected>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/experiments/compare.hpp"
#include "analysis/experiments/runs.hpp"
#include "analysis/experiments/store.hpp"
#include "analysis/reports/comparison_report.hpp"
#include "sim/cli/interrupt.hpp"
#include "sim/cli/load.hpp"
#include "sim/cli/study.hpp"

namespace georep {

namespace {

struct Failure {
  std::string problem;
  ExitCode code;
};

template <class Value>
using OrFailure = std::expected<Value, Failure>;

bool is_store(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  std::string magic(15, '\0');
  return stream.read(magic.data(), 15) && magic == "SQLite format 3";
}

OrFailure<std::vector<RunResult>> runs_of(const Scenario& scenario, const CompareArguments& arguments, Terminal& terminal) {
  const auto compiled = compile_point(scenario, {});
  if (!compiled) return std::unexpected{Failure{compiled.error().front().message, ExitCode::invalid}};
  std::vector<RunResult> runs;
  RunsRequest request;
  request.seed = scenario.world.seed;
  request.runs = arguments.runs;
  request.jobs = static_cast<int>(arguments.jobs.count());
  request.interrupted = interrupted;
  request.watch = stopped_by_interrupt;
  request.each = [&](std::int64_t run, const RunResult& result) {
    runs.push_back(result);
    show_runs_done(terminal, run + 1, request.runs);
  };
  independent_runs(*compiled, request);
  return runs;
}

OrFailure<std::vector<ComparedPoint>> compare_scenarios(const CompareArguments& arguments, Terminal& terminal) {
  std::vector<Loaded> both;
  for (const std::string& file : {arguments.first, arguments.second}) {
    both.push_back(load(file, arguments.scenario));
    if (!both.back().ok()) return std::unexpected{Failure{both.back().problem, both.back().code}};
  }
  const Scenario& one = *both[0].scenario;
  const Scenario& other = *both[1].scenario;
  if (one.world.seed != other.world.seed)
    return std::unexpected{Failure{"georep compare: the two scenarios have other seeds, so that their runs do not share their chance; "
                                   "--seed gives both the same",
                                   ExitCode::invalid}};
  const auto first = runs_of(one, arguments, terminal);
  if (!first) return std::unexpected{first.error()};
  const auto second = runs_of(other, arguments, terminal);
  if (!second) return std::unexpected{second.error()};
  return std::vector<ComparedPoint>{{{}, compare_runs(*first, *second)}};
}

// Runs are paired by their numbers; those that one store lacks are left out.
void pair_runs(const std::vector<StoredRun>& first, const std::vector<StoredRun>& second,
               std::vector<RunResult>& first_runs, std::vector<RunResult>& second_runs) {
  auto other = second.begin();
  for (const StoredRun& run : first) {
    while (other != second.end() && other->run < run.run) ++other;
    if (other == second.end() || other->run != run.run) continue;
    first_runs.push_back(run.result);
    second_runs.push_back(other->result);
  }
}

OrFailure<std::vector<ComparedPoint>> compare_stores(const CompareArguments& arguments) {
  const auto unreadable = [](const std::string& problem) {
    return std::unexpected{Failure{"georep compare: " + problem, ExitCode::unreadable}};
  };
  const auto first = ResultsStore::open(arguments.first);
  if (!first) return unreadable(first.error());
  const auto second = ResultsStore::open(arguments.second);
  if (!second) return unreadable(second.error());
  if (first->identity().seed != second->identity().seed)
    return unreadable("the two stores have other seeds, so that their runs do not share their chance");
  std::vector<ComparedPoint> points;
  for (std::size_t i = 0; i < first->points().size(); ++i)
    for (std::size_t j = 0; j < second->points().size(); ++j) {
      if (first->points()[i] != second->points()[j]) continue;
      const auto ours = first->runs_of(static_cast<std::int64_t>(i));
      if (!ours) return unreadable(ours.error());
      const auto theirs = second->runs_of(static_cast<std::int64_t>(j));
      if (!theirs) return unreadable(theirs.error());
      std::vector<RunResult> first_runs;
      std::vector<RunResult> second_runs;
      pair_runs(*ours, *theirs, first_runs, second_runs);
      if (!first_runs.empty()) points.push_back({first->points()[i], compare_runs(first_runs, second_runs)});
    }
  if (points.empty()) return unreadable("the two stores have no run of the same values in common");
  return points;
}

}  // namespace

ExitCode compare_two(const CompareArguments& arguments, Terminal& terminal) {
  catch_interrupts();
  const bool stores = is_store(arguments.first);
  if (stores != is_store(arguments.second)) {
    terminal.complain("georep compare: one of the two is a store and the other is not; two scenarios or two stores are compared");
    return ExitCode::usage;
  }
  const auto points = stores ? compare_stores(arguments) : compare_scenarios(arguments, terminal);
  terminal.end_progress();
  if (!points) {
    terminal.complain(points.error().problem);
    return points.error().code;
  }
  terminal.print(arguments.json ? comparison_json(*points) : comparison_text(*points, terminal.style()));
  return interrupted() ? ExitCode::interrupted : ExitCode::ok;
}

}  // namespace georep
