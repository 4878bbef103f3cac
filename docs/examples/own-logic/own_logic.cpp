// georep with two policies of one's own.
#include <memory>

#include "models/registry/cache_policy.hpp"
#include "models/registry/replication_policy.hpp"
#include "sim/cli/command_line.hpp"

namespace {

using namespace georep;

/// A cache that needs no `invalidate` step: it evicts a tag when replication points it elsewhere, and keeps no answer that was
/// read before that.
class EvictOnArrival final : public CachePolicy {
 public:
  Duration time_to_live(const CacheFillRequest& request, const ManifestCacheSpec& settings) override {
    if (!request.known() || request.invalidated()) return {};
    return settings.ttl;
  }
  bool evicts(const CacheKey&, CacheEvent, const ManifestCacheSpec&) override { return true; }
};

/// Sends what is tagged `latest` to the regions in one go, for hosts that poll it, and all else in the scenario's order.
class LatestFirst final : public ReplicationPolicy {
 public:
  std::vector<ReplicationStage> order(const ReplicationRequest& request, const ReplicationSpec& settings) override {
    using enum ReplicationStep;
    if (request.tag == "latest") return {{manifest, tag, invalidate}, {blobs}, {notify}};
    return settings.order;
  }
};

}  // namespace

int main(int argc, char** argv) {
  add_cache_policy("evict-on-arrival",
                   []() -> std::unique_ptr<CachePolicy> { return std::make_unique<EvictOnArrival>(); });
  add_replication_policy("latest-first", []() -> std::unique_ptr<ReplicationPolicy> {
    return std::make_unique<LatestFirst>();
  });
  return run_command_line(argc, argv);
}
