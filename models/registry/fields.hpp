// How the sections `registry:`, `webhooks:`, `layers:` and `images:` are written.
#pragma once

#include <vector>

#include "models/registry/image_spec.hpp"
#include "models/registry/spec.hpp"
#include "sim/fields/record.hpp"

namespace georep {

/// The declared fields of `registry:`.
const RecordOf<RegistrySpec>& registry_fields();
/// Those of one entry of `webhooks:`.
const RecordOf<WebhookSpec>& webhook_fields();

/// How a step of `order` is written.
KindOf<ReplicationStep> replication_step();

/// How `layers:` is written: a size by name.
KindOf<std::vector<LayerSpec>> layers_kind();
/// How `images:` is written: content by name.
KindOf<std::vector<ImageSpec>> images_kind();

}  // namespace georep
