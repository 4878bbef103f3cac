#include "models/registry/storage.hpp"

#include <algorithm>

#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

template <class Record>
Record& at_or_grow(std::vector<Record>& records, std::uint32_t place) {
  if (place >= records.size()) records.resize(static_cast<std::size_t>(place) + 1);
  return records[place];
}

std::uint64_t manifest_key(RepositoryId repository, ManifestId manifest) {
  return static_cast<std::uint64_t>(index(repository)) << 20 ^ index(manifest);
}

}  // namespace

void Storage::reset() {
  // Clearing keeps the memory, so that thousands of small runs a second allocate nothing.
  std::fill(tags_.begin(), tags_.end(), TagRecord{});
  for (auto& repository : manifests_)
    std::fill(repository.begin(), repository.end(), ManifestRecord{});
  std::fill(blobs_.begin(), blobs_.end(), std::uint8_t{0});
}

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

bool Storage::point_tag(TagId tag, ManifestId manifest, const Stamp& stamp, const ConflictRule& rule,
                        bool local) {
  simulation_.note_write(shared::object(shared::Kind::tag, region_, index(tag)));
  TagRecord& record = at_or_grow(tags_, index(tag));
  const bool moved =
      record.commit == CommitId::none ||
      wins(stamp, record.stamp, record.manifest == ManifestId::none, record.forgotten, rule);
  // A change that arrives twice is the same change: applying it again alters nothing.
  if (moved && record.commit != stamp.commit) {
    record.manifest = manifest;
    record.commit = stamp.commit;
    record.stamp = stamp;
    record.forgotten = simulation_.deadline(rule.tombstones);
    arrivals_.notify_all();
  }
  simulation_.outcome(static_cast<std::uint64_t>(index(tag)) << 32 | index(record.manifest));
  facts_.tell([&] {
    return TagApplied{simulation_.now(), region_, tag,   stamp.commit,
                      record.manifest,   moved,   local};
  });
  return moved;
}

Storage::ManifestRecord& Storage::manifest_record(RepositoryId repository, ManifestId manifest) {
  return at_or_grow(at_or_grow(manifests_, index(repository)), index(manifest));
}

bool Storage::has_manifest(RepositoryId repository, ManifestId manifest) {
  simulation_.note_read(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  return index(repository) < manifests_.size() &&
         index(manifest) < manifests_[index(repository)].size() &&
         manifests_[index(repository)][index(manifest)].present;
}

bool Storage::store_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                             const ConflictRule& rule) {
  simulation_.note_write(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  ManifestRecord& record = manifest_record(repository, manifest);
  if (record.known && !record.present &&
      !wins(stamp, record.stamp, true, record.forgotten, rule))
    return false;
  const bool added = !record.present;
  if (!record.known || !record.present || beats(simulation_, stamp, record.stamp))
    record.stamp = stamp;
  record.present = true;
  record.known = true;
  if (added) {
    facts_.tell([&] { return ManifestStored{simulation_.now(), region_, repository, manifest}; });
    arrivals_.notify_all();
  }
  return true;
}

bool Storage::remove_manifest(RepositoryId repository, ManifestId manifest, const Stamp& stamp,
                              const ConflictRule& rule) {
  simulation_.note_write(
      shared::object(shared::Kind::manifest, region_, manifest_key(repository, manifest)));
  ManifestRecord& record = manifest_record(repository, manifest);
  if (record.known && rule.last_writer_wins && !beats(simulation_, stamp, record.stamp))
    return false;
  const bool removed = record.present;
  record.present = false;
  record.known = true;
  record.stamp = stamp;
  record.forgotten = simulation_.deadline(rule.tombstones);
  if (removed) {
    facts_.tell([&] { return ManifestRemoved{simulation_.now(), region_, repository, manifest}; });
  }
  return true;
}

bool Storage::has_blob(BlobId blob) {
  simulation_.note_read(shared::object(shared::Kind::blob, region_, index(blob)));
  return index(blob) < blobs_.size() && blobs_[index(blob)] != 0;
}

bool Storage::referenced(BlobId blob) const {
  for (const auto& repository : manifests_) {
    for (std::uint32_t id = 0; id < repository.size(); ++id) {
      if (!repository[id].present) continue;
      const auto& blobs = content_.manifest(static_cast<ManifestId>(id)).blobs;
      if (std::find(blobs.begin(), blobs.end(), blob) != blobs.end()) return true;
    }
  }
  return false;
}

void Storage::store_blob(BlobId blob) {
  simulation_.note_write(shared::object(shared::Kind::blob, region_, index(blob)));
  std::uint8_t& present = at_or_grow(blobs_, index(blob));
  if (present != 0) return;
  present = 1;
  facts_.tell([&] { return BlobStored{simulation_.now(), region_, blob}; });
  arrivals_.notify_all();
}

void Storage::remove_blob(BlobId blob) {
  simulation_.note_write(shared::object(shared::Kind::blob, region_, index(blob)));
  std::uint8_t& present = at_or_grow(blobs_, index(blob));
  if (present == 0) return;
  present = 0;
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
