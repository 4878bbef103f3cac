#include "models/registry/replication_policy.hpp"

#include "models/registry/named_policies.hpp"

namespace georep {
namespace {

class StandardReplicationPolicy final : public ReplicationPolicy {
 public:
  std::vector<ReplicationStage> order(const ReplicationRequest&, const ReplicationSpec& settings) override {
    return settings.order;
  }
};

NamedPolicies<ReplicationPolicy>& policies() {
  static NamedPolicies<ReplicationPolicy> all{"standard", []() -> std::unique_ptr<ReplicationPolicy> {
                                                return std::make_unique<StandardReplicationPolicy>();
                                              }};
  return all;
}

}  // namespace

void add_replication_policy(const std::string& name, MakeReplicationPolicy make) {
  policies().add(name, make);
}

std::unique_ptr<ReplicationPolicy> make_replication_policy(const std::string& name) {
  return policies().make(name);
}

std::vector<std::string> replication_policy_names() { return policies().names(); }

}  // namespace georep
