// The timeline: when each entry takes its turn, and the operations that it starts.
#include <algorithm>

#include "models/facts/event_kinds.hpp"
#include "models/registry/replication.hpp"
#include "models/registry/shared_objects.hpp"
#include "models/world/world.hpp"

namespace georep {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

/// What an operation names, and who asks for it.
struct OperationText {
  std::string reference;
  std::string host;
  std::string issued_from;
  RetrySpec retry;
};

OperationText text_of(const Action& action) {
  return std::visit(
      Overloaded{
          [](const PushAction& a) { return OperationText{a.to, a.on, a.issued_from, a.retry}; },
          [](const PullAction& a) {
            return OperationText{a.reference, a.on, a.issued_from, a.retry};
          },
          [](const UntagAction& a) {
            return OperationText{a.reference, a.on, {}, RetrySpec::none()};
          },
          [](const DeleteAction& a) {
            return OperationText{a.reference, a.on, {}, RetrySpec::none()};
          },
          [](const RetagAction& a) { return OperationText{a.to, a.on, {}, RetrySpec::none()}; },
          [](const auto&) { return OperationText{}; }},
      action);
}

SharedObject end_of(std::size_t operation) {
  return shared::object(shared::Kind::operation, RegionId{0}, operation);
}

}  // namespace

OperationRecord World::blank(const OperationPlan& planned) const {
  const TimelineEntry& entry = plan_.spec.timeline[planned.entry];
  const OperationText named = text_of(entry.action);
  OperationRecord record;
  record.name = planned.name;
  record.kind = *operation_kind(entry.action);
  record.reference = expand_repetition(named.reference, planned.repetition);
  record.host = static_cast<HostId>(plan_.first_machine(named.host) +
                                    static_cast<std::uint32_t>(planned.machine) - 1);
  record.issued_from = named.issued_from;
  return record;
}

void World::start_timeline() {
  for (std::size_t entry = 0; entry < plan_.spec.timeline.size(); ++entry)
    processes_.start(run_entry(entry), event_kind::control);
}

Task<void> World::run_entry(std::size_t entry) {
  const TimelineEntry& line = plan_.spec.timeline[entry];
  if (!line.after.empty()) {
    const auto is_due = [&] {
      for (const std::size_t operation : operations_by_name_.at(line.after)) simulation_.note_read(end_of(operation));
      return operations_over(line.after);
    };
    while (!is_due()) co_await operation_ended_.wait();
  }
  const Duration nominal = line.after.empty() ? line.at.value_or(Duration{}) : line.delay;
  Deadline at = simulation_.deadline(nominal);
  if (!line.as.empty())
    at = simulation_.choose_moment(name_hash(line.as), ChoiceKind::client_start, nominal);
  if (nominal > Duration{} || simulation_.has_chooser()) co_await simulation_.until(at);
  const std::int64_t repetitions = line.every ? line.count : 1;
  for (std::int64_t n = 1; n <= repetitions; ++n) {
    if (n > 1) co_await simulation_.delay(*line.every);
    perform(entry, n);
  }
}

bool World::operations_over(const std::string& name) const {
  const auto found = operations_by_name_.find(name);
  GEOREP_ASSERT(found != operations_by_name_.end(), "an entry waits for an operation that there is");
  return std::all_of(found->second.begin(), found->second.end(),
                     [this](std::size_t operation) { return operations_[operation].finished; });
}

// What an entry does begins in the entry's own event: entries of one instant act in the order of the file, and before what was
// scheduled for that instant after the start.
void World::perform(std::size_t entry, std::int64_t repetition) {
  const Action& action = plan_.spec.timeline[entry].action;
  if (operation_kind(action)) {
    // The operations of an entry follow one another, those of one repetition first.
    for (std::size_t i = first_operation_[entry]; i < plan_.operations.size(); ++i) {
      const OperationPlan& planned = plan_.operations[i];
      if (planned.entry != entry || planned.repetition > repetition) break;
      if (planned.repetition < repetition) continue;
      processes_.start_at_once(run_operation(i), event_kind::operation, entity(operations_[i].host));
    }
    return;
  }
  if (const auto* fail = std::get_if<FailAction>(&action)) {
    processes_.start_at_once(run_fault(fail->target, fail->lasts), event_kind::fault);
  } else if (const auto* degrade = std::get_if<DegradeAction>(&action)) {
    processes_.start_at_once(run_degradation(*degrade), event_kind::fault);
  } else if (const auto* deploy = std::get_if<DeployAction>(&action)) {
    clusters_.deploy(plan_.deployment(names_, *deploy, repetition));
  } else if (const auto* set = std::get_if<SetAction>(&action)) {
    change_settings(*set);
  } else if (const auto* add = std::get_if<AddReplicaAction>(&action)) {
    add_replica(*add);
  } else if (const auto* remove = std::get_if<RemoveReplicaAction>(&action)) {
    remove_replica(*remove);
  } else if (const auto* disable = std::get_if<DisableRoutingAction>(&action)) {
    if (Replica* replica = registry_.replica(*plan_.region(disable->region)))
      set_routed(*replica, false);
  } else if (const auto* enable = std::get_if<EnableRoutingAction>(&action)) {
    if (Replica* replica = registry_.replica(*plan_.region(enable->region)))
      set_routed(*replica, true);
  }
}

// All attempts of one operation: until one succeeds or none is left.
Task<void> World::run_operation(std::size_t operation) {
  OperationRecord& record = operations_[operation];
  const TimelineEntry& entry = plan_.spec.timeline[plan_.operations[operation].entry];
  const std::int64_t repetition = plan_.operations[operation].repetition;
  const RetrySpec retry = text_of(entry.action).retry;
  const OperationId id{static_cast<std::uint32_t>(operation)};
  const std::uint64_t name = name_hash(record.name);
  Host& host = hosts_[index(record.host)];
  const TagId tag = record.kind == OperationKind::remove
                        ? TagId::none
                        : plan_.reference(names_, record.reference).tag;
  record.started = true;
  const Deadline started = simulation_.deadline(Duration{});
  record.at = started.at;
  facts_.tell([&] { return OperationStarted{record.at, id, record.kind, record.host, tag}; });
  while (true) {
    ++record.attempts;
    Session session{simulation_, routing_,    settings_.routing,
                    host,        record.kind, tag,
                    combined_hash(name, record.attempts)};
    const Outcome outcome = co_await attempt(session, entry.action, repetition);
    record.replica = session.last_replica();
    if (outcome) {
      record.manifest = *outcome;
      break;
    }
    facts_.tell([&] {
      return AttemptFailed{simulation_.now(), id,  record.kind,           record.host,
                           record.replica,    tag, outcome.error().code};
    });
    const std::optional<Duration> wait = retry_wait(retry, record.attempts);
    if (!wait) {
      record.error = outcome.error().code;
      break;
    }
    co_await simulation_.delay(std::max(*wait, outcome.error().retry_after));
  }
  end_operation(operation, tag, started);
}

Task<Outcome> World::attempt(Session& session, const Action& action, std::int64_t repetition) {
  if (const auto* push = std::get_if<PushAction>(&action)) {
    const TagId tag = names_.reference(expand_repetition(push->to, repetition));
    co_return co_await client_.push(session, tag, plan_.images.at(push->image));
  }
  if (const auto* pull = std::get_if<PullAction>(&action)) {
    const Reference reference = plan_.reference(names_, expand_repetition(pull->reference, repetition));
    co_return co_await client_.pull(session, reference);
  }
  if (const auto* retag = std::get_if<RetagAction>(&action)) {
    const Reference from = plan_.reference(names_, expand_repetition(retag->from, repetition));
    const TagId to = names_.reference(expand_repetition(retag->to, repetition));
    co_return co_await client_.retag(session, from, to);
  }
  if (const auto* untag = std::get_if<UntagAction>(&action)) {
    const TagId tag = names_.reference(expand_repetition(untag->reference, repetition));
    co_return co_await client_.untag(session, tag);
  }
  const auto& remove = std::get<DeleteAction>(action);
  const Reference reference = plan_.reference(names_, expand_repetition(remove.reference, repetition));
  co_return co_await client_.remove(session, reference.repository, reference.manifest);
}

void World::end_operation(std::size_t operation, TagId tag, const Deadline& started) {
  OperationRecord& record = operations_[operation];
  simulation_.note_write(end_of(operation));
  record.finished = true;
  record.duration = simulation_.now() - record.at;
  simulation_.outcome(record.error ? static_cast<std::uint64_t>(*record.error) + 1
                      : record.manifest == ManifestId::none
                          ? 0
                          : content_.manifest(record.manifest).digest.words[0]);
  facts_.tell([&] {
    return OperationEnded{simulation_.now(), started,        static_cast<OperationId>(operation),
                          record.kind,       record.host,    record.replica,
                          tag,               record.attempts, record.error,
                          record.manifest};
  });
  operation_ended_.notify_all();
}

}  // namespace georep
