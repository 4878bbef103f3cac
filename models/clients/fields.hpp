// How the sections `hosts:` and `clusters:` are written.
#pragma once

#include <vector>

#include "models/clients/spec.hpp"
#include "sim/fields/kind.hpp"

namespace georep {

/// How `hosts:` is written: a host or a group of hosts by name.
KindOf<std::vector<HostSpec>> hosts_kind();
/// How `clusters:` is written.
KindOf<std::vector<ClusterSpec>> clusters_kind();

}  // namespace georep
