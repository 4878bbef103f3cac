// One attempt at copying a change: its stages, its records on one ordered connection, its blobs beside one another.
#include <algorithm>

#include "models/facts/choice_sites.hpp"
#include "models/facts/event_kinds.hpp"
#include "models/registry/replication.hpp"
#include "models/registry/replication_job.hpp"
#include "models/registry/shared_objects.hpp"
#include "sim/kernel/task_group.hpp"

namespace georep {

namespace {

bool is_alive(Simulation& simulation, const Replica& replica) {
  simulation.note_read(shared::object(shared::Kind::health, replica.region, 0));
  return replica.alive;
}

}  // namespace

// A change is copied as a whole, an index behind what it lists; or the index first, with all that names it, and then what it lists.
std::vector<Replication::Part> Replication::parts_of(const Change& change) const {
  if (change.manifest == ManifestId::none || change.removes())
    return {Part{{change.manifest}, true}};
  std::vector<ManifestId> below = registry_.content().descendants(change.manifest);
  if (registry_.content().manifest(change.manifest).children_first) {
    below.push_back(change.manifest);
    return {Part{std::move(below), true}};
  }
  return {Part{{change.manifest}, true}, Part{std::move(below), false}};
}

bool Replication::connected(const Destination& target, const Job& job) {
  const Replica* source = registry_.replica(job.source);
  // Both ways: the answers to its questions come back.
  return source != nullptr && is_alive(simulation_, *source) && is_alive(simulation_, target.replica) &&
         network_.reachable(job.source, target.region()) &&
         network_.reachable(target.region(), job.source);
}

namespace {
bool has_invalidation(const std::vector<ReplicationStage>& order) {
  return std::any_of(order.begin(), order.end(), [](const ReplicationStage& stage) {
    return std::find(stage.begin(), stage.end(), ReplicationStep::invalidate) != stage.end();
  });
}
}  // namespace

std::vector<ReplicationStage> Replication::order_of(const Destination& target, const Job& job) {
  const Change& change = job.change();
  const Names& names = registry_.names();
  if (policy_->has_state())
    simulation_.note_write(shared::object(shared::Kind::replication_policy, RegionId::none, 0));
  ReplicationRequest request;
  request.kind = change.kind;
  request.repository = names.repository_name(change.repository);
  if (change.tag != TagId::none) request.tag = names.tag_name(change.tag);
  request.origin = network_.region_name(change.origin);
  request.source = network_.region_name(job.source);
  request.destination = network_.region_name(target.region());
  request.failures = job.failures;
  return policy_->order(request, registry_.spec().replication);
}

Task<bool> Replication::run_stages(Destination& target, Attempt& attempt) {
  // Each attempt opens connections of its own.
  const std::uint64_t way =
      way_name(attempt.job->change(), attempt.job->source, target.region());
  attempt.records = Connection{combined_hash(way, attempt.job->number())};
  if (!connected(target, *attempt.job)) co_return false;
  // The scenario may change the order in mid-run; a change keeps the one that it started with.
  const std::vector<ReplicationStage> order = order_of(target, *attempt.job);
  attempt.job->invalidates = has_invalidation(order);
  const std::vector<Part> parts = parts_of(attempt.job->change());
  for (const Part& part : parts) {
    const bool sent = co_await run_order(target, attempt, part, order);
    if (!sent) co_return false;
  }
  co_return true;
}

Task<bool> Replication::run_order(Destination& target, Attempt& attempt, const Part& part,
                                  const std::vector<ReplicationStage>& order) {
  for (const ReplicationStage& stage : order) {
    const std::uint64_t place = combined_hash(static_cast<std::uint64_t>(stage.front()), part.names);
    if (strikes(simulation_, FaultSite::replication_crash,
                combined_hash(attempt.records.name(), place)))
      co_return false;
    TaskGroup<bool> steps{simulation_, stage.size()};
    for (const ReplicationStep step : stage) steps.start(run_step(target, attempt, part, step));
    const std::optional<bool> failure = co_await steps.first_failure();
    if (failure) co_return false;
  }
  co_return true;
}

Task<std::optional<bool>> Replication::run_step(Destination& target, Attempt& attempt,
                                                const Part& part, ReplicationStep step) {
  bool done = true;
  if (step == ReplicationStep::blobs) {
    if (!attempt.job->change().removes())
      done = co_await copy_blobs(target, attempt, part.manifests);
  } else {
    done = co_await send_records(target, attempt, part, step);
  }
  co_return done ? std::optional<bool>{} : std::optional<bool>{true};
}

Task<bool> Replication::send_records(Destination& target, Attempt& attempt, const Part& part,
                                     ReplicationStep step) {
  const Change change = attempt.job->change();
  if (step == ReplicationStep::manifest) {
    if (change.kind == ChangeKind::untag) co_return true;  // the manifest stays
    for (const ManifestId manifest : part.manifests) {
      const bool sent = co_await send_record(target, attempt, step, manifest);
      if (!sent) co_return false;
    }
    co_return true;
  }
  // An untag fires nothing, a back-fill neither, and a manifest without a tag has no tag to point.
  const bool silent = step == ReplicationStep::notify &&
                      (change.kind == ChangeKind::untag || change.backfill);
  const bool nameless = change.tag == TagId::none && change.kind != ChangeKind::remove;
  if (!part.names || silent || nameless) co_return true;
  const bool sent = co_await send_record(target, attempt, step, change.manifest);
  co_return sent;
}

// Leaves at once (a manifest after its bytes) and arrives one latency later, in the order of the connection.
Task<bool> Replication::send_record(Destination& target, Attempt& attempt, ReplicationStep step,
                                    ManifestId manifest) {
  if (step == ReplicationStep::manifest && !attempt.job->change().removes()) {
    TransferRequest request;
    request.from = attempt.job->source;
    request.to = target.region();
    request.bytes = registry_.spec().manifest_size.count;
    request.name = attempt.records.name();
    const TransferOutcome outcome = co_await network_.transfer(request);
    if (outcome == TransferOutcome::broken) co_return false;
  }
  if (!connected(target, *attempt.job)) co_return false;
  ++attempt.job->in_flight;
  const std::uint64_t place =
      combined_hash(combined_hash(attempt.records.name(), static_cast<std::uint64_t>(step)),
                    manifest == ManifestId::none
                        ? 0
                        : registry_.content().manifest(manifest).digest.words[0]);
  if (strikes(simulation_, FaultSite::reordered_delivery, place)) {
    Connection detour{place};
    const Deadline halfway = network_.arrival(detour, attempt.job->source, target.region());
    target.processes.start(deliver_overtaken(target, attempt.job, step, manifest, detour, halfway),
                    event_kind::delivery, entity(target.region()));
    co_return true;
  }
  attempt.job->records.note(Access::write);
  const Deadline arrival =
      network_.arrival(attempt.records, attempt.job->source, target.region());
  target.processes.start(deliver_record(target, attempt.job, step, manifest, arrival),
                  event_kind::delivery, entity(target.region()));
  co_return true;
}

// Where a search lets those behind overtake it, it takes the way of two latencies, outside of the connection's order.
Task<void> Replication::deliver_overtaken(Destination& target, std::shared_ptr<Job> job,
                                          ReplicationStep step, ManifestId manifest,
                                          Connection detour, Deadline halfway) {
  co_await simulation_.until(halfway);
  if (!network_.reachable(job->source, target.region())) {
    --job->in_flight;
    job->lost = true;
    settle(target, job);
    co_return;
  }
  const Deadline arrival = network_.arrival(detour, job->source, target.region());
  co_await deliver_record(target, job, step, manifest, arrival);
}

Task<void> Replication::deliver_record(Destination& target, std::shared_ptr<Job> job,
                                       ReplicationStep step, ManifestId manifest,
                                       Deadline arrival) {
  co_await simulation_.until(arrival);
  --job->in_flight;
  if (is_alive(simulation_, target.replica)) {
    apply(target, *job, step, manifest);
  } else {
    job->lost = true;
  }
  settle(target, job);
}

void Replication::apply(Destination& target, const Job& job, ReplicationStep step,
                        ManifestId manifest) {
  Change change = job.change();
  switch (step) {
    case ReplicationStep::manifest:
      change.manifest = manifest;
      registry_.apply_manifest(target.replica, change, job.invalidates);
      break;
    case ReplicationStep::tag:
      registry_.apply_tag(target.replica, change);
      break;
    case ReplicationStep::invalidate:
      if (strikes(simulation_, FaultSite::lost_invalidation,
                  combined_hash(way_name(change, job.source, target.region()), job.number())))
        break;
      registry_.apply_invalidation(target.replica, change);
      break;
    case ReplicationStep::notify:
      // A webhook that fires once more draws anew.
      if (job.number() > 0) change.identity = combined_hash(change.identity, job.number());
      if (notify_) notify_(target.region(), change);
      break;
    case ReplicationStep::blobs:
      break;
  }
}

Task<bool> Replication::copy_blobs(Destination& target, Attempt& attempt,
                                   const std::vector<ManifestId>& manifests) {
  std::vector<BlobId> blobs;
  for (const ManifestId manifest : manifests)
    for (const BlobId blob : registry_.content().manifest(manifest).blobs)
      if (std::find(blobs.begin(), blobs.end(), blob) == blobs.end()) blobs.push_back(blob);
  if (blobs.empty()) co_return true;
  // Without a round trip between them they follow one another on the connection of the records.
  const bool one_after_another = registry_.spec().replication.round_trips_per_blob == 0;
  TaskGroup<bool> copies{simulation_, one_after_another ? 1 : blobs.size()};
  for (const BlobId blob : blobs) copies.start(copy_blob(target, attempt, blob));
  const std::optional<bool> failure = co_await copies.first_failure();
  co_return !failure;
}

namespace {

/// Marks a blob as being copied until it has left or its copying ends otherwise.
class CopyMark {
 public:
  CopyMark(BlobsUnderWay& copying, Signal& copied, BlobId blob)
      : copying_{copying}, copied_{copied}, blob_{blob} {
    copying_.add(blob);
  }
  ~CopyMark() {
    if (kept_) return;
    copying_.remove(blob_);
    copied_.notify_all();
  }
  CopyMark(const CopyMark&) = delete;
  CopyMark& operator=(const CopyMark&) = delete;

  /// It has left: whoever delivers it takes the mark away.
  void keep() { kept_ = true; }

 private:
  BlobsUnderWay& copying_;
  Signal& copied_;
  BlobId blob_;
  bool kept_ = false;
};

}  // namespace

Task<std::optional<bool>> Replication::copy_blob(Destination& target, Attempt& attempt,
                                                 BlobId blob) {
  const std::optional<bool> failure = true;
  const std::int64_t bytes = registry_.content().blob(blob).bytes;
  const bool in_line = registry_.spec().replication.round_trips_per_blob == 0;
  const std::uint64_t name =
      combined_hash(attempt.records.name(), registry_.content().blob(blob).digest.words[0]);
  Connection own{name};
  Connection& connection = in_line ? attempt.records : own;
  Resource::Slot stream = co_await target.streams.acquire();
  const bool missing = co_await lacks(target, attempt, connection, blob);
  if (!connected(target, *attempt.job)) co_return failure;
  if (!missing) co_return std::nullopt;
  if (target.copying.contains(blob)) {
    // Somebody else is copying the same content: wait for that, without holding a stream.
    stream.release();
    const bool arrived = co_await wait_for_other_copy(target, blob);
    if (arrived) co_return std::nullopt;
    stream = co_await target.streams.acquire();
  }
  CopyMark mark{target.copying, target.copied, blob};
  TransferRequest request;
  request.from = attempt.job->source;
  request.to = target.region();
  request.bytes = bytes;
  request.name = name;
  const TransferOutcome outcome = co_await network_.transfer(request);
  if (outcome == TransferOutcome::broken || !connected(target, *attempt.job)) co_return failure;
  if (in_line) attempt.job->records.note(Access::write);
  const Deadline arrival = network_.arrival(connection, attempt.job->source, target.region());
  mark.keep();
  ++attempt.job->in_flight;
  target.processes.start(deliver_blob(target, attempt.job, blob, arrival), event_kind::delivery,
                  entity(target.region()));
  if (strikes(simulation_, FaultSite::replication_crash, name)) co_return failure;
  co_return std::nullopt;
}

// Asks the destination whether it lacks the blob; the first round trip asks, further ones prepare the upload.
Task<bool> Replication::lacks(Destination& target, Attempt& attempt, Connection& connection,
                              BlobId blob) {
  const std::int64_t round_trips = registry_.spec().replication.round_trips_per_blob;
  bool missing = true;
  if (round_trips == 0) missing = !target.replica.storage.has_blob(blob);
  for (std::int64_t i = 0; i < round_trips; ++i) {
    if (!connected(target, *attempt.job)) co_return true;
    co_await simulation_.until(
        network_.arrival(connection, attempt.job->source, target.region()));
    if (!connected(target, *attempt.job)) co_return true;
    if (i == 0) missing = !target.replica.storage.has_blob(blob);
    co_await simulation_.until(
        network_.arrival(connection, target.region(), attempt.job->source));
  }
  co_return missing;
}

Task<bool> Replication::wait_for_other_copy(Destination& target, BlobId blob) {
  while (!target.replica.storage.has_blob(blob)) {
    if (!target.copying.contains(blob)) co_return false;
    co_await target.copied.wait();
  }
  co_return true;
}

Task<void> Replication::deliver_blob(Destination& target, std::shared_ptr<Job> job, BlobId blob,
                                     Deadline arrival) {
  co_await simulation_.until(arrival);
  --job->in_flight;
  if (is_alive(simulation_, target.replica)) {
    target.replica.storage.store_blob(blob);
    job->copied.push_back(blob);
  } else {
    job->lost = true;
  }
  target.copying.remove(blob);
  target.copied.notify_all();
  settle(target, job);
}

}  // namespace georep
