#include "analysis/explanation/explanation.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "analysis/experiments/compiled_scenario.hpp"
#include "analysis/explanation/slice.hpp"
#include "analysis/verdicts/fields.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

// The recorder's memory grows with the run; a longer one goes its ordinary way.
constexpr std::uint64_t most_recorded_events = 500'000;
constexpr std::uint64_t most_mechanisms_tried = 40;

class Explainer {
 public:
  Explainer(const Scenario& scenario, const Plan& plan, const Question& question, const Schedule& schedule,
            const ExplanationOptions& options)
      : scenario_{scenario}, plan_{plan}, question_{question}, schedule_{schedule}, options_{options} {
    budget_.left = options.events;
  }

  Explanation explain() {
    const bool recorded = can_be_recorded();
    pin(recorded);
    const std::uint64_t events = look_at_run(recorded);
    try_mechanisms(events);
    result_.reruns = budget_.runs;
    result_.all_tried = recorded && !budget_.spent;
    return std::move(result_);
  }

 private:
  // A run that is listened to may take the events of one instant in another order: then the ordinary one is explained without.
  bool can_be_recorded() {
    if (schedule_.deviations() > 0) return true;
    AskedOutcome ordinary;
    {
      CounterfactualRun plain{scenario_, plan_, question_, schedule_, options_.run, false};
      ordinary = plain.run(std::nullopt, false);
      if (plain.events() > most_recorded_events) return false;
    }
    CounterfactualRun recorded{scenario_, plan_, question_, schedule_, options_.run, true};
    return recorded.run(std::nullopt, false) == ordinary;
  }

  // How many events it has.
  std::uint64_t look_at_run(bool recorded) {
    CounterfactualRun run{scenario_, plan_, question_, schedule_, options_.run, recorded};
    result_.outcome = run.run(std::nullopt, true);
    describe(run);
    OutcomeSlice slice;
    {
      const RecordedRun kept{run.trace(), run.chronicle().happenings(), run.world()};
      const bool of_operation = question_.about == Question::About::operation;
      slice = slice_of(kept, question_, of_operation ? nullptr : &scenario_.expect[question_.candidates[0]], result_.outcome);
    }
    result_.circumstances = std::move(slice.circumstances);
    const std::uint64_t events = run.events();
    end_by_ = run.world().simulation().now() + 3 * run.world().simulation().now().since_start() + 1_min;
    run.end_by(end_by_);
    if (!recorded) return events;
    // Settings say more than delays: something is kept for them.
    const std::uint64_t kept = std::min(budget_.left, events * most_mechanisms_tried);
    budget_.left -= kept;
    result_.races = critical_races(run, result_.outcome, slice.past, budget_);
    budget_.left += kept;
    return events;
  }

  // Of several operations or expectations of that name, one is explained.
  void pin(bool recorded) {
    if (question_.candidates.size() == 1) return;
    CounterfactualRun run{scenario_, plan_, question_, schedule_, options_.run, recorded};
    const std::size_t chosen = run.run(std::nullopt, false).chosen;
    question_.candidates = {question_.candidates[chosen]};
  }

  void describe(CounterfactualRun& run) {
    result_.about = question_.about;
    const std::size_t number = question_.candidates.front();
    if (question_.about == Question::About::expectation) {
      result_.name = text_of(scenario_.expect[number]);
      result_.detail = run.detail(number);
      return;
    }
    const OperationRecord& record = run.world().operations()[number];
    result_.name = record.name;
    if (!record.started) {
      result_.detail = "it never began";
      return;
    }
    result_.detail = fmt::format("{} of {} on {}, begun at {}", text(record.kind), record.reference,
                                 plan_.hosts[index(record.host)].name, figure_in_one_unit(record.at));
    if (record.replica != RegionId::none) result_.detail += ", from " + plan_.region_name(record.replica);
    if (record.finished) result_.detail += fmt::format(", after {}", figure_in_one_unit(record.duration));
    if (record.attempts > 1) result_.detail += fmt::format(" in {} attempts", record.attempts);
  }

  // The host and the entry of the timeline that the outcome is of.
  std::pair<std::string, std::optional<std::size_t>> whose() const {
    if (question_.about == Question::About::operation) {
      const std::size_t entry = plan_.operations[question_.candidates.front()].entry;
      return {*host_of(scenario_.world.timeline[entry].action), entry};
    }
    for (auto place = result_.circumstances.rbegin(); place != result_.circumstances.rend(); ++place) {
      const Happening& happening = place->happening;
      if (happening.host == HostId::none || place->bearing != Circumstance::Bearing::cause) continue;
      std::optional<std::size_t> entry;
      if (happening.operation != OperationId::none)
        entry = plan_.operations[static_cast<std::size_t>(happening.operation)].entry;
      return {plan_.hosts[index(happening.host)].settings.name, entry};
    }
    return {};
  }

  static bool is_among(const std::vector<Mechanism>& known, const Mechanism& mechanism) {
    return std::any_of(known.begin(), known.end(), [&](const Mechanism& other) {
      return other.path == mechanism.path && other.value == mechanism.value;
    });
  }

  void try_mechanisms(std::uint64_t events) {
    auto [host, entry] = whose();
    std::vector<Mechanism> candidates = mechanisms_of(scenario_, host, entry);
    for (std::size_t i = 0; i < scenario_.world.timeline.size() && !entry; ++i)
      if (std::holds_alternative<DeployAction>(scenario_.world.timeline[i].action))
        for (Mechanism& mechanism : mechanisms_of(scenario_, host, i))
          if (mechanism.path.starts_with("timeline[") && !is_among(candidates, mechanism))
            candidates.push_back(std::move(mechanism));
    bool ordered = false;  // one other order of the steps that helps is enough
    for (Mechanism& candidate : candidates) {
      const bool orders = candidate.path == "registry.replication.order";
      if (orders && ordered) continue;
      if (!budget_.afford(events)) break;
      const auto varied = compile_point(scenario_, {{candidate.path, candidate.value}});
      if (!varied) continue;
      CounterfactualRun run{(*varied)->scenario, (*varied)->plan, question_, schedule_, options_.run,
                            schedule_.deviations() > 0};
      run.end_by(end_by_);
      const AskedOutcome outcome = run.run(std::nullopt, false);
      budget_.spend(run.events() - std::min(run.events(), events));
      if (outcome == result_.outcome) continue;
      ordered = ordered || (orders && outcome.good);
      result_.mechanisms.push_back({std::move(candidate), outcome, outcome.good});
    }
    std::stable_partition(result_.mechanisms.begin(), result_.mechanisms.end(),
                          [](const TriedMechanism& tried) { return tried.removes; });
  }

  const Scenario& scenario_;
  const Plan& plan_;
  Question question_;
  const Schedule& schedule_;
  const ExplanationOptions& options_;
  EventBudget budget_;
  Instant end_by_;
  Explanation result_;
};

}  // namespace

Explanation explain(const Scenario& scenario, const Plan& plan, const Question& question, const Schedule& schedule,
                    const ExplanationOptions& options) {
  return Explainer{scenario, plan, question, schedule, options}.explain();
}

}  // namespace georep
