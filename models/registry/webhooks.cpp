#include "models/registry/webhooks.hpp"

#include <algorithm>

#include "models/facts/choice_sites.hpp"
#include "models/facts/event_kinds.hpp"
#include "models/registry/replication.hpp"
#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

constexpr int status_ok = 200;
constexpr int status_failed = 500;
constexpr int status_timeout = 504;

}  // namespace

struct Webhooks::Notifier {
  explicit Notifier(Simulation& simulation) : scope{simulation} {}
  SharedObject queue_object() const { return shared::object(shared::Kind::webhook_queue, region, name); }

  std::uint64_t name = 0;  // a stable hash, the key of its draws
  RegionId region = RegionId::none;
  bool down = false;
  std::deque<std::size_t> queue;     // of kind distribution: deliveries in order, the first under way
  std::int64_t failures_in_a_row = 0;
  ProcessScope scope;                // of kind distribution: what empties the queue
};

bool in_scope(std::string_view scope, std::string_view repository, std::string_view tag) {
  if (scope.empty()) return true;
  // A repository's name holds no colon, so the last one stands before the tag.
  const std::size_t colon = scope.rfind(':');
  if (scope.substr(0, colon) != repository) return false;
  const std::string_view wanted =
      colon == std::string_view::npos ? std::string_view{"latest"} : scope.substr(colon + 1);
  return wanted == "*" || (!tag.empty() && wanted == tag);
}

std::string_view text_of_action(ChangeKind action) {
  return action == ChangeKind::remove ? "delete" : "push";
}

Webhooks::Webhooks(Simulation& simulation, FactBus& facts, Registry& registry,
                   const std::vector<WebhookSpec>& specs)
    : simulation_{simulation},
      facts_{facts},
      registry_{registry},
      specs_{specs},
      processes_{simulation} {}

Webhooks::~Webhooks() = default;

void Webhooks::reset(std::vector<RegionId> regions) {
  processes_.clear();
  notifiers_.clear();
  deliveries_.clear();
  for (std::size_t i = 0; i < regions.size(); ++i) {
    notifiers_.push_back(std::make_unique<Notifier>(simulation_));
    notifiers_.back()->name = name_hash(specs_[i].name);
    notifiers_.back()->region = regions[i];
  }
}

void Webhooks::fire(RegionId region, const Change& change) {
  if (change.kind == ChangeKind::untag) return;
  const bool removal = change.kind == ChangeKind::remove;
  const Names& names = registry_.names();
  const std::string_view repository = names.repository_name(change.repository);
  const std::string_view tag = removal ? std::string_view{} : names.tag_name(change.tag);
  for (std::uint32_t i = 0; i < notifiers_.size(); ++i) {
    const WebhookSpec& spec = specs_[i];
    Notifier& notifier = *notifiers_[i];
    if (notifier.region != region || !(removal ? spec.on_delete : spec.on_push) ||
        !in_scope(spec.scope, repository, tag))
      continue;
    Delivery delivery;
    delivery.webhook = i;
    delivery.event = deliveries_.size() + 1;
    delivery.action = removal ? ChangeKind::remove : ChangeKind::push;
    delivery.commit = change.commit;
    delivery.identity = change.identity;
    delivery.repository = change.repository;
    delivery.tag = removal ? TagId::none : change.tag;
    delivery.manifest = change.manifest;
    delivery.fired_at = simulation_.now();
    deliveries_.push_back(delivery);
    facts_.tell([&] {
      return WebhookFired{delivery.fired_at, i,            delivery.event,   delivery.action,
                          delivery.commit,   delivery.tag, delivery.manifest};
    });
    const std::size_t number = deliveries_.size() - 1;
    if (spec.kind == WebhookKind::acr) {
      processes_.start(deliver(number), event_kind::webhook, entity(region));
    } else {
      simulation_.note_write(notifier.queue_object());
      notifier.queue.push_back(number);
      if (notifier.queue.size() == 1)
        notifier.scope.start(drain(notifier), event_kind::webhook, entity(region));
    }
  }
}

// A single attempt, or as many as `retry` grants.
Task<void> Webhooks::deliver(std::size_t delivery) {
  const WebhookSpec& spec = specs_[deliveries_[delivery].webhook];
  while (true) {
    const int status = co_await attempt(delivery);
    if (status < 400) break;
    const std::optional<Duration> wait = retry_wait(spec.retry, deliveries_[delivery].attempts);
    if (!wait) break;
    co_await simulation_.delay(*wait);
  }
  end(delivery);
}

// One event at a time, in order, each until it is taken. A failure is followed by the next attempt at once, until so many in a row
// have failed that the breaker opens: from then on each waits for `backoff` after the failure.
Task<void> Webhooks::drain(Notifier& notifier) {
  simulation_.note_write(notifier.queue_object());
  while (!notifier.queue.empty()) {
    const std::size_t delivery = notifier.queue.front();
    const WebhookSpec& spec = specs_[deliveries_[delivery].webhook];
    const int status = co_await attempt(delivery);
    if (status < 400) {
      notifier.failures_in_a_row = 0;
      simulation_.note_write(notifier.queue_object());
      notifier.queue.pop_front();
      end(delivery);
      continue;
    }
    if (++notifier.failures_in_a_row >= spec.threshold) co_await simulation_.delay(spec.backoff);
  }
}

Task<int> Webhooks::attempt(std::size_t number) {
  const std::uint32_t webhook = deliveries_[number].webhook;
  const WebhookSpec& spec = specs_[webhook];
  const Notifier& notifier = *notifiers_[webhook];
  const std::uint32_t attempts = ++deliveries_[number].attempts;
  // The key is the change and not the event's number, which would shift with every other webhook's events.
  const std::uint64_t name =
      combined_hash(combined_hash(notifier.name, deliveries_[number].identity), attempts);
  Draw draw = simulation_.chance().draw(name, Purpose::webhook, 0);
  const bool fails = draw.bernoulli(spec.receiver.failure.value);
  const Duration answers_after = simulation_.draw_delay(spec.receiver.answers_after, draw);
  const Deadline gives_up = simulation_.deadline(spec.timeout);
  const Deadline answers = simulation_.deadline(answers_after);
  int status = status_timeout;
  const bool lost = strikes(simulation_, FaultSite::lost_webhook, name);
  if (!lost && !notifier.down && simulation_.before(answers, gives_up)) {
    if (answers_after > Duration{}) co_await simulation_.until(answers);
    if (!notifier.down) status = fails ? status_failed : status_ok;
  }
  if (status == status_timeout) co_await simulation_.until(gives_up);
  deliveries_[number].status = status;
  simulation_.outcome(deliveries_[number].event << 16 | static_cast<std::uint64_t>(status));
  co_return status;
}

void Webhooks::end(std::size_t number) {
  deliveries_[number].ended_at = simulation_.now();
  const Delivery ended = deliveries_[number];
  facts_.tell([&] {
    return WebhookEnded{simulation_.now(), ended.fired_at, ended.webhook,  ended.event,
                        ended.action,      ended.commit,   ended.tag,      ended.manifest,
                        ended.attempts,    ended.status};
  });
  if (ended_) ended_(ended);
}

void Webhooks::fail(std::uint32_t webhook) { notifiers_[webhook]->down = true; }

void Webhooks::restore(std::uint32_t webhook) { notifiers_[webhook]->down = false; }

void Webhooks::interrupt(RegionId region) {
  for (std::uint32_t i = 0; i < notifiers_.size(); ++i) {
    Notifier& notifier = *notifiers_[i];
    if (notifier.region != region) continue;
    simulation_.note_write(notifier.queue_object());
    notifier.scope.clear();
    notifier.failures_in_a_row = 0;
    const std::deque<std::size_t> lost = std::move(notifier.queue);
    notifier.queue.clear();
    for (const std::size_t number : lost) {
      deliveries_[number].status = 0;
      end(number);
    }
  }
}

}  // namespace georep
