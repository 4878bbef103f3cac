// Content: blobs and manifests named by their digests. A digest is a pure function of what the content is made of, so that layers
// shared by name are shared by content (OCI image specification, "Descriptors").
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/registry/ids.hpp"

namespace georep {

/// 256 bits that name content.
struct Digest {
  std::array<std::uint64_t, 4> words{};

  /// The digest of content that is described by a text: the same text, the same digest.
  static Digest of(std::string_view description);
  /// The digest written as `sha256:` and 64 hexadecimal digits; as `of` for any other text.
  static Digest parse(std::string_view text);
  /// `sha256:` and 64 hexadecimal digits.
  std::string text() const;

  friend bool operator==(const Digest&, const Digest&) = default;
};

struct Blob {
  Digest digest;
  std::int64_t bytes = 0;
};

/// A platform's manifest in an image index: `linux/amd64`.
struct IndexEntry {
  std::string platform;
  ManifestId manifest = ManifestId::none;
};

struct Manifest {
  Digest digest;
  std::string name;                 ///< the image's name in the scenario
  std::vector<BlobId> blobs;        ///< config (where there is one), then layers
  std::vector<IndexEntry> entries;  ///< of an image index; empty for an image
  bool children_first = true;       ///< whether an index's children are replicated before it

  bool is_index() const { return !entries.empty(); }
};

/// All content that a run knows. The plan's content comes first; what workloads push is added behind it and dropped by `truncate`.
class Content {
 public:
  /// The blob of that digest, added if it is new. The size belongs to the digest.
  BlobId add_blob(const Digest& digest, std::int64_t bytes);

  /// An image of those layers with a config of `config_bytes` (none at 0). Equal layers make equal digests, unless `mark`, which stands
  /// for what else the config says, differs.
  ManifestId add_image(std::string name, const std::vector<BlobId>& layers,
                       std::int64_t config_bytes, std::string_view mark = {});

  /// An image index over manifests that are there already.
  ManifestId add_index(std::string name, std::vector<IndexEntry> entries, bool children_first);

  const Blob& blob(BlobId id) const { return blobs_[index(id)]; }
  const Manifest& manifest(ManifestId id) const { return manifests_[index(id)]; }
  std::size_t blob_count() const { return blobs_.size(); }
  std::size_t manifest_count() const { return manifests_.size(); }

  /// The manifests that an index lists, and those that these list, each once and behind its own children. Empty for an image.
  std::vector<ManifestId> descendants(ManifestId id) const;

  /// From the manifest itself down to the one that a platform runs, each a child of the one before; empty where an index has none for
  /// the platform.
  std::vector<ManifestId> way_to_platform(ManifestId id, std::string_view platform) const;

  /// Every blob that a pull of the manifest, of whatever platform, may need; in order, each once.
  std::vector<BlobId> closure(ManifestId id) const;

  /// Drops what was added beyond the given counts.
  void truncate(std::size_t blob_count, std::size_t manifest_count);

 private:
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const { return digest.words[0]; }
  };
  ManifestId add_manifest(Manifest manifest);

  std::vector<Blob> blobs_;
  std::vector<Manifest> manifests_;
  // Looked up only, never iterated: their order is no part of any result.
  std::unordered_map<Digest, BlobId, DigestHash> blob_by_digest_;
  std::unordered_map<Digest, ManifestId, DigestHash> manifest_by_digest_;
};

}  // namespace georep
