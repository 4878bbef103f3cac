// The registry presets: Azure Container Registry's geo-replication as its team described it, before
// and after the fixes.
#include "models/registry/spec.hpp"

namespace georep {

RegistrySpec registry_baseline(std::optional<RegistryPreset> preset) {
  using enum ReplicationStep;
  RegistrySpec spec;
  spec.preset = preset;
  if (!preset) return spec;
  spec.manifest_cache = ManifestCacheSpec{};
  if (*preset == RegistryPreset::acr_preview) {
    spec.missing_blobs.kind = MissingKind::blob_unknown;
    spec.replication.order = {{manifest}, {tag}, {blobs}, {notify}};
    spec.replication.apply = ApplyKind::arrival_order;
    spec.replication.resume = false;
  } else {
    spec.missing_blobs.kind = MissingKind::manifest_unknown;
    spec.replication.order = {{blobs}, {manifest}, {tag}, {invalidate}, {notify}};
    spec.replication.apply = ApplyKind::last_writer_wins;
    spec.replication.resume = true;
  }
  return spec;
}

}  // namespace georep
