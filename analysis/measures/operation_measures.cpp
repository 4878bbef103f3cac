// What hosts see: how long pushes and pulls take, what fails, how fast manifests are answered, and how old the answers are.
#include "analysis/measures/recorders.hpp"

namespace georep {

namespace {

class OperationRecorder final : public MeasureRecorder {
 public:
  OperationRecorder(World& world, MeasureStore& store, const MeasureSet& asked)
      : MeasureRecorder{world, store} {
    const bool pushes = asks_for(asked, Measure::push_duration);
    const bool pulls = asks_for(asked, Measure::pull_duration);
    if (pushes || pulls)
      world.facts().subscribe<OperationEnded>([this, pushes, pulls](const OperationEnded& fact) {
        if (fact.error) return;
        const bool push = fact.kind == OperationKind::push;
        if (!(push ? pushes : pulls && fact.kind == OperationKind::pull)) return;
        add_duration(push ? Measure::push_duration : Measure::pull_duration, Labels{fact.replica, fact.tag},
                     fact.started, now());
      });
    if (asks_for(asked, Measure::errors))
      world.facts().subscribe<AttemptFailed>([this](const AttemptFailed& fact) {
        if (counts())
          store_.add(Measure::errors, Labels{fact.replica, fact.tag, LinkId::none, fact.code}, 1);
      });
  }
};

class AnswerRecorder final : public MeasureRecorder {
 public:
  AnswerRecorder(SharedObservers& shared, MeasureStore& store, const MeasureSet& asked)
      : MeasureRecorder{shared.world(), store} {
    if (asks_for(asked, Measure::manifest_latency))
      world_.facts().subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) {
        add_duration(Measure::manifest_latency, Labels{fact.replica, fact.tag}, fact.requested, now());
      });
    if (!asks_for(asked, Measure::staleness)) return;
    History& history = shared.history();
    world_.facts().subscribe<ManifestAnswered>([this, &history](const ManifestAnswered& fact) {
      if (fact.tag == TagId::none || fact.error || !counts()) return;
      const std::optional<Deadline> since =
          history.superseded(fact.tag, fact.commit, fact.manifest, fact.formed);
      if (since) store_.add_duration(Measure::staleness, Labels{fact.replica, fact.tag}, *since, fact.formed);
    });
  }
};

class WebhookRecorder final : public MeasureRecorder {
 public:
  WebhookRecorder(World& world, MeasureStore& store, const MeasureSet& asked)
      : MeasureRecorder{world, store} {
    for (const WebhookSpec& webhook : world.plan().spec.webhooks)
      regions_.push_back(*world.plan().region(webhook.region));
    const bool delays = asks_for(asked, Measure::webhook_delay);
    const bool attempts = asks_for(asked, Measure::webhook_attempts);
    if (delays) world.facts().subscribe<WebhookFired>([this](const WebhookFired&) { fired_.push_back(now()); });
    world.facts().subscribe<WebhookEnded>([this, delays, attempts](const WebhookEnded& fact) {
      const Labels labels{regions_[fact.webhook], fact.tag};
      if (delays) add_duration(Measure::webhook_delay, labels, fired_[fact.event - 1], now());
      if (attempts && counts())
        store_.add(Measure::webhook_attempts, labels, static_cast<double>(fact.attempts));
    });
  }

  void reset() override { fired_.clear(); }

 private:
  std::vector<RegionId> regions_;
  std::vector<Deadline> fired_;  // by event, which are numbered from 1 in the order of firing
};

}  // namespace

std::unique_ptr<MeasureRecorder> record_operations(World& world, MeasureStore& store,
                                            const MeasureSet& asked) {
  return std::make_unique<OperationRecorder>(world, store, asked);
}
std::unique_ptr<MeasureRecorder> record_answers(SharedObservers& shared, MeasureStore& store,
                                         const MeasureSet& asked) {
  return std::make_unique<AnswerRecorder>(shared, store, asked);
}
std::unique_ptr<MeasureRecorder> record_webhooks(World& world, MeasureStore& store,
                                          const MeasureSet& asked) {
  return std::make_unique<WebhookRecorder>(world, store, asked);
}

std::vector<std::unique_ptr<MeasureRecorder>> make_recorders(SharedObservers& shared, MeasureStore& store,
                                                      const MeasureSet& asked) {
  World& world = shared.world();
  std::vector<std::unique_ptr<MeasureRecorder>> result;
  const auto any_of = [&asked](std::initializer_list<Measure> measures) {
    for (const Measure measure : measures)
      if (asks_for(asked, measure)) return true;
    return false;
  };
  using enum Measure;
  if (any_of({push_duration, pull_duration, errors}))
    result.push_back(record_operations(world, store, asked));
  if (any_of({manifest_latency, staleness}))
    result.push_back(record_answers(shared, store, asked));
  if (any_of({replication_lag, manifest_lag, visible_lag}))
    result.push_back(record_lags(shared, store, asked));
  if (any_of({cache_hit_ratio, cache_requests}))
    result.push_back(record_cache(world, store, asked, CacheTier::manifest_cache));
  if (any_of({parent_cache_hit_ratio, parent_cache_requests}))
    result.push_back(record_cache(world, store, asked, CacheTier::parent_cache));
  if (any_of({storage_requests, storage_wait, storage_utilization}))
    result.push_back(record_storage(world, store, asked));
  if (any_of({link_bytes, link_utilization, egress_bytes, egress_cost}))
    result.push_back(record_network(world, store, asked));
  if (any_of({webhook_delay, webhook_attempts}))
    result.push_back(record_webhooks(world, store, asked));
  if (any_of({version_skew})) result.push_back(record_version_skew(world, store));
  if (any_of({queue_depth})) result.push_back(record_queues(world, store));
  return result;
}

}  // namespace georep
