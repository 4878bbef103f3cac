// What one replica has stored: tags, manifests by digest, blobs. Plain state and the rules by which a change is judged; nothing here
// suspends.
#pragma once

#include <cstdint>
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

class Storage {
 public:
  Storage(Simulation& simulation, FactBus& facts, const Content& content, RegionId region)
      : simulation_{simulation}, facts_{facts}, content_{content}, region_{region} {}

  /// Forgets everything.
  void reset();

  // ---- Tags ------------------------------------------------------------------------------------------------

  /// What the tag points at, noted as read.
  TagRecord tag(TagId tag);

  /// Points the tag at a manifest (or at nothing), if the change wins by the rule. Says whether it moved.
  bool point_tag(TagId tag, ManifestId manifest, const Stamp& stamp, const ConflictRule& rule,
                 bool local);

  // ---- Manifests -------------------------------------------------------------------------------------------

  bool has_manifest(RepositoryId repository, ManifestId manifest);
  /// Stores a manifest, if the change wins by the rule. Says whether it is there now.
  bool store_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                      const ConflictRule& rule);
  bool remove_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                       const ConflictRule& rule);

  // ---- Blobs -----------------------------------------------------------------------------------------------

  bool has_blob(BlobId blob);
  /// Whether a manifest that is stored here lists the blob.
  bool referenced(BlobId blob) const;
  void store_blob(BlobId blob);
  void remove_blob(BlobId blob);

  /// Whether every blob of the manifest (and, of an index, every child with its blobs) is stored.
  bool holds_closure(RepositoryId repository, ManifestId manifest);
  /// Whether every blob of the manifest, and every child of an index, is there: what a replica asks of a manifest put to it.
  bool accepts(RepositoryId repository, ManifestId manifest);

  /// Notified whenever something is stored.
  Signal& arrivals() { return arrivals_; }

 private:
  struct ManifestRecord {
    bool present = false;
    bool known = false;  // a stamp was recorded
    Stamp stamp;
    Deadline forgotten;
  };
  ManifestRecord& manifest_record(RepositoryId repository, ManifestId manifest);
  bool wins(const Stamp& challenger, const Stamp& holder, bool removed, const Deadline& forgotten,
            const ConflictRule& rule);

  Simulation& simulation_;
  FactBus& facts_;
  const Content& content_;
  RegionId region_;
  std::vector<TagRecord> tags_;
  std::vector<std::vector<ManifestRecord>> manifests_;  // by repository, then manifest
  std::vector<std::uint8_t> blobs_;
  Signal arrivals_;
};

}  // namespace georep
