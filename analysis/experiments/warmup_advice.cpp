#include "analysis/experiments/warmup_advice.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "analysis/measures/observer.hpp"
#include "analysis/statistics/warmup.hpp"
#include "models/world/world.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

constexpr std::size_t fewest_samples = 100;

// A measure's samples in the order in which they came.
struct Sequence {
  std::string measure;
  std::vector<Instant> at;
  std::vector<double> values;

  void add(Instant when, Duration sample) {
    at.push_back(when);
    values.push_back(sample.seconds());
  }
};

class Sequences {
 public:
  explicit Sequences(World& world) {
    world.facts().subscribe<OperationEnded>([this](const OperationEnded& fact) {
      if (fact.error) return;
      if (fact.kind == OperationKind::push) pushes_.add(fact.at, fact.at - fact.started.at);
      if (fact.kind == OperationKind::pull) pulls_.add(fact.at, fact.at - fact.started.at);
    });
    world.facts().subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) { committed_[fact.commit] = fact.at; });
    world.facts().subscribe<TagApplied>([this](const TagApplied& fact) {
      const auto commit = committed_.find(fact.commit);
      if (!fact.local && fact.moved && commit != committed_.end()) lags_.add(fact.at, fact.at - commit->second);
    });
    world.facts().subscribe<StorageTaken>([this](const StorageTaken& fact) { waits_.add(fact.at, fact.at - fact.queued.at); });
  }

  const Sequence* of(const std::string& measure) const {
    for (const Sequence* each : {&pushes_, &pulls_, &lags_, &waits_})
      if (each->measure == measure) return each;
    return nullptr;
  }

 private:
  Sequence pushes_{"push_duration", {}, {}};
  Sequence pulls_{"pull_duration", {}, {}};
  Sequence lags_{"replication_lag", {}, {}};
  Sequence waits_{"storage_wait", {}, {}};
  std::map<CommitId, Instant> committed_;
};

// Extremes, counts and sums are not of a steady state.
bool settles(const MeasureExpectation& measure) {
  return measure.statistic == "mean" || measure.statistic.starts_with('p');
}

}  // namespace

std::vector<std::string> warmup_advice(const CompiledScenario& compiled, std::uint64_t seed, std::uint64_t run) {
  World world{compiled.plan};
  const Sequences sequences{world};
  world.reset(seed, run);
  world.run();
  std::vector<std::string> advice;
  std::vector<std::string> told;
  for (const ExpectationSpec& expectation : compiled.scenario.expect) {
    const auto* measure = std::get_if<MeasureExpectation>(&expectation.what);
    if (measure == nullptr || !settles(*measure)) continue;
    const Sequence* const sequence = sequences.of(measure->measure);
    if (sequence == nullptr || sequence->values.size() < fewest_samples) continue;
    if (std::find(told.begin(), told.end(), measure->measure) != told.end()) continue;
    told.push_back(measure->measure);
    const Instant given = Instant::at(compiled.scenario.world.warmup);
    const std::optional<std::size_t> cut = suggested_warmup(sequence->values);
    if (!cut) {
      advice.push_back(fmt::format("{} has not settled in run {} (MSER-5): a longer duration tells more.",
                                   measure->measure, run));
    } else if (*cut > 0 && sequence->at[*cut] > given) {
      advice.push_back(fmt::format("{} settles after {} in run {} (MSER-5); `warmup:` is {}.", measure->measure,
                                   figure(sequence->at[*cut], 2), run,
                                   given == Instant{} ? std::string{"not given"} : figure(given)));
    }
  }
  return advice;
}

}  // namespace georep
