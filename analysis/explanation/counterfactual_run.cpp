#include "analysis/explanation/counterfactual_run.hpp"

#include <algorithm>

namespace georep {

/// The decisions of a schedule, but for one delay.
class CounterfactualRun::Shifted : public Decisions {
 public:
  Shifted(const Schedule& schedule, EventNames& names, const UncertaintyFreedom& uncertainty,
          const std::optional<ShiftedDelay>& shift)
      : scheduled_{schedule, names}, uncertainty_{uncertainty}, shift_{shift} {}

  std::size_t event(std::span<const EventName> candidates) override { return scheduled_.event(candidates); }
  std::uint32_t value(std::uint64_t site, ChoiceKind kind, std::uint32_t count) override {
    return scheduled_.value(site, kind, count);
  }
  Duration delay(std::uint64_t site, ChoiceKind kind, Duration nominal, Freedom::Range) override {
    const Duration length = scheduled_.delay(site, kind, nominal, uncertainty_.delay(site, kind, nominal));
    if (shift_ && shift_->site == site && so_far_++ == shift_->nth) return shift_->length;
    return length;
  }

 private:
  ScheduledDecisions scheduled_;
  const UncertaintyFreedom& uncertainty_;
  const std::optional<ShiftedDelay>& shift_;
  std::uint32_t so_far_ = 0;
};

Freedom::Range CounterfactualRun::AnyDelay::delay(std::uint64_t, ChoiceKind, Duration nominal) const {
  return {Duration{}, std::max(nominal, 10_d)};
}

CounterfactualRun::CounterfactualRun(const Scenario& scenario, const Plan& plan, const Question& question,
                                     const Schedule& schedule, std::uint64_t number, bool recorded)
    : scenario_{scenario},
      question_{question},
      schedule_{schedule},
      number_{number},
      uncertainty_{scenario.uncertainty},
      freedom_{uncertainty_},
      runner_{scenario, plan},
      recorder_{recorded ? std::make_unique<Recorder>(runner_.world().simulation(), freedom_) : nullptr},
      history_{runner_.world()},
      chronicle_{runner_.world(),
                 [this] { return trace_.events.empty() ? 0 : static_cast<EventIndex>(trace_.events.size() - 1); }} {
  FactBus& facts = runner_.world().facts();
  facts.subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) {
    if (fact.tag != TagId::none && !fact.error) latest_[index(fact.host)] = fact;
  });
  facts.subscribe<OperationEnded>([this](const OperationEnded& fact) {
    if (fact.kind != OperationKind::pull || fact.operation == OperationId::none) return;
    answers_[static_cast<std::size_t>(fact.operation)] = latest_[index(fact.host)];
  });
}

AskedOutcome CounterfactualRun::run(const std::optional<ShiftedDelay>& shift, bool told) {
  history_.reset();
  chronicle_.begin(told);
  latest_.assign(runner_.world().plan().hosts.size(), std::nullopt);
  answers_.assign(runner_.world().plan().operations.size(), std::nullopt);
  if (recorder_ != nullptr) {
    Shifted decisions{schedule_, recorder_->names(), uncertainty_, shift};
    recorder_->prepare(decisions, trace_);
    violations_ = &runner_.judge(scenario_.world.seed, number_, end_by_);
    recorder_->finish();
  } else {
    violations_ = &runner_.judge(scenario_.world.seed, number_, end_by_);
  }
  events_ = runner_.world().simulation().events();
  return question_.about == Question::About::operation ? operation_outcome() : expectation_outcome();
}

AskedOutcome CounterfactualRun::operation_outcome() {
  const auto outcome_of = [&](std::size_t candidate) {
    const std::size_t number = question_.candidates[candidate];
    const OperationRecord& record = runner_.world().operations()[number];
    AskedOutcome outcome;
    outcome.chosen = candidate;
    outcome.at = record.finished ? record.at + record.duration : runner_.world().simulation().now();
    if (!record.finished) {
      outcome.text = record.started ? "unfinished" : "never begun";
      outcome.good = false;
    } else if (record.error) {
      outcome.text = text(*record.error);
      outcome.good = false;
    } else {
      outcome.text = record.manifest == ManifestId::none
                         ? "ok"
                         : runner_.world().content().manifest(record.manifest).name;
      // Asked when the run is over, so that the question leaves no trace in it.
      if (const auto& answer = answers_[number])
        outcome.good = !history_.superseded(answer->tag, answer->commit, answer->manifest, answer->formed);
      if (!outcome.good) outcome.text += ", out of date";
    }
    return outcome;
  };
  for (std::size_t candidate = 0; candidate < question_.candidates.size(); ++candidate)
    if (const AskedOutcome outcome = outcome_of(candidate); !outcome.good) return outcome;
  return outcome_of(0);
}

AskedOutcome CounterfactualRun::expectation_outcome() {
  AskedOutcome outcome;
  outcome.text = "holds";
  outcome.at = runner_.world().simulation().now();
  for (std::size_t candidate = 0; candidate < question_.candidates.size(); ++candidate)
    for (const Violation& violation : *violations_)
      if (violation.expectation == question_.candidates[candidate])
        return AskedOutcome{"violated", false, candidate, violation.at};
  return outcome;
}

std::string CounterfactualRun::detail(std::size_t expectation) const { return runner_.verdict(expectation).detail; }

}  // namespace georep
