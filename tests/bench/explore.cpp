// Re-executions of a scenario whose `uncertainty:` is searched: each resets the world, runs it and judges the expectations. The search finds
// races and times besides and visits one run of each kind; `sampled` runs are decided at random, and nothing is asked of them.
// usage: explore SCENARIO [searches]
#include <cstdint>
#include <cstdlib>

#include "analysis/exploration/exhaustive.hpp"
#include "analysis/races/sampling.hpp"
#include "analysis/races/scheduled_run.hpp"
#include "analysis/races/scenario_subject.hpp"
#include "scenarios/reader/reader.hpp"
#include "tests/bench/increments.hpp"

using namespace georep;

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto read = read_scenario(argv[1]);
  if (!read || !read->scenario) return 1;
  const auto plan = compile(read->scenario->world);
  if (!plan) return 1;
  const int searches = argc > 2 ? std::atoi(argv[2]) : 1;
  // What samples and replays schedules, beside what searches, as in `georep explore`.
  ScheduleRunner concrete{*read->scenario, *plan};
  const UncertaintyFreedom& freedom = concrete.freedom();
  ScenarioSubject subject{*read->scenario, *plan};
  Network& network = subject.runner().world().network();
  if (!read->scenario->uncertainty.bandwidth) network.take_any_share();
  std::uint64_t executions = 0;
  std::uint64_t traces = 0;
  std::uint64_t violated = 0;
  const auto start = bench::Clock::now();
  for (int i = 0; i < searches; ++i) {
    ExhaustiveSearch::Result result;
    // A search that meets more transfers at a time than their bounds had allowed for begins again.
    bool more_transfers = false;
    do {
      ExhaustiveSearch search{subject, freedom};
      result = search.run([&](const Trace&, const SchedulePlan&) {
        if (!subject.violations().empty()) ++violated;
        more_transfers = network.had_more_transfers();
        return !more_transfers;
      });
      executions += result.executions;
    } while (more_transfers);
    if (!result.complete || !result.all_noted) return 1;
    traces += result.traces;
  }
  const double searching = bench::seconds_since(start);
  const auto first_sample = bench::Clock::now();
  for (std::uint64_t run = 0; run < executions; ++run) {
    RandomDecisions decisions{1, run, freedom};
    concrete.run(decisions);
  }
  const double sampling = bench::seconds_since(first_sample);
  const auto count = static_cast<double>(executions);
  std::printf("executions_per_s %.0f sampled_per_s %.0f executions %.0f traces %.0f violated %.0f events %zu\n",
              count / searching, count / sampling, count, static_cast<double>(traces),
              static_cast<double>(violated), concrete.trace().events.size() - 1);
  return 0;
}
