// The exhaustive search against itself without reduction, and against brute force over every value of every delay and every order of every tie, on
// generated scenarios.
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include <doctest/doctest.h>

#include "analysis/exploration/exhaustive.hpp"
#include "tests/support/every_delay.hpp"
#include "tests/support/tiny_scenarios.hpp"

using namespace georep;

namespace {

/// The outcomes by brute force; none if there are more than so many leaves in the tree of choices.
std::set<std::uint64_t> by_brute_force(test::TinySubject& subject, std::uint64_t most) {
  std::set<std::uint64_t> outcomes;
  test::EveryDelay every{subject};
  subject.simulation().set_chooser(&every);
  const std::uint64_t leaves =
      every.visit_all([&] { outcomes.insert(subject.execute()); }, most);
  subject.simulation().set_chooser(nullptr);
  return leaves <= most ? outcomes : std::set<std::uint64_t>{};
}

/// The least and the greatest sum of times of the runs that came to one outcome.
using Extremes = std::map<std::uint64_t, std::pair<std::int64_t, std::int64_t>>;

void take(Extremes& extremes, const test::TinySubject& subject, std::uint64_t outcome) {
  std::int64_t sum = 0;
  for (const auto& [from, to] : subject.sum_of_times().spans) sum += (to.at - from.at).count();
  const auto [entry, added] = extremes.try_emplace(outcome, sum, sum);
  entry->second.first = std::min(entry->second.first, sum);
  entry->second.second = std::max(entry->second.second, sum);
}

struct Searched {
  std::set<std::uint64_t> outcomes;
  ExhaustiveSearch::Result result;
};

Searched search(test::TinySubject& subject, bool every_order) {
  Searched searched;
  ExhaustiveSearch search{subject, subject, every_order};
  searched.result = search.run([&](const Trace& trace, const SchedulePlan&) {
    searched.outcomes.insert(trace.outcome);
    return true;
  });
  return searched;
}

}  // namespace

TEST_CASE("on generated scenarios the search reaches what brute force reaches, with reduction and without") {
  const std::uint64_t scenarios = GEOREP_DIFFERENTIAL_SCENARIOS;
  std::uint64_t compared = 0;
  std::uint64_t traces = 0;
  std::uint64_t executions = 0;
  for (std::uint64_t seed = 1; seed <= scenarios; ++seed) {
    CAPTURE(seed);
    test::TinySubject subject{test::random_script(seed)};
    const std::set<std::uint64_t> brute = by_brute_force(subject, 2'000);
    if (brute.empty()) continue;
    ++compared;
    const Searched reduced = search(subject, false);
    CHECK(reduced.outcomes == brute);
    CHECK(reduced.result.all_noted);
    CHECK(reduced.result.complete);
    traces += reduced.result.traces;
    executions += reduced.result.executions;
    if (seed % 4 != 0) continue;
    const Searched unreduced = search(subject, true);
    CHECK(unreduced.outcomes == brute);
    CHECK(reduced.result.traces <= unreduced.result.traces);
  }
  CHECK(compared > scenarios * 9 / 10);
  CHECK(executions < traces * 5 / 4);
}

TEST_CASE("on generated scenarios the search reaches the least and the greatest sums of times that brute force reaches") {
  const std::uint64_t scenarios = GEOREP_DIFFERENTIAL_SCENARIOS / 2;
  std::uint64_t compared = 0;
  std::uint64_t spread = 0;
  for (std::uint64_t seed = 1; seed <= scenarios; ++seed) {
    CAPTURE(seed);
    test::TinySubject subject{test::random_script(seed)};
    Extremes by_force;
    test::EveryDelay every{subject};
    subject.simulation().set_chooser(&every);
    const std::uint64_t leaves = every.visit_all([&] { take(by_force, subject, subject.execute()); }, 2'000);
    subject.simulation().set_chooser(nullptr);
    if (leaves > 2'000) continue;
    ++compared;
    subject.ask_for_sums();
    Extremes searched;
    ExhaustiveSearch search{subject, subject};
    const ExhaustiveSearch::Result result = search.run([&](const Trace& trace, const SchedulePlan&) {
      take(searched, subject, trace.outcome);
      return true;
    });
    CHECK(result.complete);
    CHECK(searched == by_force);
    for (const auto& [outcome, extremes] : by_force) spread += extremes.first < extremes.second ? 1 : 0;
  }
  CHECK(compared > scenarios * 9 / 10);
  CHECK(spread > compared / 4);
}
