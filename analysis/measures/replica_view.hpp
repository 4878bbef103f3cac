// What every replica holds and would answer, put together from facts: stored tags, manifests and blobs, and what a cache remembers over them. It
// knows when an answer changes even where nothing happens, because a remembered one has reached its time to live.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "analysis/measures/observer.hpp"
#include "models/world/world.hpp"

namespace georep {

/// What a request for a tag would get from a replica.
struct TagAnswer {
  ManifestId manifest = ManifestId::none;  ///< none: MANIFEST_UNKNOWN
  CommitId commit = CommitId::none;        ///< the change that put it there
  bool complete = false;                   ///< whether the replica stores all that the manifest lists
  friend bool operator==(const TagAnswer&, const TagAnswer&) = default;
};

class ReplicaView final : public Observer {
 public:
  explicit ReplicaView(World& world);

  struct TagState {
    ManifestId stored = ManifestId::none;  ///< what the tag points at in storage
    CommitId commit = CommitId::none;      ///< the change that pointed it there, or that removed it
    bool stored_whole = false;             ///< whether storage has that manifest and all that it lists
    bool held = false;                     ///< whether storage has ever answered the tag in this run
    TagAnswer answer;                      ///< cache included
  };
  struct AnswerChange {
    Deadline moment;  ///< an event's own, or the end of a time to live
    RegionId replica;
    TagId tag;
    TagAnswer before;
    TagAnswer after;
  };

  /// Called when what a replica would answer has changed.
  void on_answer(std::function<void(const AnswerChange&)> listener) {
    answer_listeners_.push_back(std::move(listener));
  }
  /// Called when anything that bears on a tag in a replica may have changed, after `on_answer`.
  void on_update(std::function<void(const Deadline&, RegionId, TagId)> listener) {
    update_listeners_.push_back(std::move(listener));
  }

  /// Somebody draws conclusions from what several replicas answer at one time: a search then has to see in which order they change, whichever
  /// they are.
  void follow_together() { together_ = true; }

  const TagState& state(RegionId replica, TagId tag) const;
  bool has_manifest(RegionId replica, RepositoryId repository, ManifestId manifest) const;
  bool has_blob(RegionId replica, BlobId blob) const;
  /// Whether the replica stores every blob of the manifest and, of an index, every child with its blobs.
  bool holds_closure(RegionId replica, RepositoryId repository, ManifestId manifest) const;
  /// Whether a client there could read all of that now: it is stored, or the replica would fetch what is missing from another that answers.
  bool readable(RegionId replica, RepositoryId repository, ManifestId manifest) const;
  /// What a pull of the tag would get there now: the replica's answer or, where it knows none and asks others, that of the nearest one that has
  /// the tag; nothing where a part would be missing.
  TagAnswer pulled(RegionId replica, TagId tag) const;
  bool alive(RegionId replica) const { return replicas_[index(replica)].alive; }
  /// When the replica became a member in mid-run; nothing for those of the plan.
  const std::optional<Deadline>& joined(RegionId replica) const { return replicas_[index(replica)].joined; }

  /// The registry's replicas now, in the order of the scenario and then of joining.
  const std::vector<RegionId>& members() const { return members_; }

  void reset() override;
  void finish(Instant end) override;

 private:
  struct Remembered {
    bool present = false;
    ManifestId manifest = ManifestId::none;
    CommitId commit = CommitId::none;
    Deadline expires;
  };
  struct Replica {
    /// Holds and remembers nothing from now on.
    void empty();

    std::vector<TagState> tags;
    std::array<std::vector<Remembered>, 2> caches;  // by CacheTier, then tag
    std::array<std::vector<std::uint8_t>, 2> expired;  // likewise: whether what is remembered was found too old in a search
    std::vector<std::vector<std::uint8_t>> manifests;  // by repository, then manifest
    std::vector<std::uint8_t> blobs;
    std::vector<TagId> unsettled;  // tags that point at something that is not all there
    bool alive = true;
    std::optional<Deadline> joined;
  };
  struct Expiry {
    Instant at;
    std::uint64_t sequence;
    CacheTier tier;
    RegionId owner;
    TagId tag;
    bool operator<(const Expiry& other) const {
      return at != other.at ? at > other.at : sequence > other.sequence;
    }
  };

  void subscribe();
  void preload();
  void heard(Instant at, RegionId replica);
  void advance(Instant now);
  void expire(std::span<const RegionId> regions);
  /// An answer that a replica gave until what its cache held had become too old.
  struct Expired {
    Deadline moment;
    RegionId region;
    TagId tag;
    TagAnswer after;
  };
  void add_expired(RegionId region, TagId tag, std::vector<Expired>& expired);
  Remembered& remembered(CacheTier tier, RegionId owner, TagId tag);
  /// What the caches that a replica asks hold for a tag, in the order of asking; null where one holds nothing.
  using Entries = std::array<const Remembered*, 2>;
  Entries entries(RegionId region, TagId tag) const;
  bool is_known_expired(RegionId region, std::size_t tier, TagId tag) const;
  bool makes_a_difference(RegionId region, TagId tag, const Entries& entries, std::size_t place) const;
  Deadline moment_of(Instant at) const;
  void refresh_owner(const Deadline& moment, RegionId owner, TagId tag);
  void refresh(const Deadline& moment, RegionId replica, TagId tag);
  void settle(const Deadline& moment, RegionId replica, TagId tag, const TagAnswer& answer);
  void refresh_unsettled(Instant at, RegionId replica);
  void refresh_all(Instant at, RegionId replica);
  bool is_live(const Remembered& entry, Instant at) const;
  TagAnswer answer_from(RegionId region, TagId tag, ManifestId manifest, CommitId commit) const;
  TagAnswer stored_answer(RegionId region, TagId tag) const;
  TagAnswer answer_of(RegionId region, TagId tag, Instant at) const;
  void set_membership(const MembershipChanged& fact);

  World& world_;
  std::vector<Replica> replicas_;     // by region
  std::array<std::vector<Remembered>, 2> shared_;  // of the caches that all replicas share, by CacheTier
  std::vector<RegionId> members_;
  std::priority_queue<Expiry> expiries_;
  std::uint64_t sequence_ = 0;
  bool together_ = false;
  std::vector<std::function<void(const AnswerChange&)>> answer_listeners_;
  std::vector<std::function<void(const Deadline&, RegionId, TagId)>> update_listeners_;
};

}  // namespace georep
