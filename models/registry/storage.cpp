#include "models/registry/storage.hpp"

#include <algorithm>
#include <utility>

#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

// Every replica has a record of nearly everything: vectors that double would waste half of the largest part of the memory.
template <class Record>
Record& at_or_grow(std::vector<Record>& records, std::uint32_t place) {
  const std::size_t needed = std::size_t{place} + 1;
  if (needed > records.capacity()) records.reserve(needed + needed / 8);
  if (needed > records.size()) records.resize(needed);
  return records[place];
}

std::uint64_t manifest_key(RepositoryId repository, ManifestId manifest) {
  return static_cast<std::uint64_t>(index(repository)) << 20 ^ index(manifest);
}

SharedObject untagged_object(RegionId region, RepositoryId repository, ManifestId manifest) {
  return shared::object(shared::Kind::untagged, region, manifest_key(repository, manifest));
}

}  // namespace

void Storage::reset() {
  // Clearing keeps the memory, so that thousands of small runs a second allocate nothing.
  std::fill(tags_.begin(), tags_.end(), TagRecord{});
  std::fill(manifests_.begin(), manifests_.end(), ManifestRecord{});
  std::fill(blobs_.begin(), blobs_.end(), BlobRecord{});
  elsewhere_.clear();
  newly_untagged_.clear();
}

void Storage::preload(RepositoryId repository, TagId tag, ManifestId manifest) {
  at_or_grow(tags_, index(tag)).manifest = manifest;
  name_manifest(repository, manifest);
  ManifestRecord& record = find_or_add(repository, manifest);
  if (record.present) return;
  record.present = true;
  manifest_came(repository, manifest);
  for (const BlobId blob : content_.manifest(manifest).blobs)
    at_or_grow(blobs_, index(blob)).present = true;
}

// ---- Tags --------------------------------------------------------------------------------------------------------

TagRecord Storage::tag(TagId tag) {
  simulation_.note_read(shared::object(shared::Kind::tag, region_, index(tag)));
  return index(tag) < tags_.size() ? tags_[index(tag)] : TagRecord{};
}

bool Storage::wins(const Stamp& challenger, const Stamp& holder, bool removed,
                   const Deadline& forgotten, const ConflictRule& rule) {
  if (!rule.last_writer_wins) return true;
  if (removed && simulation_.passed(forgotten)) return true;
  return beats(simulation_, challenger, holder);
}

bool Storage::point_tag(RepositoryId repository, TagId tag, ManifestId manifest,
                        const Stamp& stamp, const ConflictRule& rule, bool local) {
  simulation_.note_write(shared::object(shared::Kind::tag, region_, index(tag)));
  TagRecord& record = at_or_grow(tags_, index(tag));
  // A change that arrives once more, and nothing has come between.
  if (record.stamp.commit == stamp.commit && stamp.commit != CommitId::none) return true;
  const bool first = record.commit == CommitId::none;
  // What was there before the run gives way to every change, and takes the place of none.
  const bool moved =
      first || (stamp.commit != CommitId::none &&
                wins(stamp, record.stamp, record.manifest == ManifestId::none, record.forgotten,
                     rule));
  if (moved) {
    const ManifestId before = record.manifest;
    record.manifest = manifest;
    record.commit = stamp.commit;
    record.stamp = stamp;
    record.forgotten = simulation_.deadline(rule.tombstones);
    if (manifest != ManifestId::none) name_manifest(repository, manifest);
    if (before != ManifestId::none) unname_manifest(repository, before);
    arrivals_.notify_all();
  }
  const ManifestId points_at = tags_[index(tag)].manifest;
  simulation_.outcome(static_cast<std::uint64_t>(index(tag)) << 32 | index(points_at));
  facts_.tell([&] {
    return TagApplied{simulation_.now(), region_, tag,   stamp.commit,
                      points_at,         moved,   local};
  });
  return moved;
}

void Storage::unpoint_tag(RepositoryId repository, TagId tag, const Stamp& removal,
                          const ConflictRule& rule, bool local) {
  simulation_.note_write(shared::object(shared::Kind::tag, region_, index(tag)));
  TagRecord& record = tags_[index(tag)];
  if (record.manifest == ManifestId::none) return;
  if (rule.last_writer_wins && record.commit != CommitId::none &&
      !beats(simulation_, removal, record.stamp))
    return;
  unname_manifest(repository, record.manifest);
  record.manifest = ManifestId::none;
  record.commit = removal.commit;
  if (!rule.last_writer_wins || record.stamp.commit == CommitId::none) record.stamp = removal;
  record.forgotten = simulation_.deadline(rule.tombstones);
  simulation_.outcome(static_cast<std::uint64_t>(index(tag)) << 32);
  facts_.tell([&] {
    return TagApplied{simulation_.now(), region_, tag, removal.commit, ManifestId::none, true,
                      local};
  });
}

// ---- Manifests ---------------------------------------------------------------------------------------------------

Storage::ManifestRecord* Storage::find(RepositoryId repository, ManifestId manifest) {
  if (index(manifest) >= manifests_.size()) return nullptr;
  ManifestRecord* record = &manifests_[index(manifest)];
  while (record->repository != repository) {
    if (record->following == none) return nullptr;
    record = &elsewhere_[record->following];
  }
  return record;
}

Storage::ManifestRecord& Storage::find_or_add(RepositoryId repository, ManifestId manifest) {
  if (ManifestRecord* known = find(repository, manifest)) return *known;
  ManifestRecord& first = at_or_grow(manifests_, index(manifest));
  if (first.repository == RepositoryId::none) {
    first.repository = repository;
    return first;
  }
  ManifestRecord record;
  record.repository = repository;
  record.following = first.following;
  first.following = static_cast<std::uint32_t>(elsewhere_.size());
  return elsewhere_.emplace_back(record);
}

void Storage::name_manifest(RepositoryId repository, ManifestId manifest) {
  simulation_.note_write(untagged_object(region_, repository, manifest));
  ++find_or_add(repository, manifest).names;
}

void Storage::unname_manifest(RepositoryId repository, ManifestId manifest) {
  simulation_.note_write(untagged_object(region_, repository, manifest));
  ManifestRecord& record = find_or_add(repository, manifest);
  if (--record.names == 0 && record.present) became_untagged(record, manifest);
}

void Storage::became_untagged(ManifestRecord& record, ManifestId manifest) {
  record.untagged_since = simulation_.deadline(Duration{});
  newly_untagged_.push_back({record.repository, manifest, record.untagged_since});
}

Stamp Storage::manifest_stamp(RepositoryId repository, ManifestId manifest) {
  const ManifestRecord* record = find(repository, manifest);
  return record == nullptr ? Stamp{} : record->stored;
}

std::optional<Deadline> Storage::untagged_since(RepositoryId repository, ManifestId manifest) {
  simulation_.note_read(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  simulation_.note_read(untagged_object(region_, repository, manifest));
  const ManifestRecord* record = find(repository, manifest);
  if (record == nullptr || !record->present || record->names > 0) return std::nullopt;
  return record->untagged_since;
}

std::vector<UntaggedManifest> Storage::untagged() const {
  std::vector<UntaggedManifest> result;
  for (std::uint32_t id = 0; id < manifests_.size(); ++id)
    for (const ManifestRecord* record = &manifests_[id]; record != nullptr;
         record = following(*record))
      if (record->present && record->names == 0)
        result.push_back({record->repository, static_cast<ManifestId>(id), record->untagged_since});
  return result;
}

std::vector<UntaggedManifest> Storage::take_newly_untagged() {
  return std::exchange(newly_untagged_, {});
}

// What a stored manifest lists is referenced: its blobs, and the children of an index.
void Storage::manifest_came(RepositoryId repository, ManifestId manifest) {
  for (const BlobId blob : content_.manifest(manifest).blobs) {
    simulation_.note_read(shared::object(shared::Kind::references, region_, index(blob)));
    ++at_or_grow(blobs_, index(blob)).manifests;
  }
  for (const IndexEntry& entry : content_.manifest(manifest).entries)
    name_manifest(repository, entry.manifest);
}

void Storage::manifest_went(RepositoryId repository, ManifestId manifest) {
  for (const BlobId blob : content_.manifest(manifest).blobs) {
    simulation_.note_read(shared::object(shared::Kind::references, region_, index(blob)));
    --blobs_[index(blob)].manifests;
  }
  for (const IndexEntry& entry : content_.manifest(manifest).entries)
    unname_manifest(repository, entry.manifest);
}

bool Storage::has_manifest(RepositoryId repository, ManifestId manifest) {
  simulation_.note_read(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  const ManifestRecord* record = find(repository, manifest);
  return record != nullptr && record->present;
}

// Whether a change stands against what is remembered of the manifest's removal.
bool Storage::outlives_removal(const ManifestRecord& record, const Stamp& stamp) {
  return !record.removal_known || simulation_.passed(record.forgotten) ||
         beats(simulation_, stamp, record.removal);
}

bool Storage::store_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                             const ConflictRule& rule) {
  simulation_.note_write(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  ManifestRecord& record = find_or_add(repository, manifest);
  if (!record.stored_known || beats(simulation_, stamp, record.stored)) record.stored = stamp;
  record.stored_known = true;
  if (record.present) return true;
  if (rule.last_writer_wins && !outlives_removal(record, record.stored)) return false;
  record.present = true;
  simulation_.note_write(untagged_object(region_, repository, manifest));
  if (record.names == 0) became_untagged(record, manifest);
  manifest_came(repository, manifest);
  facts_.tell([&] { return ManifestStored{simulation_.now(), region_, repository, manifest}; });
  arrivals_.notify_all();
  return true;
}

bool Storage::remove_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                              const ConflictRule& rule) {
  simulation_.note_write(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  remember_removal(repository, manifest, stamp, rule);
  ManifestRecord& record = find_or_add(repository, manifest);
  if (rule.last_writer_wins && record.stored_known && !beats(simulation_, stamp, record.stored))
    return false;
  if (!std::exchange(record.present, false)) return true;
  simulation_.note_write(untagged_object(region_, repository, manifest));
  manifest_went(repository, manifest);
  facts_.tell([&] { return ManifestRemoved{simulation_.now(), region_, repository, manifest}; });
  return true;
}

void Storage::remember_removal(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                               const ConflictRule& rule) {
  simulation_.note_write(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  ManifestRecord& record = find_or_add(repository, manifest);
  if (record.removal_known && !beats(simulation_, stamp, record.removal)) return;
  record.removal_known = true;
  record.removal = stamp;
  record.forgotten = simulation_.deadline(rule.tombstones);
}

std::optional<Stamp> Storage::later_removal(RepositoryId repository, ManifestId manifest,
                                            const Stamp& stamp, const ConflictRule& rule) {
  if (!rule.last_writer_wins) return std::nullopt;
  simulation_.note_read(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  const ManifestRecord* record = find(repository, manifest);
  if (record == nullptr || outlives_removal(*record, stamp)) return std::nullopt;
  return record->removal;
}

void Storage::purge(RepositoryId repository, ManifestId manifest) {
  simulation_.note_write(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  ManifestRecord* record = find(repository, manifest);
  if (record == nullptr || !record->present) return;
  record->present = false;
  record->stored_known = false;
  simulation_.note_write(untagged_object(region_, repository, manifest));
  manifest_went(repository, manifest);
  facts_.tell([&] { return ManifestRemoved{simulation_.now(), region_, repository, manifest}; });
  for (const BlobId blob : content_.manifest(manifest).blobs) {
    simulation_.note_write(shared::object(shared::Kind::references, region_, index(blob)));
    if (!referenced(blob)) remove_blob(blob);
  }
}

// ---- Blobs -------------------------------------------------------------------------------------------------------

bool Storage::has_blob(BlobId blob) {
  simulation_.note_read(shared::object(shared::Kind::blob, region_, index(blob)));
  return index(blob) < blobs_.size() && blobs_[index(blob)].present;
}

void Storage::store_blob(BlobId blob) {
  simulation_.note_write(shared::object(shared::Kind::blob, region_, index(blob)));
  if (std::exchange(at_or_grow(blobs_, index(blob)).present, true)) return;
  facts_.tell([&] { return BlobStored{simulation_.now(), region_, blob}; });
  arrivals_.notify_all();
}

void Storage::remove_blob(BlobId blob) {
  simulation_.note_write(shared::object(shared::Kind::blob, region_, index(blob)));
  if (!std::exchange(at_or_grow(blobs_, index(blob)).present, false)) return;
  facts_.tell([&] { return BlobRemoved{simulation_.now(), region_, blob}; });
}

bool Storage::holds_closure(RepositoryId repository, ManifestId manifest) {
  const Manifest& content = content_.manifest(manifest);
  for (const BlobId blob : content.blobs)
    if (!has_blob(blob)) return false;
  for (const IndexEntry& entry : content.entries)
    if (!has_manifest(repository, entry.manifest) || !holds_closure(repository, entry.manifest))
      return false;
  return true;
}

bool Storage::accepts(RepositoryId repository, ManifestId manifest) {
  const Manifest& content = content_.manifest(manifest);
  for (const BlobId blob : content.blobs)
    if (!has_blob(blob)) return false;
  for (const IndexEntry& entry : content.entries)
    if (!has_manifest(repository, entry.manifest)) return false;
  return true;
}

}  // namespace georep
