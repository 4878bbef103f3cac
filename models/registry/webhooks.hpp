// Webhooks: what a replica tells the world outside when a push or a deletion has arrived in it, and what becomes of each delivery.
// Sources: Azure Container Registry, "Using webhooks" and "Webhook reference" (one replica's events, a scope, no retry);
// CNCF distribution, notifications/endpoint.go, and docker/go-events, retry.go (an unbounded queue behind a breaker).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/registry/registry.hpp"

namespace georep {

/// An event and its delivery to a webhook's receiver.
struct Delivery {
  std::uint32_t webhook = 0;  ///< index into the scenario's webhooks
  std::uint64_t event = 0;    ///< its id: from 1, in the order of firing
  ChangeKind action = ChangeKind::push;  ///< push or remove
  CommitId commit = CommitId::none;      ///< the change that it tells of
  std::uint64_t identity = 0;            ///< that change's stable number
  RepositoryId repository = RepositoryId::none;
  TagId tag = TagId::none;  ///< none for a deletion
  ManifestId manifest = ManifestId::none;
  Instant fired_at;
  std::uint32_t attempts = 0;
  int status = 0;  ///< of the last attempt, as HTTP has it; 504: no answer in time; 0: none was made
  std::optional<Instant> ended_at;  ///< empty while it is under way
};

/// Whether a webhook's scope takes in an event: empty is everything; `repo:*` every tag of a repository and its deletions;
/// `repo:tag` one tag; `repo` is `repo:latest`. `tag` is empty for a deletion.
bool in_scope(std::string_view scope, std::string_view repository, std::string_view tag);

/// The text of an event's action: `push` or `delete`.
std::string_view text_of_action(ChangeKind action);

class Webhooks {
 public:
  /// `specs` are those of the scenario; the settings of one may change during a run, their number does not.
  Webhooks(Simulation& simulation, FactBus& facts, Registry& registry,
           const std::vector<WebhookSpec>& specs);
  ~Webhooks();

  /// Nothing fired yet, nothing down. `regions`: where each webhook's replica is.
  void reset(std::vector<RegionId> regions);

  /// A change has arrived in the replica of a region, pushed there or replicated: its webhooks fire. An untag fires nothing.
  void fire(RegionId region, const Change& change);

  /// While a webhook is down its receiver hears nothing and answers nothing: attempts end with status 504 at their timeout.
  void fail(std::uint32_t webhook);
  void restore(std::uint32_t webhook);

  /// A replica crashed: the events that wait in the memory of its `distribution` notifiers are lost.
  void interrupt(RegionId region);

  /// Every delivery of this run, in the order of firing.
  const std::vector<Delivery>& deliveries() const { return deliveries_; }

  /// Called when a delivery has ended, well or not.
  void on_ended(std::function<void(const Delivery&)> listener) { ended_ = std::move(listener); }

  /// Whether the receiver took the event.
  static bool delivered(const Delivery& delivery) {
    return delivery.status >= 200 && delivery.status < 400;
  }

 private:
  struct Notifier;

  Task<void> deliver(std::size_t delivery);
  Task<void> drain(Notifier& notifier);
  Task<int> attempt(std::size_t delivery);
  void end(std::size_t delivery);

  Simulation& simulation_;
  FactBus& facts_;
  Registry& registry_;
  const std::vector<WebhookSpec>& specs_;
  std::vector<std::unique_ptr<Notifier>> notifiers_;  // one for each webhook
  std::vector<Delivery> deliveries_;
  std::function<void(const Delivery&)> ended_;
  ProcessScope processes_;
};

}  // namespace georep
