// The exhaustive search against itself without reduction, and against brute force over every value of every delay and every order of every tie, on
// generated scenarios.
#include <cstdint>
#include <set>

#include <doctest/doctest.h>

#include "analysis/exploration/exhaustive.hpp"
#include "tests/support/tiny_scenarios.hpp"

using namespace georep;

namespace {

/// Every leaf of the tree of choices, delays in whole nanoseconds among them.
class BruteForce : public Chooser {
 public:
  explicit BruteForce(const Freedom& freedom) : freedom_{freedom} {}

  std::set<std::uint64_t> outcomes;
  std::uint64_t leaves = 0;

  /// False if there are more than `most` leaves.
  bool visit_all(Subject& subject, std::uint64_t most) {
    subject.simulation().set_chooser(this);
    do {
      depth_ = 0;
      outcomes.insert(subject.execute());
    } while (++leaves <= most && advance());
    subject.simulation().set_chooser(nullptr);
    return leaves <= most;
  }

  std::size_t choose_event(std::span<Event* const> candidates) override {
    return take(candidates.size());
  }
  std::uint32_t choose(std::uint64_t, ChoiceKind, std::uint32_t count) override {
    return static_cast<std::uint32_t>(take(count));
  }
  Duration choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                        const Deadline&) override {
    const Freedom::Range range = freedom_.delay(site, kind, nominal);
    const auto width = static_cast<std::size_t>((range.most - range.least).count());
    return range.least + Duration::nanoseconds(static_cast<std::int64_t>(take(width + 1)));
  }

 private:
  struct Taken {
    std::size_t value;
    std::size_t count;
  };
  std::size_t take(std::size_t count) {
    if (depth_ == path_.size()) path_.push_back({0, count});
    return path_[depth_++].value;
  }
  bool advance() {
    while (!path_.empty() && path_.back().value + 1 == path_.back().count) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().value;
    return true;
  }

  const Freedom& freedom_;
  std::vector<Taken> path_;
  std::size_t depth_ = 0;
};

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
    BruteForce brute{subject};
    if (!brute.visit_all(subject, 2'000)) continue;
    ++compared;
    const Searched reduced = search(subject, false);
    CHECK(reduced.outcomes == brute.outcomes);
    CHECK(reduced.result.all_noted);
    CHECK(reduced.result.complete);
    traces += reduced.result.traces;
    executions += reduced.result.executions;
    if (seed % 4 != 0) continue;
    const Searched unreduced = search(subject, true);
    CHECK(unreduced.outcomes == brute.outcomes);
    CHECK(reduced.result.traces <= unreduced.result.traces);
  }
  CHECK(compared > scenarios * 9 / 10);
  CHECK(executions < traces * 5 / 4);
}
