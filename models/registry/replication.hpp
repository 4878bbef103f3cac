// Geo-replication: each change that a replica accepts is copied to the others, in the stages of `order`. Records travel on one ordered
// connection and wait for no acknowledgement; blobs are copied a few at a time. A copy that fails is tried again.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "models/registry/registry.hpp"
#include "models/registry/replication_policy.hpp"

namespace georep {

class Replication {
 public:
  Replication(Simulation& simulation, FactBus& facts, Network& network, Registry& registry);
  ~Replication();

  /// Which replicas each one sends to, and whether they pass on what they receive.
  struct Routes {
    std::vector<std::vector<RegionId>> next;  ///< by sending region's index
    bool forward = false;
  };

  /// Forgets all that was under way and takes new routes, for the next run or after a change of members.
  void reset(Routes routes);
  void set_routes(Routes routes) { routes_ = std::move(routes); }
  /// Takes new routes in place of old ones: a change that replicas pass on goes on over the new ones from every replica that has it, where its way
  /// has not led to yet.
  void reroute(Routes routes);
  void settings_changed();

  /// Starts copying a change from the replica that accepted it.
  void publish(const Change& change);

  /// Copies what `source` holds to `destination`: a new replica's back-fill. Calls `done` when it is there.
  void copy(const Change& change, RegionId source, RegionId destination,
            std::function<void()> done);

  /// A replica is removed: copies to it that have begun fail, and what else was on its way to it is dropped. What was pushed to it is still copied
  /// from it.
  void abandon(RegionId destination);

  /// A replica crashed: copies under way from and to it fail now.
  void interrupt(RegionId region);

  /// The copying to a destination stops or goes on (a fault of its replication agent). Copies under way fail.
  void pause(RegionId destination);
  void resume(RegionId destination);

  /// Called when the `notify` step of a change runs at a replica.
  void on_notify(std::function<void(RegionId, const Change&)> listener) {
    notify_ = std::move(listener);
  }
  /// Called when a change has been applied at a destination to its last record.
  void on_done(std::function<void(RegionId, const Change&)> listener) { done_ = std::move(listener); }

  /// Whether no change is on its way or waits, retries included.
  bool idle() const;
  /// Changes waiting for a destination.
  std::size_t waiting(RegionId destination) const;

 private:
  struct Journey;
  struct Job;
  struct Attempt;
  struct Destination;
  struct Part;

  Destination& destination(RegionId region);
  void send_on(const std::shared_ptr<Journey>& journey, RegionId source);
  Task<void> begin(std::shared_ptr<Journey> journey, RegionId source, RegionId target);
  void enqueue(Destination& target, std::shared_ptr<Job> job);
  void start_waiting(Destination& target);
  Task<void> run(Destination& target, Attempt& attempt);
  Task<bool> run_stages(Destination& target, Attempt& attempt);
  Task<bool> run_order(Destination& target, Attempt& attempt, const Part& part,
                       const std::vector<ReplicationStage>& order);
  Task<std::optional<bool>> run_step(Destination& target, Attempt& attempt, const Part& part,
                                     ReplicationStep step);
  Task<bool> send_records(Destination& target, Attempt& attempt, const Part& part,
                          ReplicationStep step);
  Task<bool> send_record(Destination& target, Attempt& attempt, ReplicationStep step,
                         ManifestId manifest);
  Task<bool> copy_blobs(Destination& target, Attempt& attempt,
                        const std::vector<ManifestId>& manifests);
  Task<std::optional<bool>> copy_blob(Destination& target, Attempt& attempt, BlobId blob);
  Task<bool> lacks(Destination& target, Attempt& attempt, Connection& connection, BlobId blob);
  Task<bool> wait_for_other_copy(Destination& target, BlobId blob);
  Task<void> deliver_record(Destination& target, std::shared_ptr<Job> job, ReplicationStep step,
                            ManifestId manifest, Deadline arrival);
  Task<void> deliver_overtaken(Destination& target, std::shared_ptr<Job> job, ReplicationStep step,
                               ManifestId manifest, Connection detour, Deadline halfway);
  Task<void> deliver_blob(Destination& target, std::shared_ptr<Job> job, BlobId blob,
                          Deadline arrival);
  void apply(Destination& target, const Job& job, ReplicationStep step, ManifestId manifest);
  void settle(Destination& target, const std::shared_ptr<Job>& job);
  void repeat(Destination& target, const std::shared_ptr<Job>& job);
  void tell_failed(const Destination& target, const Job& job);
  void failed(Destination& target, const std::shared_ptr<Job>& job);
  void discard_copied(Destination& target, Job& job);
  Task<void> retry_later(Destination& target, std::shared_ptr<Job> job, Duration wait);
  void take_policy();
  std::vector<ReplicationStage> order_of(const Destination& target, const Job& job);
  bool connected(const Destination& target, const Job& job);
  std::uint64_t way_name(const Change& change, RegionId source, RegionId target);
  std::vector<Part> parts_of(const Change& change) const;

  Simulation& simulation_;
  FactBus& facts_;
  Network& network_;
  Registry& registry_;
  Routes routes_;
  std::list<Journey*> journeys_;  // under way, in the order of their beginnings
  std::vector<std::unique_ptr<Destination>> destinations_;  // by region
  std::string policy_name_;
  std::unique_ptr<ReplicationPolicy> policy_;
  std::function<void(RegionId, const Change&)> notify_;
  std::function<void(RegionId, const Change&)> done_;
};

/// How long to wait after the k-th failure (k from 1), or nothing when no attempt is left.
/// The k-th wait is min(first · factor^(k−1), most), or the k-th of `waits`.
std::optional<Duration> retry_wait(const RetrySpec& spec, std::uint32_t failures);

}  // namespace georep
