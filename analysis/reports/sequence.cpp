#include "analysis/reports/sequence.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "analysis/reports/escape.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

SequenceDiagram::SequenceDiagram(World& world, std::string tag) : world_{world}, tag_{std::move(tag)} {
  watch_changes();
  watch_answers();
  watch_cache();
  watch_rest();
}

std::string SequenceDiagram::text() const {
  std::string result = "sequenceDiagram\n";
  for (std::size_t i = 0; i < participants_.size(); ++i)
    result += fmt::format("  participant p{} as {}\n", i + 1, mermaid_text(participants_[i]));
  for (const std::string& line : lines_) result += "  " + line + "\n";
  if (left_out_ > 0) result += fmt::format("  Note over p1: and {} more\n", left_out_);
  if (participants_.empty())
    result += fmt::format("  participant p1 as {}\n  Note over p1: nothing befell it\n", mermaid_text(tag_));
  return result;
}

// Mermaid's identifiers are numbers here, so that any name will do.
std::string SequenceDiagram::participant(const std::string& name) {
  auto found = std::find(participants_.begin(), participants_.end(), name);
  if (found == participants_.end()) found = participants_.insert(participants_.end(), name);
  return "p" + std::to_string(found - participants_.begin() + 1);
}

std::string SequenceDiagram::replica(RegionId region) {
  return participant(region == RegionId::none ? "the shared cache"
                                              : "replica " + world_.plan().region_name(region));
}

std::string SequenceDiagram::host(HostId host) {
  return participant(world_.hosts()[index(host)].name);
}

std::string SequenceDiagram::content_name(ManifestId manifest) const {
  return manifest == ManifestId::none ? "unknown" : world_.content().manifest(manifest).name;
}

void SequenceDiagram::add(std::string line) {
  if (lines_.size() < most_lines)
    lines_.push_back(std::move(line));
  else
    ++left_out_;
}

void SequenceDiagram::arrow(const std::string& from, std::string_view kind, const std::string& to, Instant at,
                            const std::string& message) {
  add(fmt::format("{}{}{}: {}: {}", from, kind, to, figure(at), mermaid_text(message)));
}

void SequenceDiagram::note(const std::string& over, Instant at, const std::string& message) {
  add(fmt::format("Note over {}: {}: {}", over, figure(at), mermaid_text(message)));
}

void SequenceDiagram::watch_changes() {
  world_.facts().subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) {
    if (!concerns(fact.tag)) return;
    origins_[fact.commit] = fact.replica;
    const std::string what = fact.kind == ChangeKind::push    ? "push " + content_name(fact.manifest)
                             : fact.kind == ChangeKind::retag ? "retag to " + content_name(fact.manifest)
                             : fact.kind == ChangeKind::untag ? "untag"
                                                              : "delete";
    const std::string from = host(fact.host);
    arrow(from, "->>", replica(fact.replica), fact.at, what);
  });
  world_.facts().subscribe<TagApplied>([this](const TagApplied& fact) {
    const auto origin = origins_.find(fact.commit);
    if (fact.local || origin == origins_.end() || !concerns(fact.tag)) return;
    const std::string from = replica(origin->second);
    arrow(from, "-)", replica(fact.replica), fact.at,
          fact.moved ? "the tag points at " + content_name(fact.manifest) : "arrives, and loses");
  });
  world_.facts().subscribe<ReplicationDone>([this](const ReplicationDone& fact) {
    if (origins_.contains(fact.commit)) note(replica(fact.destination), fact.at, "replicated");
  });
  world_.facts().subscribe<ReplicationFailed>([this](const ReplicationFailed& fact) {
    if (!origins_.contains(fact.commit)) return;
    const std::string from = replica(fact.source);
    arrow(from, "-x", replica(fact.destination), fact.at, "replication fails");
  });
}

void SequenceDiagram::watch_answers() {
  world_.facts().subscribe<ManifestAnswered>([this](const ManifestAnswered& fact) {
    if (!concerns(fact.tag)) return;
    asked_[fact.host] = fact.tag;
    std::string answer = fact.error ? std::string{georep::text(*fact.error)} : content_name(fact.manifest);
    if (fact.cached) answer += " (cached)";
    if (fact.kind == OperationKind::poll && std::exchange(last_answers_[fact.host], answer) == answer) return;
    const std::string asker = host(fact.host);
    if (fact.replica == RegionId::none)
      note(asker, fact.at, answer);
    else
      arrow(replica(fact.replica), fact.error ? "--x" : "-->>", asker, fact.at, answer);
  });
  world_.facts().subscribe<BlobRefused>([this](const BlobRefused& fact) {
    if (!asked_.contains(fact.host)) return;
    const std::string from = replica(fact.replica);
    arrow(from, "--x", host(fact.host), fact.at, "BLOB_UNKNOWN");
  });
  world_.facts().subscribe<OperationEnded>([this](const OperationEnded& fact) {
    if (!concerns(fact.tag) || fact.kind == OperationKind::poll) return;
    asked_.erase(fact.host);
    note(host(fact.host), fact.at,
         fmt::format("{} ends: {}", georep::text(fact.kind),
                     fact.error ? georep::text(*fact.error) : std::string_view{"ok"}));
  });
}

void SequenceDiagram::watch_cache() {
  const auto cache = [](CacheTier tier) {
    return std::string{tier == CacheTier::parent_cache ? "parent cache" : "cache"};
  };
  world_.facts().subscribe<CacheFilled>([this, cache](const CacheFilled& fact) {
    if (concerns(fact.tag)) note(replica(fact.replica), fact.at, cache(fact.tier) + " keeps " + content_name(fact.manifest));
  });
  world_.facts().subscribe<CacheEvicted>([this, cache](const CacheEvicted& fact) {
    if (concerns(fact.tag)) note(replica(fact.replica), fact.at, cache(fact.tier) + " forgets " + content_name(fact.manifest));
  });
}

void SequenceDiagram::watch_rest() {
  world_.facts().subscribe<WebhookEnded>([this](const WebhookEnded& fact) {
    if (!concerns(fact.tag)) return;
    const WebhookSpec& webhook = world_.plan().spec.webhooks[fact.webhook];
    const std::string from = replica(world_.plan().region(webhook.region).value_or(RegionId::none));
    arrow(from, "-)", participant("webhook " + webhook.name), fact.at, fmt::format("push, answered {}", fact.status));
  });
  world_.facts().subscribe<NodeRan>([this](const NodeRan& fact) {
    if (!concerns(fact.tag)) return;
    const ClusterSpec& cluster = world_.plan().spec.clusters[fact.cluster];
    note(participant(fmt::format("{}/{}", cluster.name, fact.node)), fact.at,
         "runs " + content_name(fact.manifest));
  });
}

}  // namespace georep
