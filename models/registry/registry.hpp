// The registry: its replicas and what they answer. The distribution API as the server sees it; what a client sees of it, latency and
// bytes included, is in models/clients.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/facts/fact_bus.hpp"
#include "models/network/network.hpp"
#include "models/registry/content.hpp"
#include "models/registry/distribution_api.hpp"
#include "models/registry/names.hpp"
#include "models/registry/replica.hpp"
#include "models/registry/spec.hpp"

namespace georep {

/// A change that a replica accepted from a client and that the others are to hear of.
struct Change {
  CommitId commit = CommitId::none;
  std::uint64_t identity = 0;  ///< a stable number, whatever the order of commits: the key of its draws
  ChangeKind kind = ChangeKind::push;
  RegionId origin = RegionId::none;
  RepositoryId repository = RepositoryId::none;
  TagId tag = TagId::none;
  ManifestId manifest = ManifestId::none;
  Stamp stamp;
  bool backfill = false;  ///< what was there before the replica was: copied to it, not announced in it

  bool removes() const { return kind == ChangeKind::untag || kind == ChangeKind::remove; }
};

/// A manifest request as it reaches a replica.
struct ManifestRequest {
  Reference reference;
  std::uint64_t identity = 0;  ///< a stable number of this request: the key of its random draws
};

class Registry {
 public:
  /// What the registry is told about itself before a run.
  struct Member {
    RegionId region;
    std::uint64_t name = 0;       ///< stable hash of the region's name
    std::uint16_t name_rank = 0;  ///< place in the order of names
    Duration skew;
  };

  /// `spec` may change during a run; whoever changes it calls `settings_changed`.
  Registry(Simulation& simulation, FactBus& facts, Network& network, Content& content, Names& names,
           const RegistrySpec& spec);
  ~Registry();

  /// Empty replicas at the given places, for the next run.
  void reset(const std::vector<Member>& members);
  /// Adds a replica in mid-run, empty. One that was removed there before is forgotten.
  Replica& add(const Member& member);
  /// The replica answers no client any more, and holds nothing that counts. What was pushed to it may still be copied from it.
  void remove(Replica& replica);
  /// The settings have changed in mid-run.
  void settings_changed();

  /// What is there already when a replica is added, and the replica nearest to it that has it: what the new one copies.
  struct Held {
    Change change;
    RegionId source = RegionId::none;
  };
  /// The oldest change first, what was there before the run before all.
  std::vector<Held> held_elsewhere(const Replica& added);

  /// The replicas in the order of the scenario, those removed since included (`present` tells).
  std::vector<std::unique_ptr<Replica>>& replicas() { return replicas_; }
  /// The replica of that region, or null.
  Replica* replica(RegionId region);

  // ---- Reading ---------------------------------------------------------------------------------------------

  /// The answer to a manifest request, where the replica needs no time to form it.
  std::optional<ManifestReply> manifest_at_once(Replica& replica, const ManifestRequest& request);
  /// The same where it does; called when `manifest_at_once` gave nothing. A crash ends it without an answer. The canceller lives as long as the
  /// reply is waited for, and what the replica fetches for it no longer.
  void manifest_later(Replica& replica, const ManifestRequest& request,
                      ReplyTo<ManifestReply> reply, TransferCanceller& canceller);

  /// Whether a replica has a blob: HEAD. Takes one token of the read limit.
  std::expected<bool, Refusal> head_blob(Replica& replica, BlobId blob);
  /// Whether a blob can be downloaded now, where the replica needs no time to know.
  std::optional<std::expected<void, Refusal>> blob_at_once(Replica& replica, BlobId blob);
  /// The same where it does: it waits for the blob or fetches it from another replica, as for `manifest_later`.
  void blob_later(Replica& replica, BlobId blob, std::uint64_t identity,
                  ReplyTo<std::expected<void, Refusal>> reply, TransferCanceller& canceller);

  // ---- Writing ---------------------------------------------------------------------------------------------

  /// POST and PUT of a blob take one token each of the write limit.
  std::expected<void, Refusal> begin_upload(Replica& replica);
  std::expected<void, Refusal> finish_upload(Replica& replica, BlobId blob);
  /// PUT of an index's child, by digest: stored with its index's change.
  std::expected<void, Refusal> put_child(Replica& replica, RepositoryId repository,
                                         ManifestId manifest);
  /// PUT of a manifest under a tag: the commit of a push or a retag.
  std::expected<CommitId, Refusal> put_manifest(Replica& replica, const Requester& requester,
                                                TagId tag, ManifestId manifest, ChangeKind kind);
  /// DELETE of a tag; the manifest stays.
  std::expected<CommitId, Refusal> delete_tag(Replica& replica, const Requester& requester,
                                              TagId tag);
  /// DELETE of a manifest by digest, and of every tag on it.
  std::expected<CommitId, Refusal> delete_manifest(Replica& replica, const Requester& requester,
                                                   RepositoryId repository, ManifestId manifest);

  // ---- What replication applies ----------------------------------------------------------------------------

  /// `invalidates`: whether the order that the change is copied by has an invalidation. A manifest that comes with it is not hidden by what a
  /// cache remembers of its digest.
  void apply_manifest(Replica& replica, const Change& change, bool invalidates);
  void apply_tag(Replica& replica, const Change& change);
  void apply_invalidation(Replica& replica, const Change& change);

  /// Whether the replica can serve all of a manifest from its own storage.
  bool serves(Replica& replica, RepositoryId repository, ManifestId manifest);

  // ---- Health ----------------------------------------------------------------------------------------------

  /// Ends all that replicas are doing for clients, before a reset.
  void end_serving();
  /// The replica stops answering; what it stored survives, its cache and what it was serving do not. Downloads that were redirected to the
  /// region's storage go on.
  void crash(Replica& replica);
  void recover(Replica& replica);
  /// Notified when a replica crashes or recovers.
  Signal& health_changed() { return health_changed_; }

  /// Called for every commit, after the change has been applied locally.
  void on_commit(std::function<void(const Change&)> listener) {
    commit_listeners_.push_back(std::move(listener));
  }

  const RegistrySpec& spec() const { return spec_; }
  const Content& content() const { return content_; }
  const Names& names() const { return names_; }
  ConflictRule conflict_rule() const;

 private:
  struct Reading {
    ManifestId manifest = ManifestId::none;  // none: unknown
    CommitId commit = CommitId::none;
    bool complete = true;  // false: hidden because a part of it is missing
  };
  Reading read(Replica& replica, const Reference& reference);
  ManifestReply refuse(ErrorCode code, bool cached);
  ManifestReply answer(const Reading& reading, bool cached);
  std::optional<ManifestReply> limited(Replica& replica);
  std::optional<ManifestReply> from_cache(Replica& replica, const Reference& reference);
  /// How often a key was invalidated in each of a replica's caches, by CacheTier.
  using Generations = std::array<std::uint32_t, 2>;
  static Generations generations(Replica& replica, const Reference& reference);
  void fill_caches(Replica& replica, const Reference& reference, const Reading& reading,
                   const Generations& generations);
  Duration storage_time(const Replica& replica, const ManifestRequest& request);
  bool hides_incomplete() const;
  bool answers_at_once(const Reading& reading) const;

  Task<void> serve_manifest(Replica& replica, ManifestRequest request,
                            ReplyTo<ManifestReply> reply, TransferCanceller& canceller);
  Task<Reading> missing_manifest(Replica& replica, ManifestRequest request, Reading reading,
                                 const ReplyTo<ManifestReply>& reply, TransferCanceller& canceller);
  Task<void> serve_blob(Replica& replica, BlobId blob, std::uint64_t identity,
                        ReplyTo<std::expected<void, Refusal>> reply, TransferCanceller& canceller);
  template <class Answer>
  Task<bool> fetch(Replica& replica, RegionId origin, std::int64_t bytes, std::uint64_t identity,
                   const ReplyTo<Answer>& reply, TransferCanceller& canceller);
  Replica* nearest_with(Replica& asking, const std::function<bool(Replica&)>& has);

  Replica& place(const Member& member);
  void start_empty(Replica& replica, const Member& member);
  /// The caches of one tier, and the scope that they were made for.
  struct Caches {
    std::optional<CacheScope> scope;
    std::vector<std::unique_ptr<ManifestCache>> caches;
  };
  void choose_caches();
  void choose_caches(CacheTier tier, const std::optional<ManifestCacheSpec>& spec);
  RegionId nearest_of(const Replica& asking, const std::function<bool(Replica&)>& has);
  void add_tags(const Replica& added, std::vector<Held>& held);
  void add_untagged(const Replica& added, std::vector<Held>& held);
  void schedule_purges(Replica& replica);
  Task<void> purge_when_due(Replica& replica, RepositoryId repository, ManifestId manifest,
                            Deadline since, Duration age);

  CommitId next_commit() { return static_cast<CommitId>(commits_++); }
  void hear_stamp(Replica& replica, const Stamp& stamp);
  Stamp take_stamp(Replica& replica, CommitId commit);
  Change new_change(Replica& replica, const Requester& requester, ChangeKind kind,
                    RepositoryId repository, TagId tag, ManifestId manifest);
  void committed(Replica& replica, const Requester& requester, const Change& change);
  void store_manifest(Replica& replica, RepositoryId repository, ManifestId manifest,
                      const Stamp& stamp, CacheEvent event);
  void point_tag(Replica& replica, const Change& change, bool local);
  void unpoint_all(Replica& replica, const Change& change, bool local);
  void tell_caches(Replica& replica, ManifestCache::Key key, CacheEvent event);
  void empty_own_caches(Replica& replica);

  Simulation& simulation_;
  FactBus& facts_;
  Network& network_;
  Content& content_;
  Names& names_;
  const RegistrySpec& spec_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::vector<Replica*> by_region_;
  std::array<Caches, 2> tiers_;  // by CacheTier
  std::vector<std::function<void(const Change&)>> commit_listeners_;
  std::uint32_t commits_ = 0;
  Signal health_changed_;
  std::optional<Duration> retained_for_;  // the age that purges have been scheduled for
  ProcessScope purges_;
};

}  // namespace georep
