// The world: all mutable state of one simulated registry and its users, on one simulation. It is reset between runs, not rebuilt.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/clients/client.hpp"
#include "models/clients/cluster.hpp"
#include "models/facts/fact_bus.hpp"
#include "models/network/network.hpp"
#include "models/registry/registry.hpp"
#include "models/registry/replication.hpp"
#include "models/registry/webhooks.hpp"
#include "models/routing/traffic_manager.hpp"
#include "models/world/operations.hpp"
#include "models/world/plan.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

class World {
 public:
  /// The plan must outlive the world.
  explicit World(const Plan& plan);
  ~World();

  /// The state before the first event, under another seed or another run of it. Subscriptions stay.
  void reset(std::uint64_t seed, std::uint64_t run);

  /// Runs to the end that the scenario states, or to `until` if that is earlier. A scenario that states none, and whose work has not
  /// ended ten simulated years (with many nodes less) after the last moment that it names, is cut off there: `RunEnd::horizon`.
  RunEnd run(std::optional<Instant> until = std::nullopt);

  /// Another time than these ten years.
  void give_up_after(Duration patience) { patience_ = patience; }

  /// Called before settings, or what links are like, change in mid-run; in all runs.
  void before_change(std::function<void()> listener) { change_listeners_.push_back(std::move(listener)); }

  /// Keeps a run alive until that instant, because somebody wants to know how things stand then.
  void keep_alive_until(Instant instant);

  Simulation& simulation() { return simulation_; }
  const Simulation& simulation() const { return simulation_; }
  FactBus& facts() { return facts_; }
  const Plan& plan() const { return plan_; }
  const std::vector<OperationRecord>& operations() const { return operations_; }
  /// Every event that a webhook fired, in order, and what became of it.
  const std::vector<Delivery>& deliveries() const { return webhooks_.deliveries(); }
  const Content& content() const { return content_; }
  const Names& names() const { return names_; }
  const std::vector<Host>& hosts() const { return hosts_; }
  Network& network() { return network_; }
  Registry& registry() { return registry_; }
  const Clusters& clusters() const { return clusters_; }
  /// The settings in force now: the spec, changed by what `set` did.
  const WorldSpec& settings() const { return settings_; }

 private:
  void connect();
  Instant last_named_moment() const;
  void preload();
  void preload_recorded();
  std::vector<Registry::Member> members();
  std::vector<RegionId> webhook_regions() const;

  OperationRecord blank(const OperationPlan& planned) const;
  void start_timeline();
  Task<void> run_entry(std::size_t entry);
  bool operations_over(const std::string& name) const;
  void perform(std::size_t entry, std::int64_t repetition);
  Task<void> run_operation(std::size_t operation);
  Task<Outcome> attempt(Session& session, const Action& action, std::int64_t repetition);
  void end_operation(std::size_t operation, TagId tag, const Deadline& started);

  Task<void> run_fault(const FaultTarget& target, std::optional<Duration> lasts);
  Task<void> run_degradation(const DegradeAction& action);
  void degrade(const DegradeAction& action);
  void strike(const FaultTarget& target, bool begins);
  void strike_webhook(const std::string& name, bool begins);
  void strike_replica(const std::string& region, bool begins);
  void tell_of_change();
  void change_settings(const SetAction& action);
  void change_network();
  void change_hosts();
  void add_replica(const AddReplicaAction& action);
  void back_fill(Replica& added, const AddReplicaAction& action);
  void remove_replica(const RemoveReplicaAction& action);
  void set_routed(Replica& replica, bool routed);

  void start_workloads();
  Task<void> run_workload(std::size_t workload);
  Task<void> poll_on_schedule(const WorkloadSpec& spec, const PollSpec& poll, std::uint64_t name);
  /// A push or a pull of a workload.
  struct Work {
    Work(OperationKind done, TagId named, ManifestId pushed, std::uint64_t number)
        : kind{done}, tag{named}, manifest{pushed}, identity{number} {}
    OperationKind kind;
    TagId tag;
    ManifestId manifest;  // of a push
    std::uint64_t identity;
  };
  Host& drawn_host(const WorkloadSpec& spec, Draw& draw);
  Task<void> pull_on_arrival(const WorkloadSpec& spec, const PullsSpec& pulls,
                             const Catalog& catalog, std::uint64_t name);
  Task<void> push_on_arrival(const WorkloadSpec& spec, const PushesSpec& pushes,
                             const std::string& name);
  Task<void> replay(const WorkloadSpec& spec, const TraceSpec& trace, const WorkloadPlan& planned);
  Task<void> work_until_done(Host& host, Work work, const RetrySpec& retry);
  Task<void> poll_once(Host& host, Reference reference, Duration shift, std::uint64_t identity);

  const Plan& plan_;
  WorldSpec settings_;
  Simulation simulation_;
  FactBus facts_;
  Content content_;
  Names names_;
  std::vector<Host> hosts_;
  Network network_;
  Registry registry_;
  Replication replication_;
  Webhooks webhooks_;
  TrafficManager routing_;
  Client client_;
  Clusters clusters_;
  std::vector<std::function<void()>> change_listeners_;
  std::vector<RegionId> members_;  // where there are replicas now, in the order of the scenario and then of being added
  bool altered_ = false;           // whether `set` has changed the settings
  std::vector<std::unique_ptr<NetworkPlan>> networks_;     // that `set` has made
  std::vector<const DegradeAction*> degradations_;         // in force, in the order in which they began
  std::vector<OperationRecord> operations_;
  std::vector<std::size_t> first_operation_;  // by entry
  Instant alive_until_;
  Duration patience_ = std::int64_t{3653} * 24 * 3600 * Duration::nanoseconds(1'000'000'000);  // ten years
  std::map<std::string, std::vector<std::size_t>>
      operations_by_name_;  // of entries and of single operations
  Signal operation_ended_;
  std::map<std::string, int> down_;  // how many faults hold a thing down, by the text of the fault
  std::map<std::string, int> replica_faults_;  // likewise for a replica, whether it or its region failed
  ProcessScope processes_;
};

}  // namespace georep
