// The queue of each destination: which changes are copied when, and what becomes of a copy that fails.
#include "models/registry/replication.hpp"

#include <algorithm>

#include "models/facts/choice_sites.hpp"
#include "models/facts/event_kinds.hpp"
#include "models/registry/replication_job.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

SharedObject queue_of(RegionId destination) {
  return shared::object(shared::Kind::replication_queue, destination, 0);
}

}  // namespace

std::optional<Duration> retry_wait(const RetrySpec& spec, std::uint32_t failures) {
  if (!spec.waits.empty())
    return failures <= spec.waits.size() ? std::optional{spec.waits[failures - 1]} : std::nullopt;
  if (spec.attempts && failures >= static_cast<std::uint64_t>(*spec.attempts)) return std::nullopt;
  // Repeated multiplication, not pow: the same on every processor. It stops at the cap, so it is short. Rounded up.
  double wait = static_cast<double>(spec.first.count());
  const double most = static_cast<double>(spec.most.count());
  for (std::uint32_t k = 1; k < failures && wait < most && spec.factor > 1.0; ++k)
    wait *= spec.factor;
  if (wait >= most) return spec.most;
  return Duration::from_nanoseconds(wait);
}

Replication::Replication(Simulation& simulation, FactBus& facts, Network& network,
                         Registry& registry)
    : simulation_{simulation},
      facts_{facts},
      network_{network},
      registry_{registry} {}

Replication::~Replication() = default;

void Replication::reset(Routes routes) {
  destinations_.clear();
  routes_ = std::move(routes);
  take_policy();
  policy_->reset();
}

void Replication::take_policy() {
  const std::string& name = registry_.spec().replication.policy;
  if (policy_name_ == name) return;
  policy_name_ = name;
  policy_ = make_replication_policy(name);
  GEOREP_ASSERT(policy_ != nullptr, "a scenario's replication policy was found when it was read");
}

void Replication::settings_changed() {
  take_policy();
  for (const auto& target : destinations_) {
    if (target == nullptr) continue;
    target->streams.resize(static_cast<std::size_t>(registry_.spec().replication.streams));
    start_waiting(*target);
  }
}

Replication::Destination& Replication::destination(RegionId region) {
  if (index(region) >= destinations_.size()) destinations_.resize(index(region) + 1);
  auto& place = destinations_[index(region)];
  if (place == nullptr) {
    Replica* replica = registry_.replica(region);
    GEOREP_ASSERT(replica != nullptr, "changes are copied to replicas only");
    place = std::make_unique<Destination>(
        simulation_, *replica, static_cast<std::size_t>(registry_.spec().replication.streams));
  }
  return *place;
}

// A stable number of a change's way from one replica to another.
std::uint64_t Replication::way_name(const Change& change, RegionId source, RegionId target) {
  return combined_hash(combined_hash(change.identity, registry_.replica(source)->name),
                       registry_.replica(target)->name);
}

std::size_t Replication::waiting(RegionId region) const {
  if (index(region) >= destinations_.size() || destinations_[index(region)] == nullptr) return 0;
  return destinations_[index(region)]->waiting.size();
}

void Replication::publish(const Change& change) {
  auto journey = std::make_shared<Journey>(journeys_, change);
  journey->reached.push_back(change.origin);
  journey->holders.push_back(change.origin);
  send_on(journey, change.origin);
}

void Replication::reroute(Routes routes) {
  const bool passed_on = routes_.forward || routes.forward;
  routes_ = std::move(routes);
  if (!passed_on) return;
  for (Journey* journey : journeys_) {
    if (!journey->forwarded) continue;
    const std::shared_ptr<Journey> kept = journey->shared_from_this();
    for (const RegionId holder : journey->holders) send_on(kept, holder);
  }
}

void Replication::send_on(const std::shared_ptr<Journey>& journey, RegionId source) {
  if (index(source) >= routes_.next.size()) return;
  for (const RegionId target : routes_.next[index(source)]) {
    const Replica* replica = registry_.replica(target);
    if (replica == nullptr || !replica->present) continue;
    if (std::find(journey->reached.begin(), journey->reached.end(), target) !=
        journey->reached.end())
      continue;
    journey->reached.push_back(target);
    Destination& way = destination(target);
    ++way.under_way;
    way.processes.start(begin(journey, source, target), event_kind::replication, entity(target));
  }
}

void Replication::copy(const Change& change, RegionId source, RegionId target,
                       std::function<void()> done) {
  auto journey = std::make_shared<Journey>(journeys_, change);
  journey->forwarded = false;
  journey->reached = {source, target};
  journey->done = std::move(done);
  ++destination(target).under_way;
  enqueue(destination(target), std::make_shared<Job>(journey, source));
}

bool Replication::idle() const {
  return std::all_of(destinations_.begin(), destinations_.end(), [](const auto& target) {
    return target == nullptr || target->under_way == 0;
  });
}

void Replication::abandon(RegionId region) {
  if (index(region) >= destinations_.size() || destinations_[index(region)] == nullptr) return;
  Destination& target = *destinations_[index(region)];
  for (const std::shared_ptr<Job>& job : target.begun) tell_failed(target, *job);
  target.begun.clear();
  for (Journey* journey : journeys_) std::erase(journey->holders, region);
  for (const auto& attempt : target.attempts) {
    attempt->job = nullptr;
    attempt->scope.clear();
  }
  target.processes.clear();
  target.waiting.clear();
  target.copying.clear();
  target.running = 0;
  target.under_way = 0;
}

Task<void> Replication::begin(std::shared_ptr<Journey> journey, RegionId source, RegionId target) {
  const std::uint64_t site = way_name(journey->change, source, target);
  Draw draw = simulation_.chance().draw(site, Purpose::start_delay, 0);
  const Duration nominal =
      simulation_.draw_delay(registry_.spec().replication.start_delay, draw);
  const Deadline starts = simulation_.choose_moment(site, ChoiceKind::start_delay, nominal);
  if (nominal > Duration{} || simulation_.has_chooser()) co_await simulation_.until(starts);
  enqueue(destination(target), std::make_shared<Job>(journey, source));
}

void Replication::enqueue(Destination& target, std::shared_ptr<Job> job) {
  const Job& queued = *job;
  target.waiting.push_back(std::move(job));
  facts_.tell([&] {
    return ReplicationQueued{simulation_.now(), queued.change().commit, queued.source,
                             target.region(), static_cast<std::uint32_t>(target.waiting.size())};
  });
  start_waiting(target);
}

void Replication::start_waiting(Destination& target) {
  simulation_.note_write(queue_of(target.region()));
  const ReplicationSpec& spec = registry_.spec().replication;
  while (!target.paused && !target.waiting.empty() &&
         target.running < static_cast<std::size_t>(spec.concurrency)) {
    std::shared_ptr<Job> job;
    if (spec.queue == QueueDiscipline::newest_first) {
      // The newest by commit, not by arrival in the queue: a retry does not make a change new.
      const auto newest = std::max_element(
          target.waiting.begin(), target.waiting.end(), [](const auto& a, const auto& b) {
            return index(a->change().commit) < index(b->change().commit);
          });
      job = *newest;
      target.waiting.erase(newest);
    } else {
      job = std::move(target.waiting.front());
      target.waiting.pop_front();
    }
    ++target.running;
    target.begun.push_back(job);
    facts_.tell([&] {
      return ReplicationStarted{simulation_.now(), job->change().commit, job->source,
                                target.region(), static_cast<std::uint32_t>(target.waiting.size())};
    });
    Attempt& attempt = target.free_attempt(simulation_, std::move(job));
    attempt.scope.start(run(target, attempt), event_kind::replication, entity(target.region()));
  }
}

Task<void> Replication::run(Destination& target, Attempt& attempt) {
  const bool sent = co_await run_stages(target, attempt);
  simulation_.note_write(queue_of(target.region()));
  const std::shared_ptr<Job> job = std::move(attempt.job);
  attempt.job = nullptr;
  --target.running;
  if (sent) {
    job->all_sent = true;
    settle(target, job);
  } else {
    failed(target, job);
  }
  start_waiting(target);
}

// A job ends when all of it has left and all that left has arrived; it fails if anything was lost on the way.
void Replication::settle(Destination& target, const std::shared_ptr<Job>& job) {
  job->progress.note(Access::write);
  if (!job->all_sent || job->in_flight > 0) return;
  if (job->lost) {
    failed(target, job);
    return;
  }
  --target.under_way;
  std::erase(target.begun, job);
  if (job->repeats) return;
  job->journey->holders.push_back(target.region());
  if (strikes(simulation_, FaultSite::duplicate_delivery,
              way_name(job->change(), job->source, target.region())))
    repeat(target, job);
  facts_.tell([&] {
    return ReplicationDone{simulation_.now(), job->change().commit, job->source, target.region(),
                           job->invalidates};
  });
  if (done_) done_(target.region(), job->change());
  if (job->journey->done) job->journey->done();
  if (routes_.forward && job->journey->forwarded) send_on(job->journey, target.region());
}

// The source never learns that all has arrived, and sends it once more.
void Replication::repeat(Destination& target, const std::shared_ptr<Job>& job) {
  auto again = std::make_shared<Job>(job->journey, job->source);
  again->repeats = true;
  ++target.under_way;
  target.processes.start(retry_later(target, again, registry_.spec().replication.retry.first),
                  event_kind::replication, entity(target.region()));
}

void Replication::tell_failed(const Destination& target, const Job& job) {
  facts_.tell([&] {
    return ReplicationFailed{simulation_.now(), job.change().commit, job.source, target.region()};
  });
}

void Replication::failed(Destination& target, const std::shared_ptr<Job>& job) {
  job->progress.note(Access::write);
  std::erase(target.begun, job);
  tell_failed(target, *job);
  if (!registry_.spec().replication.resume) discard_copied(target, *job);
  const std::uint32_t failures = job->failures + 1;
  const auto wait = retry_wait(registry_.spec().replication.retry, failures);
  if (!wait) {
    --target.under_way;
    return;
  }
  // A new attempt is a new job, so that what is still in flight of this one does not count for it.
  auto again = std::make_shared<Job>(job->journey, job->source);
  again->failures = failures;
  again->copied = job->copied;
  again->repeats = job->repeats;
  target.processes.start(retry_later(target, again, *wait), event_kind::replication,
                  entity(target.region()));
}

Task<void> Replication::retry_later(Destination& target, std::shared_ptr<Job> job, Duration wait) {
  co_await simulation_.delay(wait);
  enqueue(target, std::move(job));
}

// Without resumption the blobs of a copy half done are dropped, unless a manifest that is there or another copy under way needs them.
void Replication::discard_copied(Destination& target, Job& job) {
  simulation_.note_write(queue_of(target.region()));
  const auto needed_by_another = [&](BlobId blob) {
    return std::any_of(target.attempts.begin(), target.attempts.end(), [&](const auto& attempt) {
      if (attempt->job == nullptr || attempt->job.get() == &job) return false;
      const std::vector<BlobId> blobs =
          registry_.content().closure(attempt->job->change().manifest);
      return !attempt->job->change().removes() &&
             std::find(blobs.begin(), blobs.end(), blob) != blobs.end();
    });
  };
  for (const BlobId blob : job.copied) {
    simulation_.note_write(shared::object(shared::Kind::references, target.region(), index(blob)));
    if (!target.replica.storage.referenced(blob) && !needed_by_another(blob))
      target.replica.storage.remove_blob(blob);
  }
  job.copied.clear();
}

void Replication::interrupt(RegionId region) {
  // Where nothing was ever sent to it is no other than where nothing waits.
  for (const auto& replica : registry_.replicas()) simulation_.note_write(queue_of(replica->region));
  for (const auto& target : destinations_) {
    if (target == nullptr) continue;
    for (const auto& attempt : target->attempts) {
      if (attempt->job == nullptr) continue;
      if (target->region() != region && attempt->job->source != region) continue;
      const std::shared_ptr<Job> job = std::move(attempt->job);
      attempt->job = nullptr;
      attempt->scope.clear();
      --target->running;
      failed(*target, job);
    }
    start_waiting(*target);
  }
}

void Replication::pause(RegionId region) {
  Destination& target = destination(region);
  target.paused = true;
  for (const auto& attempt : target.attempts) {
    if (attempt->job == nullptr) continue;
    const std::shared_ptr<Job> job = std::move(attempt->job);
    attempt->job = nullptr;
    attempt->scope.clear();
    --target.running;
    failed(target, job);
  }
}

void Replication::resume(RegionId region) {
  Destination& target = destination(region);
  target.paused = false;
  start_waiting(target);
}

}  // namespace georep
