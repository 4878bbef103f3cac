// Invariants of content: what is visible is whole, what is kept is not purged, and webhooks and errors tell the truth about it.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/measures/observed_objects.hpp"
#include "analysis/verdicts/judges.hpp"

#include "models/registry/shared_objects.hpp"
#include "sim/fields/figures.hpp"

namespace georep {

namespace {

class Closure final : public Judge {
 public:
  explicit Closure(SharedObservers& shared)
      : Judge{shared.world()}, replicas_{shared.replicas()} {
    // What others have can be read there as well.
    const RegistrySpec& spec = world_.settings().registry;
    if (spec.missing_blobs.kind == MissingKind::fetch_from_origin ||
        spec.missing_manifest.kind == MissingKind::fetch_from_origin)
      shared.replicas().follow_together();
    shared.replicas().on_answer([this](const ReplicaView::AnswerChange& change) {
      if (change.after.manifest == ManifestId::none ||
          change.after.manifest == change.before.manifest)
        return;
      look(change.moment.at, change.replica, world_.names().repository_of(change.tag),
           change.after.manifest);
    });
    // A stored manifest can be asked for by digest, unless the replica hides what is not whole.
    world_.facts().subscribe<ManifestStored>([this](const ManifestStored& fact) {
      if (world_.settings().registry.missing_blobs.kind != MissingKind::manifest_unknown)
        look(fact.at, fact.replica, fact.repository, fact.manifest);
    });
  }

 private:
  void look(Instant at, RegionId replica, RepositoryId repository, ManifestId manifest) {
    if (replicas_.readable(replica, repository, manifest)) return;
    violate(at, {"always", "closure", region(replica), image(manifest)}, [&] {
      return fmt::format("{} became visible in {} at {}, and not all that it lists is readable there",
                         image(manifest), region(replica), figure_in_one_unit(at));
    });
  }

  const ReplicaView& replicas_;
};

class HonestError final : public Judge {
 public:
  explicit HonestError(SharedObservers& shared) : Judge{shared.world()} {
    // Hosts ask for blobs that a served manifest lists, and for no others.
    world_.facts().subscribe<BlobRefused>([this](const BlobRefused& fact) {
      violate(fact.at, {"always", "honest-error", region(fact.replica)}, [&] {
        return fmt::format("{} answered BLOB_UNKNOWN to {} at {}, for a blob that a served manifest lists",
                           region(fact.replica), host(fact.host), figure_in_one_unit(fact.at));
      });
    });
  }
};

class TruthfulWebhook final : public Judge {
 public:
  explicit TruthfulWebhook(SharedObservers& shared) : Judge{shared.world()} {
    const ReplicaView& replicas = shared.replicas();
    for (const WebhookSpec& webhook : world_.plan().spec.webhooks)
      regions_.push_back(*world_.plan().region(webhook.region));
    world_.facts().subscribe<WebhookFired>([this, &replicas](const WebhookFired& fact) {
      if (fact.kind != ChangeKind::push) return;
      const RegionId where = regions_[fact.webhook];
      world_.simulation().note_read(observed::replica(where));
      const RepositoryId repository = world_.names().repository_of(fact.tag);
      if (replicas.has_manifest(where, repository, fact.manifest) &&
          replicas.readable(where, repository, fact.manifest))
        return;
      const std::string& name = world_.plan().spec.webhooks[fact.webhook].name;
      violate(fact.at, {"always", "truthful-webhook", name, tag(fact.tag)}, [&] {
        return fmt::format("{} told at {} that {} is in {}, and not all of it was", name,
                           figure_in_one_unit(fact.at), tag(fact.tag), region(where));
      });
    });
  }

 private:
  std::vector<RegionId> regions_;
};

class GcSafety final : public Judge {
 public:
  explicit GcSafety(SharedObservers& shared) : Judge{shared.world()}, replicas_{shared.replicas()} {
    stored_.resize(world_.plan().network.regions.size());
    FactBus& facts = world_.facts();
    facts.subscribe<ManifestStored>([this](const ManifestStored& fact) {
      stored_[index(fact.replica)].push_back({fact.repository, fact.manifest});
    });
    facts.subscribe<ManifestRemoved>([this](const ManifestRemoved& fact) { manifest_gone(fact); });
    facts.subscribe<BlobRemoved>([this](const BlobRemoved& fact) { blob_gone(fact); });
    facts.subscribe<BlobPromised>([this](const BlobPromised& fact) {
      note_promises(fact.host);
      world_.simulation().note_write(observed::replica(fact.replica));
      promises_.push_back({fact.host, fact.replica, fact.blob});
    });
    facts.subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) {
      if (fact.kind == ChangeKind::remove) deleted_.push_back(fact.manifest);
    });
    facts.subscribe<OperationEnded>([this](const OperationEnded& fact) {
      if (fact.kind == OperationKind::push) forget_promises(fact.host);
    });
    facts.subscribe<AttemptFailed>([this](const AttemptFailed& fact) {
      if (fact.kind == OperationKind::push) forget_promises(fact.host);
    });
  }

  void reset() override {
    Judge::reset();
    for (auto& manifests : stored_) manifests.clear();
    promises_.clear();
    deleted_.clear();
  }

 private:
  struct Stored {
    RepositoryId repository;
    ManifestId manifest;
  };
  struct Promise {
    HostId host;
    RegionId replica;
    BlobId blob;
  };

  void note_promises(HostId host) {
    world_.simulation().note_write(observed::object(observed::Kind::promises, 0, index(host)));
  }

  void forget_promises(HostId host) {
    note_promises(host);
    std::erase_if(promises_, [&](const Promise& promise) {
      if (promise.host != host) return false;
      world_.simulation().note_write(observed::replica(promise.replica));
      return true;
    });
  }

  void blob_gone(const BlobRemoved& fact) {
    for (const Stored& stored : stored_[index(fact.replica)]) {
      const auto& blobs = world_.content().manifest(stored.manifest).blobs;
      if (std::find(blobs.begin(), blobs.end(), fact.blob) == blobs.end()) continue;
      violate(fact.at, {"always", "gc-safety", region(fact.replica), image(stored.manifest)}, [&] {
        return fmt::format("{} purged a blob at {} that {} lists, which it keeps",
                           region(fact.replica), figure_in_one_unit(fact.at), image(stored.manifest));
      });
      return;
    }
    for (const Promise& promise : promises_) {
      if (promise.replica != fact.replica || promise.blob != fact.blob) continue;
      violate(fact.at, {"always", "gc-safety", region(fact.replica), host(promise.host)}, [&] {
        return fmt::format("{} purged a blob at {} that a push from {} had been told is there",
                           region(fact.replica), figure_in_one_unit(fact.at), host(promise.host));
      });
      return;
    }
  }

  // What users delete is theirs to lose; what is purged must not be needed.
  void manifest_gone(const ManifestRemoved& fact) {
    auto& manifests = stored_[index(fact.replica)];
    std::erase_if(manifests, [&](const Stored& stored) {
      return stored.repository == fact.repository && stored.manifest == fact.manifest;
    });
    world_.simulation().note_read(shared::all_commits);
    if (std::find(deleted_.begin(), deleted_.end(), fact.manifest) != deleted_.end()) return;
    for (const TagId id : world_.names().tags_of(fact.repository))
      if (replicas_.state(fact.replica, id).stored == fact.manifest)
        manifest_needed(fact, tag(id));
    for (const Stored& stored : manifests) {
      if (stored.repository != fact.repository) continue;
      for (const IndexEntry& entry : world_.content().manifest(stored.manifest).entries)
        if (entry.manifest == fact.manifest)
          manifest_needed(fact, std::string{image(stored.manifest)});
    }
  }

  void manifest_needed(const ManifestRemoved& fact, const std::string& by) {
    violate(fact.at, {"always", "gc-safety", region(fact.replica), image(fact.manifest)}, [&] {
      return fmt::format("{} purged {} at {}, which {} points at", region(fact.replica),
                         image(fact.manifest), figure_in_one_unit(fact.at), by);
    });
  }

  const ReplicaView& replicas_;
  std::vector<std::vector<Stored>> stored_;  // by region
  std::vector<Promise> promises_;
  std::vector<ManifestId> deleted_;
};

}  // namespace

std::unique_ptr<Judge> judge_closure(SharedObservers& shared) {
  return std::make_unique<Closure>(shared);
}
std::unique_ptr<Judge> judge_honest_error(SharedObservers& shared) {
  return std::make_unique<HonestError>(shared);
}
std::unique_ptr<Judge> judge_truthful_webhook(SharedObservers& shared) {
  return std::make_unique<TruthfulWebhook>(shared);
}
std::unique_ptr<Judge> judge_gc_safety(SharedObservers& shared) {
  return std::make_unique<GcSafety>(shared);
}

}  // namespace georep
