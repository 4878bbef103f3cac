// What one replica has stored: tags, manifests by digest, blobs. Plain state and the rules by which a change is judged; nothing here
// suspends.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/facts/fact_bus.hpp"
#include "models/registry/content.hpp"
#include "models/registry/ids.hpp"
#include "models/registry/stamp.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

/// How a replica judges a change against what it holds.
struct ConflictRule {
  bool last_writer_wins = true;
  Duration tombstones;  ///< how long a removal is remembered
};

/// What a tag points at in one replica.
struct TagRecord {
  ManifestId manifest = ManifestId::none;
  CommitId commit = CommitId::none;  ///< the change that set or removed it; none before the first
  Stamp stamp;
  Deadline forgotten;  ///< of a removal: when it is no longer remembered
};

/// A manifest of a repository that no tag and no stored index names any more, or yet.
struct UntaggedManifest {
  RepositoryId repository = RepositoryId::none;
  ManifestId manifest = ManifestId::none;
  Deadline since;
};

class Storage {
 public:
  Storage(Simulation& simulation, FactBus& facts, const Content& content, RegionId region)
      : simulation_{simulation}, facts_{facts}, content_{content}, region_{region} {}

  /// Forgets everything.
  void reset();

  /// What was there before the run began: no fact is told of it, and any change wins against it.
  void preload(RepositoryId repository, TagId tag, ManifestId manifest);

  // ---- Tags ------------------------------------------------------------------------------------------------

  /// What the tag points at, noted as read.
  TagRecord tag(TagId tag);

  /// Points the tag at a manifest (or at nothing), if the change wins by the rule. Says whether the tag holds it now. A change that
  /// arrives once more alters nothing.
  bool point_tag(RepositoryId repository, TagId tag, ManifestId manifest, const Stamp& stamp,
                 const ConflictRule& rule, bool local);

  /// The manifest that the tag points at is removed: the tag points at nothing, unless it was pointed there later by its stamp. Later
  /// changes are judged against the stamp of what the removal undid, so that all replicas agree whatever arrives first.
  void unpoint_tag(RepositoryId repository, TagId tag, const Stamp& removal,
                   const ConflictRule& rule, bool local);

  /// Everything that is known of tags, by tag; not noted.
  const std::vector<TagRecord>& tags() const { return tags_; }

  // ---- Manifests -------------------------------------------------------------------------------------------

  bool has_manifest(RepositoryId repository, ManifestId manifest);
  /// Stores a manifest, if the change wins by the rule. Says whether it is there now.
  bool store_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                      const ConflictRule& rule);
  bool remove_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                       const ConflictRule& rule);
  /// Keeps in mind that a manifest is removed by a change, one of whose records has arrived.
  void remember_removal(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                        const ConflictRule& rule);
  /// The stamp of a removal that is remembered and later than the change; nothing where there is none.
  std::optional<Stamp> later_removal(RepositoryId repository, ManifestId manifest,
                                     const Stamp& stamp, const ConflictRule& rule);

  /// The stamp of the change that stored a manifest that is there.
  Stamp manifest_stamp(RepositoryId repository, ManifestId manifest);

  /// Whether the manifest is there and nothing names it, and since when.
  std::optional<Deadline> untagged_since(RepositoryId repository, ManifestId manifest);
  /// Every manifest that nothing names.
  std::vector<UntaggedManifest> untagged() const;
  /// Those that have become so since this was last asked.
  std::vector<UntaggedManifest> take_newly_untagged();
  /// Drops a manifest without remembering it, and the blobs that no other manifest here lists.
  void purge(RepositoryId repository, ManifestId manifest);

  /// Calls `visit(repository, manifest)` for each manifest that is there.
  template <class Visit>
  void for_each_manifest(Visit visit) const {
    for (std::uint32_t id = 0; id < manifests_.size(); ++id)
      for (const ManifestRecord* record = &manifests_[id]; record != nullptr;
           record = following(*record))
        if (record->present) visit(record->repository, static_cast<ManifestId>(id));
  }

  // ---- Blobs -----------------------------------------------------------------------------------------------

  bool has_blob(BlobId blob);
  /// Whether a manifest that is stored here lists the blob.
  bool referenced(BlobId blob) const {
    return index(blob) < blobs_.size() && blobs_[index(blob)].manifests > 0;
  }
  void store_blob(BlobId blob);
  void remove_blob(BlobId blob);

  /// Whether every blob of the manifest (and, of an index, every child with its blobs) is stored.
  bool holds_closure(RepositoryId repository, ManifestId manifest);
  /// Whether every blob of the manifest, and every child of an index, is there: what a replica asks of a manifest put to it.
  bool accepts(RepositoryId repository, ManifestId manifest);

  /// Notified whenever something is stored.
  Signal& arrivals() { return arrivals_; }

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  /// A manifest in one repository. Nearly every manifest is in one repository only.
  struct ManifestRecord {
    RepositoryId repository = RepositoryId::none;
    std::uint32_t following = none;  // its record in another repository, in `elsewhere_`
    std::uint32_t names = 0;         // tags that point at it and stored indexes that list it
    bool present = false;
    // The latest change that stored it and the latest that removed it: of both, so that what arrives later is judged alike
    // whichever came first.
    bool stored_known = false;
    bool removal_known = false;
    Stamp stored;
    Stamp removal;
    Deadline forgotten;
    Deadline untagged_since;
  };
  struct BlobRecord {
    bool present = false;
    std::uint32_t manifests = 0;  // stored ones that list it
  };

  const ManifestRecord* following(const ManifestRecord& record) const {
    return record.following == none ? nullptr : &elsewhere_[record.following];
  }
  ManifestRecord* find(RepositoryId repository, ManifestId manifest);
  ManifestRecord& find_or_add(RepositoryId repository, ManifestId manifest);
  void name_manifest(RepositoryId repository, ManifestId manifest);
  void unname_manifest(RepositoryId repository, ManifestId manifest);
  bool outlives_removal(const ManifestRecord& record, const Stamp& stamp);
  void became_untagged(ManifestRecord& record, ManifestId manifest);
  void manifest_came(RepositoryId repository, ManifestId manifest);
  void manifest_went(RepositoryId repository, ManifestId manifest);
  bool wins(const Stamp& challenger, const Stamp& holder, bool removed, const Deadline& forgotten,
            const ConflictRule& rule);

  Simulation& simulation_;
  FactBus& facts_;
  const Content& content_;
  RegionId region_;
  std::vector<TagRecord> tags_;
  std::vector<ManifestRecord> manifests_;  // by manifest
  std::vector<ManifestRecord> elsewhere_;
  std::vector<BlobRecord> blobs_;
  std::vector<UntaggedManifest> newly_untagged_;
  Signal arrivals_;
};

}  // namespace georep
