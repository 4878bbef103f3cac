#include "models/registry/content.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

// Four rounds of a 64-bit mix (the finaliser of SplitMix64) over the text, eight bytes at a time, each from its own start: not
// a cryptographic digest, but one whose 256 bits do not collide by accident.
std::uint64_t mix(std::uint64_t h) {
  h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9ULL;
  h = (h ^ (h >> 27)) * 0x94D049BB133111EBULL;
  return h ^ (h >> 31);
}

// The next eight bytes at most, the first one lowest, whatever the processor's own order is.
std::uint64_t next_word(std::string_view text) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(8, text.size()); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << (8 * i);
  return word;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

constexpr std::string_view prefix = "sha256:";

}  // namespace

Digest Digest::of(std::string_view description) {
  Digest digest;
  for (std::size_t i = 0; i < digest.words.size(); ++i) digest.words[i] = mix(0x9E3779B97F4A7C15ULL * (i + 1));
  for (std::size_t at = 0; at < description.size(); at += 8) {
    const std::uint64_t word = next_word(description.substr(at));
    for (std::uint64_t& h : digest.words) h = mix(h + word + 1);
  }
  for (std::uint64_t& h : digest.words) h = mix(h ^ description.size());
  return digest;
}

Digest Digest::parse(std::string_view text) {
  if (!text.starts_with(prefix) || text.size() != prefix.size() + 64) return of(text);
  Digest digest;
  for (std::size_t i = 0; i < 64; ++i) {
    const int value = hex_value(text[prefix.size() + i]);
    if (value < 0) return of(text);
    digest.words[i / 16] = digest.words[i / 16] << 4 | static_cast<std::uint64_t>(value);
  }
  return digest;
}

std::string Digest::text() const {
  return fmt::format("sha256:{:016x}{:016x}{:016x}{:016x}", words[0], words[1], words[2],
                     words[3]);
}

BlobId Content::add_blob(const Digest& digest, std::int64_t bytes) {
  const auto [place, added] = blob_by_digest_.try_emplace(digest, static_cast<BlobId>(blobs_.size()));
  if (added) blobs_.push_back(Blob{digest, bytes});
  GEOREP_ASSERT(blobs_[index(place->second)].bytes == bytes, "equal digests have equal sizes");
  return place->second;
}

ManifestId Content::add_image(std::string name, const std::vector<BlobId>& layers,
                              std::int64_t config_bytes, std::string_view mark) {
  std::string description = "image";
  if (!mark.empty()) description += fmt::format(" {}", mark);
  for (const BlobId layer : layers) description += ' ' + blob(layer).digest.text();
  Manifest manifest;
  if (config_bytes > 0) {
    // The config lists the layers, so its digest follows from theirs.
    const Digest config = Digest::of(fmt::format("config {} {}", config_bytes, description));
    manifest.blobs.push_back(add_blob(config, config_bytes));
  }
  manifest.blobs.insert(manifest.blobs.end(), layers.begin(), layers.end());
  manifest.digest = Digest::of(fmt::format("manifest {} {}", config_bytes, description));
  manifest.name = std::move(name);
  return add_manifest(std::move(manifest));
}

ManifestId Content::add_index(std::string name, std::vector<IndexEntry> entries,
                              bool children_first) {
  std::string description = "index";
  for (const IndexEntry& entry : entries)
    description += fmt::format(" {} {}", entry.platform, manifest(entry.manifest).digest.text());
  Manifest result;
  result.digest = Digest::of(description);
  result.name = std::move(name);
  result.entries = std::move(entries);
  result.children_first = children_first;
  return add_manifest(std::move(result));
}

ManifestId Content::add_manifest(Manifest manifest) {
  const auto [place, added] =
      manifest_by_digest_.try_emplace(manifest.digest, static_cast<ManifestId>(manifests_.size()));
  if (added) manifests_.push_back(std::move(manifest));
  return place->second;
}

std::vector<ManifestId> Content::descendants(ManifestId id) const {
  std::vector<ManifestId> result;
  const auto add_once = [&result](ManifestId manifest) {
    if (std::find(result.begin(), result.end(), manifest) == result.end())
      result.push_back(manifest);
  };
  for (const IndexEntry& entry : manifest(id).entries) {
    for (const ManifestId below : descendants(entry.manifest)) add_once(below);
    add_once(entry.manifest);
  }
  return result;
}

std::vector<ManifestId> Content::way_to_platform(ManifestId id, std::string_view platform) const {
  std::vector<ManifestId> way{id};
  while (manifest(way.back()).is_index()) {
    const auto& entries = manifest(way.back()).entries;
    const auto child =
        std::find_if(entries.begin(), entries.end(),
                     [platform](const IndexEntry& entry) { return entry.platform == platform; });
    if (child == entries.end()) return {};
    way.push_back(child->manifest);
  }
  return way;
}

std::vector<BlobId> Content::closure(ManifestId id) const {
  std::vector<BlobId> result;
  const auto add_once = [&result](BlobId blob) {
    if (std::find(result.begin(), result.end(), blob) == result.end()) result.push_back(blob);
  };
  for (const BlobId blob : manifest(id).blobs) add_once(blob);
  for (const IndexEntry& entry : manifest(id).entries)
    for (const BlobId blob : closure(entry.manifest)) add_once(blob);
  return result;
}

void Content::truncate(std::size_t blob_count, std::size_t manifest_count) {
  while (manifests_.size() > manifest_count) {
    manifest_by_digest_.erase(manifests_.back().digest);
    manifests_.pop_back();
  }
  while (blobs_.size() > blob_count) {
    blob_by_digest_.erase(blobs_.back().digest);
    blobs_.pop_back();
  }
}

}  // namespace georep
