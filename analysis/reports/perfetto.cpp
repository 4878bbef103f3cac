#include "analysis/reports/perfetto.hpp"

#include <utility>

#include <fmt/format.h>

#include "analysis/reports/escape.hpp"

namespace georep {

namespace {

// Faults and other things that belong to no region.
constexpr std::uint32_t world_process = 0xFFFF;
constexpr std::uint32_t replica_thread = 1;

// The format counts microseconds; three decimals keep the nanoseconds.
std::string microseconds(Instant at) {
  return fmt::format("{}.{:03}", at.count() / 1000, at.count() % 1000);
}

std::string_view text_of_tier(CacheTier tier) {
  return tier == CacheTier::parent_cache ? "parent cache" : "cache";
}

std::string_view text_of_cause(EvictionCause cause) {
  switch (cause) {
    case EvictionCause::push: return "push";
    case EvictionCause::removal: return "removal";
    case EvictionCause::replication: return "replication";
    case EvictionCause::expiry: return "expiry";
    case EvictionCause::crash: return "crash";
    case EvictionCause::settings: return "settings";
  }
  return "";
}

}  // namespace

PerfettoTrace::PerfettoTrace(World& world, Sink sink) : world_{world}, sink_{std::move(sink)} {
  sink_("{\"displayTimeUnit\": \"ms\", \"traceEvents\": [");
  name_tracks();
  watch_clients();
  watch_registry();
  watch_replication();
  watch_rest();
}

void PerfettoTrace::finish(Instant end) {
  for (const auto& [key, open] : replications_) close(open, "replication", end, "\"unfinished\":true");
  for (const auto& [what, open] : faults_) close(open, "fault", end, {});
  replications_.clear();
  faults_.clear();
  sink_("\n]}\n");
}

void PerfettoTrace::event(std::string_view fields) {
  std::string line = std::exchange(first_, false) ? "\n{" : ",\n{";
  line += fields;
  line += '}';
  sink_(line);
}

void PerfettoTrace::name_tracks() {
  const Plan& plan = world_.plan();
  for (const RegionId region : plan.replicas) {
    const Track track = replica_track(region);
    event(fmt::format(R"("ph":"M","name":"process_name","pid":{},"args":{{"name":"{}"}})", track.process,
                      json_escaped(plan.region_name(region))));
    event(fmt::format(R"("ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":"replica"}})",
                      track.process, track.thread));
  }
  event(fmt::format(R"("ph":"M","name":"process_name","pid":{},"args":{{"name":"the world"}})", world_process));
}

PerfettoTrace::Track PerfettoTrace::replica_track(RegionId region) const {
  if (region == RegionId::none) return {world_process, replica_thread};
  return {index(region) + 1U, replica_thread};
}

PerfettoTrace::Track PerfettoTrace::host_track(HostId host) const {
  if (host == HostId::none) return {world_process, replica_thread};
  return {index(world_.hosts()[index(host)].region) + 1U, 2 + index(host)};
}

std::string PerfettoTrace::content_name(ManifestId manifest) const {
  return manifest == ManifestId::none ? "nothing" : world_.content().manifest(manifest).name;
}

std::string PerfettoTrace::tag_name(TagId tag) const {
  return tag == TagId::none ? "a digest" : world_.names().text(tag);
}

// A pair of async events: `b` and `e` with an id of their own.
void PerfettoTrace::span(Track track, std::string_view category, const std::string& name, Instant from,
                         Instant to, const std::string& arguments) {
  const std::string common =
      fmt::format(R"("cat":"{}","name":"{}","id":{},"pid":{},"tid":{})", category, json_escaped(name),
                  next_span_++, track.process, track.thread);
  event(fmt::format(R"("ph":"b",{},"ts":{},"args":{{{}}})", common, microseconds(from), arguments));
  event(fmt::format(R"("ph":"e",{},"ts":{})", common, microseconds(to)));
}

// A slice of one nanosecond, because flow arrows cannot end at an instant event. Those at one instant nest.
void PerfettoTrace::mark(Track track, const std::string& name, Instant at, const std::string& arguments) {
  event(fmt::format(R"("ph":"X","name":"{}","pid":{},"tid":{},"ts":{},"dur":0.001,"args":{{{}}})",
                    json_escaped(name), track.process, track.thread, microseconds(at), arguments));
}

void PerfettoTrace::arrow(bool begins, Track track, std::uint64_t id, Instant at) {
  event(fmt::format(R"("ph":"{}","cat":"change","name":"change","id":{},"pid":{},"tid":{},"ts":{}{})",
                    begins ? 's' : 'f', id, track.process, track.thread, microseconds(at),
                    begins ? "" : R"(,"bp":"e")"));
}

void PerfettoTrace::count(Track track, std::string_view name, Instant at, std::uint64_t value) {
  event(fmt::format(R"("ph":"C","name":"{}","pid":{},"ts":{},"args":{{"changes":{}}})", name, track.process,
                    microseconds(at), value));
}

void PerfettoTrace::close(const Open& open, std::string_view category, Instant at,
                          const std::string& arguments) {
  span(open.track, category, open.name, open.began, at, arguments);
}

void PerfettoTrace::watch_clients() {
  FactBus& facts = world_.facts();
  facts.subscribe<OperationEnded>([this](const OperationEnded& fact) {
    const std::string outcome = fact.error ? std::string{text(*fact.error)} : content_name(fact.manifest);
    const std::string& host = world_.hosts()[index(fact.host)].name;
    span(host_track(fact.host), "operation",
         fmt::format("{}: {} {}", host, text(fact.kind), tag_name(fact.tag)), fact.started.at, fact.at,
         fmt::format(R"("outcome":"{}","attempts":{})", json_escaped(outcome), fact.attempts));
  });
  facts.subscribe<BlobRefused>([this](const BlobRefused& fact) {
    mark(replica_track(fact.replica), "blob unknown", fact.at,
         fmt::format(R"("digest":"{}")", world_.content().blob(fact.blob).digest.text()));
  });
}

void PerfettoTrace::watch_registry() {
  FactBus& facts = world_.facts();
  facts.subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) {
    const Track track = replica_track(fact.replica);
    mark(track, fmt::format("commit {}", tag_name(fact.tag)), fact.at,
         fmt::format(R"("content":"{}")", json_escaped(content_name(fact.manifest))));
  });
  facts.subscribe<TagApplied>([this](const TagApplied& fact) {
    mark(replica_track(fact.replica),
         fmt::format("{} {} {}", tag_name(fact.tag), fact.moved ? "->" : "stays, beaten:",
                     content_name(fact.manifest)),
         fact.at);
  });
  facts.subscribe<ManifestStored>([this](const ManifestStored& fact) {
    mark(replica_track(fact.replica), "manifest stored: " + content_name(fact.manifest), fact.at);
  });
  facts.subscribe<BlobStored>([this](const BlobStored& fact) {
    mark(replica_track(fact.replica), "blob stored", fact.at,
         fmt::format(R"("bytes":{})", world_.content().blob(fact.blob).bytes));
  });
  facts.subscribe<CacheFilled>([this](const CacheFilled& fact) {
    mark(replica_track(fact.replica), fmt::format("{}: {} = {}", text_of_tier(fact.tier), tag_name(fact.tag), content_name(fact.manifest)),
         fact.at);
  });
  facts.subscribe<CacheEvicted>([this](const CacheEvicted& fact) {
    mark(replica_track(fact.replica), fmt::format("{}: {} evicted", text_of_tier(fact.tier), tag_name(fact.tag)), fact.at,
         fmt::format(R"("cause":"{}")", text_of_cause(fact.cause)));
  });
}

void PerfettoTrace::watch_replication() {
  FactBus& facts = world_.facts();
  facts.subscribe<ReplicationQueued>([this](const ReplicationQueued& fact) {
    count(replica_track(fact.destination), "replication queue", fact.at, fact.depth);
  });
  facts.subscribe<MembershipChanged>([this](const MembershipChanged& fact) {
    if (!fact.present) count(replica_track(fact.replica), "replication queue", fact.at, 0);
  });
  facts.subscribe<ReplicationStarted>([this](const ReplicationStarted& fact) {
    const Track from = replica_track(fact.source);
    const Track to = replica_track(fact.destination);
    count(to, "replication queue", fact.at, fact.depth);
    const std::string name =
        fmt::format("change {} from {}", index(fact.commit), world_.plan().region_name(fact.source));
    mark(from, fmt::format("to {}", world_.plan().region_name(fact.destination)), fact.at);
    arrow(true, from, (std::uint64_t{index(fact.commit)} << 16) + index(fact.destination), fact.at);
    replications_.insert_or_assign({fact.commit, fact.source, fact.destination}, Open{to, name, fact.at});
  });
  const auto ended = [this](const auto& fact, const std::string& arguments, bool done) {
    const auto open = replications_.find({fact.commit, fact.source, fact.destination});
    if (open == replications_.end()) return;
    close(open->second, "replication", fact.at, arguments);
    if (done) {
      mark(open->second.track, "change arrived", fact.at);
      arrow(false, open->second.track, (std::uint64_t{index(fact.commit)} << 16) + index(fact.destination),
            fact.at);
    }
    replications_.erase(open);
  };
  facts.subscribe<ReplicationDone>([ended](const ReplicationDone& fact) { ended(fact, {}, true); });
  facts.subscribe<ReplicationFailed>(
      [ended](const ReplicationFailed& fact) { ended(fact, R"("failed":true)", false); });
}

void PerfettoTrace::watch_rest() {
  FactBus& facts = world_.facts();
  facts.subscribe<WebhookEnded>([this](const WebhookEnded& fact) {
    const WebhookSpec& webhook = world_.plan().spec.webhooks[fact.webhook];
    span(replica_track(world_.plan().region(webhook.region).value_or(RegionId::none)), "webhook",
         fmt::format("webhook {}: {}", webhook.name, tag_name(fact.tag)), fact.fired_at, fact.at,
         fmt::format(R"("status":{},"attempts":{})", fact.status, fact.attempts));
  });
  facts.subscribe<NodeRan>([this](const NodeRan& fact) {
    const ClusterSpec& cluster = world_.plan().spec.clusters[fact.cluster];
    mark(replica_track(world_.plan().region(cluster.region).value_or(RegionId::none)),
         fmt::format("{}/{} runs {}", cluster.name, fact.node, content_name(fact.manifest)), fact.at);
  });
  facts.subscribe<FaultChanged>([this](const FaultChanged& fact) {
    const std::string what{fact.what};
    if (fact.active) {
      faults_.insert_or_assign(what, Open{{world_process, replica_thread}, what, fact.at});
    } else if (const auto open = faults_.find(what); open != faults_.end()) {
      close(open->second, "fault", fact.at, {});
      faults_.erase(open);
    }
  });
  facts.subscribe<RoutingChanged>([this](const RoutingChanged& fact) {
    mark(replica_track(fact.replica), fact.answered ? "routing answers with it" : "out of routing", fact.at);
  });
}

}  // namespace georep
