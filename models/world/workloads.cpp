// Work that repeats: who does it, and when.
#include <algorithm>

#include "models/facts/event_kinds.hpp"
#include "models/registry/replication.hpp"
#include "models/workload/arrivals.hpp"
#include "models/workload/pushed_images.hpp"
#include "models/world/world.hpp"

namespace georep {

void World::start_workloads() {
  for (std::size_t i = 0; i < plan_.spec.workloads.size(); ++i)
    processes_.start(run_workload(i), event_kind::workload);
}

Task<void> World::run_workload(std::size_t workload) {
  const WorkloadSpec& spec = plan_.spec.workloads[workload];
  const std::uint64_t name = name_hash(plan_.workloads[workload].name);
  if (const auto* poll = std::get_if<PollSpec>(&spec.work)) {
    if (spec.from > Duration{}) co_await simulation_.delay(spec.from);
    co_await poll_on_schedule(spec, *poll, name);
  } else if (const auto* pulls = std::get_if<PullsSpec>(&spec.work)) {
    co_await pull_on_arrival(spec, *pulls, plan_.catalogs[plan_.workloads[workload].catalog], name);
  } else if (const auto* pushes = std::get_if<PushesSpec>(&spec.work)) {
    co_await push_on_arrival(spec, *pushes, plan_.workloads[workload].name);
  } else if (const auto* trace = std::get_if<TraceSpec>(&spec.work)) {
    if (trace->recording != nullptr) co_await replay(spec, *trace, plan_.workloads[workload]);
  }
}

// One of the group's machines, drawn evenly.
Host& World::drawn_host(const WorkloadSpec& spec, Draw& draw) {
  const auto [first, count] = plan_.groups.at(spec.on);
  return hosts_[first + draw.uniform_below(count)];
}

Task<void> World::pull_on_arrival(const WorkloadSpec& spec, const PullsSpec& pulls,
                                  const Catalog& catalog, std::uint64_t name) {
  Arrivals arrivals{pulls.arrivals, name, spec.from};
  for (std::uint64_t number = 0;; ++number) {
    const std::optional<Instant> at = arrivals.next(simulation_.chance());
    if (!at || (spec.until && at->since_start() >= *spec.until)) co_return;
    co_await simulation_.until(*at);
    Draw draw = simulation_.chance().draw(name, Purpose::selection, number);
    const StoredImage& image = catalog.images[catalog.popularity.rank(draw.uniform())];
    const Work work{OperationKind::pull, image.tag, ManifestId::none, combined_hash(name, number)};
    Host& host = drawn_host(spec, draw);
    processes_.start(work_until_done(host, work, pulls.retry), event_kind::operation,
                     entity(host.id));
  }
}

Task<void> World::push_on_arrival(const WorkloadSpec& spec, const PushesSpec& pushes,
                                  const std::string& name) {
  const std::uint64_t key = name_hash(name);
  Arrivals arrivals{pushes.arrivals, key, spec.from};
  PushedImages images{pushes, name, settings_.registry.config_size.count};
  for (std::uint64_t number = 0;; ++number) {
    const std::optional<Instant> at = arrivals.next(simulation_.chance());
    if (!at || (spec.until && at->since_start() >= *spec.until)) co_return;
    co_await simulation_.until(*at);
    Draw draw = simulation_.chance().draw(key, Purpose::selection, number);
    const PushedImages::Push push = images.next(simulation_.chance(), content_, names_);
    const Work work{OperationKind::push, push.tag, push.manifest, combined_hash(key, number)};
    Host& host = drawn_host(spec, draw);
    processes_.start(work_until_done(host, work, pushes.retry), event_kind::operation,
                     entity(host.id));
  }
}

// All attempts of one operation of a workload.
Task<void> World::work_until_done(Host& host, Work work, const RetrySpec& retry) {
  const Deadline started = simulation_.deadline(Duration{});
  facts_.tell([&] {
    return OperationStarted{started.at, OperationId::none, work.kind, host.id, work.tag};
  });
  const Reference reference{names_.repository_of(work.tag), work.tag, ManifestId::none};
  for (std::uint32_t attempts = 1;; ++attempts) {
    Session session{simulation_, routing_, settings_.routing,
                    host,        work.kind, work.tag,
                    combined_hash(work.identity, attempts)};
    Outcome outcome;
    if (work.kind == OperationKind::pull) {
      outcome = co_await client_.pull(session, reference);
    } else {
      outcome = co_await client_.push(session, work.tag, work.manifest);
    }
    std::optional<Duration> wait;
    if (!outcome) {
      facts_.tell([&] {
        return AttemptFailed{simulation_.now(), OperationId::none,      work.kind, host.id,
                             session.last_replica(), work.tag, outcome.error().code};
      });
      wait = retry_wait(retry, attempts);
    }
    if (wait) {
      co_await simulation_.delay(std::max(*wait, outcome.error().retry_after));
      continue;
    }
    simulation_.outcome(outcome ? content_.manifest(*outcome).digest.words[0]
                                : static_cast<std::uint64_t>(outcome.error().code) + 1);
    facts_.tell([&] {
      return OperationEnded{simulation_.now(),
                            started,
                            OperationId::none,
                            work.kind,
                            host.id,
                            session.last_replica(),
                            work.tag,
                            attempts,
                            outcome ? std::nullopt : std::optional{outcome.error().code},
                            outcome ? *outcome : ManifestId::none};
    });
    co_return;
  }
}

}  // namespace georep
