// What decides about the order in which a change's parts reach another replica. The standard policy takes the scenario's order. Policies
// of one's own are written against this interface; docs/own-logic.md shows how.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/facts/facts.hpp"
#include "models/registry/spec.hpp"

namespace georep {

/// A change that is about to be copied to another replica.
struct ReplicationRequest {
  ChangeKind kind = ChangeKind::push;
  std::string_view repository;
  std::string_view tag;  ///< without the repository; empty: a manifest is removed by digest
  std::string_view origin;
  std::string_view source;  ///< who copies: the origin, or a replica that passes it on
  std::string_view destination;
  std::uint32_t failures = 0;  ///< of this copying so far; each attempt asks anew
};

class ReplicationPolicy {
 public:
  virtual ~ReplicationPolicy() = default;

  /// Before each run.
  virtual void reset() {}

  /// The steps, stage after stage; those of one stage run at the same time. No stage: the change is not sent there. `settings` is
  /// what the scenario says of replication.
  virtual std::vector<ReplicationStage> order(const ReplicationRequest& request,
                                              const ReplicationSpec& settings) = 0;

  /// Whether an answer depends on what was asked before, and not on the arguments alone. A search of schedules then tries both
  /// orders of any two questions; false where that is not so misses some.
  virtual bool has_state() const { return false; }
};

/// Makes a scenario's `replication: {policy: NAME}` mean this policy: one object a run, which all replicas ask.
/// Before any scenario is read; a name once.
using MakeReplicationPolicy = std::unique_ptr<ReplicationPolicy> (*)();
void add_replication_policy(const std::string& name, MakeReplicationPolicy make);

/// The policy of that name; null where there is none.
std::unique_ptr<ReplicationPolicy> make_replication_policy(const std::string& name);

/// `standard`, then the others in the order in which they were added.
std::vector<std::string> replication_policy_names();

}  // namespace georep
