#include "analysis/explanation/mechanisms.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace georep {

namespace {

using Order = std::vector<ReplicationStage>;

std::string text_of(ReplicationStep step) {
  switch (step) {
    case ReplicationStep::blobs: return "blobs";
    case ReplicationStep::manifest: return "manifest";
    case ReplicationStep::tag: return "tag";
    case ReplicationStep::invalidate: return "invalidate";
    case ReplicationStep::notify: return "notify";
  }
  return "";
}

std::string text_of(const Order& order) {
  std::string text;
  for (const ReplicationStage& stage : order) {
    std::string steps;
    for (const ReplicationStep step : stage) steps += (steps.empty() ? "" : ", ") + text_of(step);
    text += (text.empty() ? "" : ", ") + (stage.size() == 1 ? steps : "[" + steps + "]");
  }
  return "[" + text + "]";
}

// The number of the stage with a step; the number of stages where it never happens.
std::size_t stage_of(const Order& order, ReplicationStep step) {
  return static_cast<std::size_t>(
      std::find_if(order.begin(), order.end(),
                   [step](const ReplicationStage& stage) {
                     return std::find(stage.begin(), stage.end(), step) != stage.end();
                   }) -
      order.begin());
}

Order without(Order order, ReplicationStep step) {
  for (ReplicationStage& stage : order) std::erase(stage, step);
  std::erase_if(order, [](const ReplicationStage& stage) { return stage.empty(); });
  return order;
}

class Candidates {
 public:
  Candidates(const Scenario& scenario, const std::string& host, std::optional<std::size_t> entry)
      : scenario_{scenario}, host_{host}, entry_{entry} {}

  std::vector<Mechanism> all() {
    order();
    cache();
    missing_content();
    webhooks();
    conflicts();
    routing();
    client();
    faults();
    capacity();
    return std::move(found_);
  }

 private:
  const RegistrySpec& registry() const { return scenario_.world.registry; }
  const ReplicationSpec& replication() const { return registry().replication; }

  void add(std::string path, std::string value, std::string says) {
    const auto known = std::find_if(found_.begin(), found_.end(), [&](const Mechanism& other) {
      return other.path == path && other.value == value;
    });
    if (known == found_.end()) found_.push_back({std::move(path), std::move(value), std::move(says)});
  }

  void add_order(const Order& order, std::string says) {
    if (order != replication().order) add("registry.replication.order", text_of(order), std::move(says));
  }

  void order() {
    using enum ReplicationStep;
    const Order& now = replication().order;
    const std::size_t stages = now.size();
    const std::size_t tag_at = stage_of(now, tag);
    const std::size_t invalidate_at = stage_of(now, invalidate);
    const std::size_t blobs_at = stage_of(now, blobs);
    const std::size_t notify_at = stage_of(now, notify);
    if (tag_at < stages && registry().manifest_cache) {
      Order evicts = without(now, invalidate);
      evicts.insert(evicts.begin() + static_cast<std::ptrdiff_t>(stage_of(evicts, tag)) + 1, {invalidate});
      if (invalidate_at == stages)
        add_order(evicts, "replication moves the tag and leaves the cached answers of the destination in place");
      else if (invalidate_at != tag_at + 1)
        add_order(evicts, "replication does other things between moving the tag and evicting the cached answers");
    }
    if (blobs_at < stages && blobs_at >= std::min(stage_of(now, manifest), tag_at)) {
      Order content_first = without(now, blobs);
      content_first.insert(content_first.begin(), {blobs});
      add_order(content_first, "a manifest travels ahead of its blobs");
    }
    if (notify_at < stages && (notify_at + 1 != stages || now[notify_at].size() > 1)) {
      Order told_last = without(now, notify);
      told_last.push_back({notify});
      add_order(told_last, "the webhook fires before the change is carried out in full");
    }
    add_order({{blobs}, {manifest}, {tag}, {invalidate}, {notify}},
              "the steps of replication are not content, manifest, tag, invalidation, notice");
  }

  void cache() {
    if (registry().manifest_cache) cache("registry.manifest_cache", *registry().manifest_cache);
    if (registry().parent_cache) cache("registry.parent_cache", *registry().parent_cache);
  }

  void cache(const std::string& path, const ManifestCacheSpec& cache) {
    if (cache.fill == CacheFill::unguarded)
      add(path + ".fill", "leased", "a read that missed stores what it read, even where that was invalidated since");
    if (cache.negative_ttl > Duration{})
      add(path + ".negative_ttl", "0 s", "the cache remembers that a tag was unknown");
    if (!cache.invalidate_on_push || !cache.invalidate_on_delete)
      add(path + ".invalidate_on", "[push, delete]", "a change in the region itself leaves its cached answers in place");
    if (cache.scope == CacheScope::registry) add(path + ".scope", "replica", "all replicas share one cache");
    if (cache.ttl > 0_s) add(path + ".ttl", "1 s", "a cached answer is kept for so long");
    add(path, "none", "manifests are answered from a cache");
  }

  void missing_content() {
    if (registry().missing_blobs.kind == MissingKind::blob_unknown)
      add("registry.missing_blobs", "manifest-unknown", "a manifest is answered while its blobs are missing");
    for (const auto& [path, policy, what] :
         {std::tuple{"registry.missing_manifest", registry().missing_manifest.kind, "manifest"},
          std::tuple{"registry.missing_blobs", registry().missing_blobs.kind, "blob"}}) {
      if (policy == MissingKind::fetch_from_origin || policy == MissingKind::wait) continue;
      add(path, "fetch-from-origin", fmt::format("a replica that lacks a {} asks no other for it", what));
      add(path, "{wait: 30 s}", fmt::format("a request for a {} that has not arrived is refused at once", what));
    }
  }

  void webhooks() {
    for (std::size_t i = 0; i < scenario_.world.webhooks.size(); ++i) {
      const WebhookSpec& webhook = scenario_.world.webhooks[i];
      if (webhook.retry == RetrySpec::none() && webhook.kind == WebhookKind::acr)
        add(fmt::format("webhooks[{}].retry", i), "{first: 1 s, factor: 2, most: 30 s, attempts: 10}",
            fmt::format("a delivery of the webhook {} that fails is not tried again", webhook.name));
    }
  }

  void conflicts() {
    const std::string path = "registry.replication";
    if (replication().apply == ApplyKind::arrival_order)
      add(path + ".apply", "last-writer-wins", "of two changes to a tag, the one that arrives last stays");
    if (replication().tombstones < 7_d)
      add(path + ".tombstones", "7 d", "a removal is forgotten before all older changes have arrived");
    if (replication().stamp == StampKind::wall_clock)
      add(path + ".stamp", "hybrid-logical-clock", "changes are ordered by the clocks of the replicas");
    if (!(registry().clock_skew == ClockSkewSpec{}))
      add("registry.clock_skew", "0 s", "the clocks of the replicas are off");
    if (registry().retention.untagged)
      add("registry.retention.untagged", "keep", "untagged manifests are purged with their blobs");
    if (replication().queue == QueueDiscipline::newest_first)
      add(path + ".queue", "fifo", "a destination takes the newest change first");
    if (replication().topology.kind != TopologyKind::mesh)
      add(path + ".topology", "mesh", "changes do not go to every replica directly");
    if (!replication().resume) add(path + ".resume", "true", "after a crash every blob is copied anew");
    if (replication().start_delay != DurationLaw{})
      add(path + ".start_delay", "0 s", "replication does not start at once");
  }

  void routing() {
    const auto host = std::find_if(scenario_.world.hosts.begin(), scenario_.world.hosts.end(),
                                   [&](const HostSpec& spec) { return spec.name == host_; });
    if (host == scenario_.world.hosts.end()) return;
    const std::string path = "hosts." + host_;
    if (host->endpoint.empty() && host->resolve != ResolveRule::once)
      add(path + ".resolve", "once", "one operation of the host may be answered by several replicas");
    if (host->endpoint.empty() && host->resolve == ResolveRule::ttl) {
      add(path + ".resolve", "every-request", "the host keeps an answer of routing for its time to live");
      add("routing.dns_ttl", "0 s", "an answer of routing is kept for its time to live");
    }
    add(path + ".timeout", "10 min", "the host gives up on a request that takes long");
  }

  // Another host in the region where the content comes from, and patience.
  void client() {
    if (!entry_) return;
    const TimelineEntry& entry = scenario_.world.timeline[*entry_];
    const std::string path = fmt::format("timeline[{}]", *entry_);
    if (const auto* pull = std::get_if<PullAction>(&entry.action)) {
      if (pull->retry == RetrySpec::none())
        add(path + ".retry", "{first: 1 s, factor: 2, most: 30 s, attempts: 10}", "a pull that fails is not tried again");
      for (const HostSpec& other : scenario_.world.hosts)
        if (other.name != pull->on && pushes_from(other.region))
          add(path + ".on", other.name,
              "the host that executes the pull is far from the replica that took the push");
    } else if (const auto* deploy = std::get_if<DeployAction>(&entry.action)) {
      if (deploy->when.kind != DeployWhen::Kind::replicated)
        add(path + ".when", "replicated", "the deployment does not wait until its region has the image");
    }
  }

  bool pushes_from(const std::string& region) const {
    for (const TimelineEntry& entry : scenario_.world.timeline) {
      const auto* push = std::get_if<PushAction>(&entry.action);
      if (push == nullptr) continue;
      for (const HostSpec& host : scenario_.world.hosts)
        if (host.name == push->on && host.region == region) return true;
    }
    return false;
  }

  void faults() {
    for (std::size_t i = 0; i < scenario_.world.timeline.size(); ++i) {
      const Action& action = scenario_.world.timeline[i].action;
      const std::string path = fmt::format("timeline[{}].for", i);
      if (std::holds_alternative<FailAction>(action)) add(path, "0 s", "something fails");
      if (std::holds_alternative<DegradeAction>(action)) add(path, "0 s", "a link is degraded");
    }
  }

  void capacity() {
    if (registry().storage.servers)
      add("registry.storage.servers", "1000", "requests wait for a server of the storage");
    if (registry().limits.reads)
      add("registry.limits.reads.rate", "1000000 /s", "a replica answers so many reads and no more");
    if (registry().limits.writes)
      add("registry.limits.writes.rate", "1000000 /s", "a replica takes so many writes and no more");
    add("registry.replication.streams", "64", "so many blobs are copied at once and no more");
    add("network.bandwidth", "1000 Gbps", "bytes take their time on the links");
  }

  const Scenario& scenario_;
  const std::string& host_;
  std::optional<std::size_t> entry_;
  std::vector<Mechanism> found_;
};

}  // namespace

std::vector<Mechanism> mechanisms_of(const Scenario& scenario, const std::string& host,
                                     std::optional<std::size_t> entry) {
  return Candidates{scenario, host, entry}.all();
}

}  // namespace georep
