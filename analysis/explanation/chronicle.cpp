#include "analysis/explanation/chronicle.hpp"

#include <utility>

#include <fmt/format.h>

#include "sim/fields/figures.hpp"

namespace georep {

Chronicle::Chronicle(World& world, std::function<EventIndex()> current)
    : world_{world}, current_{std::move(current)} {
  watch_operations();
  watch_changes();
  watch_content();
  watch_cache();
  watch_rest();
}

void Chronicle::begin(bool wanted) {
  wanted_ = wanted;
  happenings_.clear();
  changes_.clear();
}

template <class Fact, class Tell>
void Chronicle::watch(HappeningKind kind, Tell tell) {
  world_.facts().subscribe<Fact>([this, kind, tell = std::move(tell)](const Fact& fact) {
    if (!wanted_ || happenings_.size() >= most_happenings) return;
    Happening happening;
    happening.event = current_();
    happening.at = fact.at;
    happening.kind = kind;
    tell(fact, happening);
    if (happening.text.empty()) return;
    if (happening.from.empty() && happening.place.empty())
      happening.place = happening.host != HostId::none         ? host(happening.host)
                        : happening.replica != RegionId::none ? region(happening.replica)
                                                              : "the registry";
    happenings_.push_back(std::move(happening));
  });
}

// ---- Names -----------------------------------------------------------------------------------------------------

std::string Chronicle::region(RegionId id) const {
  return id == RegionId::none ? "the shared cache" : world_.plan().region_name(id);
}
std::string Chronicle::cache(CacheTier tier, RegionId id) const {
  const std::string_view kind = tier == CacheTier::parent_cache ? "parent cache" : "cache";
  return id == RegionId::none ? fmt::format("the shared {}", kind) : fmt::format("the {} of {}", kind, region(id));
}
std::string Chronicle::tag(TagId id) const {
  return id == TagId::none ? "a digest" : world_.names().text(id);
}
std::string Chronicle::image(ManifestId id) const {
  return id == ManifestId::none ? "nothing" : world_.content().manifest(id).name;
}
std::string Chronicle::remembered(ManifestId id) const {
  return id == ManifestId::none ? "\"unknown\"" : image(id);
}
std::string Chronicle::blob(BlobId id) const {
  const Blob& content = world_.content().blob(id);
  return fmt::format("the blob {}… of {}", content.digest.text().substr(0, 15),
                     figure_of_bytes(static_cast<double>(content.bytes)));
}
std::string Chronicle::host(HostId id) const { return world_.hosts()[index(id)].name; }

std::string Chronicle::operation(OperationId id, OperationKind kind) const {
  return id == OperationId::none ? fmt::format("the {}", text(kind))
                                 : world_.operations()[static_cast<std::size_t>(id)].name;
}

std::string Chronicle::change(CommitId commit) const {
  return index(commit) < changes_.size() && !changes_[index(commit)].what.empty() ? changes_[index(commit)].what
                                                                                  : "a change";
}

// ---- What is told ----------------------------------------------------------------------------------------------

void Chronicle::watch_operations() {
  watch<OperationStarted>(HappeningKind::operation_began, [this](const OperationStarted& fact, Happening& out) {
    if (fact.operation == OperationId::none && fact.kind == OperationKind::poll) return;
    out.tag = fact.tag;
    out.host = fact.host;
    out.operation = fact.operation;
    out.text = fmt::format("{} begins on {}", operation(fact.operation, fact.kind), host(fact.host));
    out.actor = fact.operation == OperationId::none ? fmt::format("the {} on {}", text(fact.kind), host(fact.host))
                                                    : operation(fact.operation, fact.kind);
  });
  watch<AttemptFailed>(HappeningKind::attempt_failed, [this](const AttemptFailed& fact, Happening& out) {
    out.tag = fact.tag;
    out.host = fact.host;
    out.replica = fact.replica;
    out.operation = fact.operation;
    out.error = fact.code;
    out.text = fmt::format("{} on {} fails with {}", operation(fact.operation, fact.kind), host(fact.host), text(fact.code));
  });
  watch<OperationEnded>(HappeningKind::operation_ended, [this](const OperationEnded& fact, Happening& out) {
    if (fact.error || (fact.operation == OperationId::none && fact.kind == OperationKind::poll)) return;
    out.tag = fact.tag;
    out.host = fact.host;
    out.replica = fact.replica;
    out.operation = fact.operation;
    out.manifest = fact.manifest;
    out.text = fmt::format("{} ends well{}", operation(fact.operation, fact.kind),
                           fact.manifest == ManifestId::none ? "" : " with " + image(fact.manifest));
  });
  watch<ManifestAnswered>(HappeningKind::answered, [this](const ManifestAnswered& fact, Happening& out) {
    out.tag = fact.tag;
    out.host = fact.host;
    out.replica = fact.replica;
    out.commit = fact.commit;
    out.manifest = fact.manifest;
    out.error = fact.error;
    if (fact.replica == RegionId::none) {
      out.text = fmt::format("{} gets no answer: {}", host(fact.host), text(*fact.error));
      return;
    }
    out.from = region(fact.replica);
    out.to = host(fact.host);
    out.text = fmt::format("{} answers {} with {}{}, formed at {}", region(fact.replica), host(fact.host),
                           fact.error ? std::string{text(*fact.error)} : image(fact.manifest),
                           fact.cached ? " from its cache" : "", figure_in_one_unit(fact.formed.at));
  });
  watch<BlobRefused>(HappeningKind::blob_refused, [this](const BlobRefused& fact, Happening& out) {
    out.host = fact.host;
    out.replica = fact.replica;
    out.blob = fact.blob;
    out.from = region(fact.replica);
    out.to = host(fact.host);
    out.text = fmt::format("{} tells {} that it lacks {}", region(fact.replica), host(fact.host), blob(fact.blob));
  });
  watch<BlobPromised>(HappeningKind::blob_promised, [this](const BlobPromised& fact, Happening& out) {
    out.host = fact.host;
    out.replica = fact.replica;
    out.blob = fact.blob;
    out.from = region(fact.replica);
    out.to = host(fact.host);
    out.text = fmt::format("{} tells {} that it has {}", region(fact.replica), host(fact.host), blob(fact.blob));
  });
}

void Chronicle::watch_changes() {
  watch<ChangeCommitted>(HappeningKind::change_taken, [this](const ChangeCommitted& fact, Happening& out) {
    out.tag = fact.tag;
    out.host = fact.host;
    out.replica = fact.replica;
    out.commit = fact.commit;
    out.manifest = fact.manifest;
    out.from = host(fact.host);
    out.to = region(fact.replica);
    const std::string what = fact.kind == ChangeKind::push    ? "the push of " + image(fact.manifest)
                             : fact.kind == ChangeKind::retag ? "the retag to " + image(fact.manifest)
                             : fact.kind == ChangeKind::untag ? "the removal of " + tag(fact.tag)
                                                              : "the deletion of " + image(fact.manifest);
    if (index(fact.commit) >= changes_.size()) changes_.resize(index(fact.commit) + 1);
    changes_[index(fact.commit)] = {what, fact.replica};
    const bool names_tag = fact.kind == ChangeKind::push || fact.kind == ChangeKind::retag;
    out.text = fmt::format("{} takes {}{}", region(fact.replica), what, names_tag ? " to " + tag(fact.tag) : "");
  });
  watch<TagApplied>(HappeningKind::tag_applied, [this](const TagApplied& fact, Happening& out) {
    if (fact.local && fact.moved) return;  // as the change itself says
    out.tag = fact.tag;
    out.replica = fact.replica;
    out.commit = fact.commit;
    out.manifest = fact.manifest;
    if (!fact.local && index(fact.commit) < changes_.size()) {
      out.from = region(changes_[index(fact.commit)].replica);
      out.to = region(fact.replica);
    }
    if (!fact.moved)
      out.text = fmt::format("{} reaches {} and loses: {} stays as it is", change(fact.commit), region(fact.replica),
                             tag(fact.tag));
    else if (fact.manifest == ManifestId::none)
      out.text = fmt::format("in {} the tag {} goes", region(fact.replica), tag(fact.tag));
    else
      out.text = fmt::format("in {} the tag {} points at {}", region(fact.replica), tag(fact.tag),
                             image(fact.manifest));
  });
  watch<ReplicationStarted>(HappeningKind::replication_began, [this](const ReplicationStarted& fact, Happening& out) {
    out.replica = fact.destination;
    out.commit = fact.commit;
    out.from = region(fact.source);
    out.to = region(fact.destination);
    out.text = fmt::format("{} begins to copy {} to {}", region(fact.source), change(fact.commit),
                           region(fact.destination));
    out.actor = fmt::format("the copy of {} to {}", change(fact.commit), region(fact.destination));
  });
  watch<ReplicationFailed>(HappeningKind::replication_failed, [this](const ReplicationFailed& fact, Happening& out) {
    out.replica = fact.destination;
    out.commit = fact.commit;
    out.from = region(fact.source);
    out.to = region(fact.destination);
    out.text = fmt::format("copying {} from {} to {} fails", change(fact.commit), region(fact.source),
                           region(fact.destination));
  });
}

void Chronicle::watch_content() {
  const auto manifest = [this](const char* does) {
    return [this, does](const auto& fact, Happening& out) {
      out.replica = fact.replica;
      out.manifest = fact.manifest;
      out.text = fmt::format("{} {} the manifest of {}", region(fact.replica), does, image(fact.manifest));
    };
  };
  const auto blob_of_fact = [this](const char* does) {
    return [this, does](const auto& fact, Happening& out) {
      out.replica = fact.replica;
      out.blob = fact.blob;
      out.text = fmt::format("{} {} {}", region(fact.replica), does, blob(fact.blob));
    };
  };
  watch<ManifestStored>(HappeningKind::content_stored, manifest("has"));
  watch<BlobStored>(HappeningKind::content_stored, blob_of_fact("has"));
  watch<ManifestRemoved>(HappeningKind::content_removed, manifest("drops"));
  watch<BlobRemoved>(HappeningKind::content_removed, blob_of_fact("drops"));
  watch<StorageTaken>(HappeningKind::read, [this](const StorageTaken& fact, Happening& out) {
    out.replica = fact.replica;
    out.tag = fact.tag;
    if (fact.tag != TagId::none)
      out.text = fmt::format("{} looks up {} in its storage", region(fact.replica), tag(fact.tag));
  });
}

void Chronicle::watch_cache() {
  watch<CacheFilled>(HappeningKind::cache_filled, [this](const CacheFilled& fact, Happening& out) {
    if (fact.tag == TagId::none) return;
    out.replica = fact.replica;
    out.tag = fact.tag;
    out.commit = fact.commit;
    out.manifest = fact.manifest;
    out.text = fmt::format("{} keeps {} for {}, until {}", cache(fact.tier, fact.replica),
                           remembered(fact.manifest), tag(fact.tag),
                           figure_in_one_unit(fact.expires.at));
  });
  watch<CacheEvicted>(HappeningKind::cache_evicted, [this](const CacheEvicted& fact, Happening& out) {
    if (fact.tag == TagId::none) return;
    out.replica = fact.replica;
    out.tag = fact.tag;
    out.manifest = fact.manifest;
    out.text = fmt::format("{} forgets {} for {}{}", cache(fact.tier, fact.replica),
                           remembered(fact.manifest), tag(fact.tag),
                           fact.cause == EvictionCause::expiry ? ": its time is over" : "");
  });
  watch<InvalidationApplied>(HappeningKind::invalidated, [this](const InvalidationApplied& fact, Happening& out) {
    if (fact.tag == TagId::none) return;
    out.replica = fact.replica;
    out.tag = fact.tag;
    out.commit = fact.commit;
    out.text = fmt::format("{} invalidates its cached answers for {}", region(fact.replica), tag(fact.tag));
  });
  watch<CacheLookedUp>(HappeningKind::cache_answered, [this](const CacheLookedUp& fact, Happening& out) {
    if (!fact.hit || fact.tag == TagId::none) return;
    out.replica = fact.replica;
    out.tag = fact.tag;
    out.commit = fact.commit;
    out.manifest = fact.manifest;
    out.text = fmt::format("{} has {} for {}", cache(fact.tier, fact.replica),
                           remembered(fact.manifest), tag(fact.tag));
  });
}

void Chronicle::watch_rest() {
  watch<WebhookFired>(HappeningKind::webhook_fired, [this](const WebhookFired& fact, Happening& out) {
    const WebhookSpec& webhook = world_.plan().spec.webhooks[fact.webhook];
    out.tag = fact.tag;
    out.commit = fact.commit;
    out.manifest = fact.manifest;
    out.replica = world_.plan().region(webhook.region).value_or(RegionId::none);
    out.from = webhook.region;
    out.to = "webhook " + webhook.name;
    out.text = fmt::format("{} fires the webhook {} for {}", webhook.region, webhook.name, change(fact.commit));
    out.actor = "what the webhook " + webhook.name + " set off";
  });
  watch<NodeRan>(HappeningKind::node_ran, [this](const NodeRan& fact, Happening& out) {
    out.tag = fact.tag;
    out.manifest = fact.manifest;
    out.place = fmt::format("{}/{}", world_.plan().spec.clusters[fact.cluster].name, fact.node);
    for (const Host& node : world_.hosts())
      if (node.name == out.place) out.host = node.id;
    out.text = fmt::format("{}/{} runs {}", world_.plan().spec.clusters[fact.cluster].name, fact.node,
                           image(fact.manifest));
  });
  watch<Resolved>(HappeningKind::routing, [this](const Resolved& fact, Happening& out) {
    out.replica = fact.answer;
    out.text = fact.answer == RegionId::none
                   ? fmt::format("routing has no answer for the resolver in {}", region(fact.resolver))
                   : fmt::format("routing sends the resolver in {} to {}", region(fact.resolver), region(fact.answer));
  });
  watch<RoutingChanged>(HappeningKind::fault, [this](const RoutingChanged& fact, Happening& out) {
    out.replica = fact.replica;
    out.text = fmt::format("routing {} {}", fact.answered ? "answers again with" : "no longer answers with",
                           region(fact.replica));
    out.actor = "a change of routing";
  });
  watch<FaultChanged>(HappeningKind::fault, [](const FaultChanged& fact, Happening& out) {
    out.text = fmt::format("{}: {}", fact.what, fact.active ? "begins" : "is over");
    out.actor = fact.what;
  });
}

}  // namespace georep
