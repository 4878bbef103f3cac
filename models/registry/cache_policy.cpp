#include "models/registry/cache_policy.hpp"

#include "models/registry/named_policies.hpp"

namespace georep {
namespace {

class StandardCachePolicy final : public CachePolicy {
 public:
  Duration time_to_live(const CacheFillRequest& request, const ManifestCacheSpec& settings) override {
    const Duration life = request.known() ? settings.ttl : settings.negative_ttl;
    const bool kept = life > Duration{} && (settings.fill != CacheFill::leased || !request.invalidated());
    return kept ? life : Duration{};
  }
  bool evicts(const CacheKey&, CacheEvent event, const ManifestCacheSpec& settings) override {
    switch (event) {
      case CacheEvent::push: return settings.invalidate_on_push;
      case CacheEvent::removal: return settings.invalidate_on_delete;
      case CacheEvent::replication: return false;  // the `invalidate` step does it, where the order has one
      case CacheEvent::invalidation: return true;
    }
    return true;
  }
};

NamedPolicies<CachePolicy>& policies() {
  static NamedPolicies<CachePolicy> all{
      "standard", []() -> std::unique_ptr<CachePolicy> { return std::make_unique<StandardCachePolicy>(); }};
  return all;
}

}  // namespace

void add_cache_policy(const std::string& name, MakeCachePolicy make) { policies().add(name, make); }

std::unique_ptr<CachePolicy> make_cache_policy(const std::string& name) {
  return policies().make(name);
}

std::vector<std::string> cache_policy_names() { return policies().names(); }

}  // namespace georep
