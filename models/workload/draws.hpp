// Numbers of things, drawn.
#pragma once

#include <cstdint>

#include "sim/fields/quantities.hpp"
#include "sim/kernel/chance.hpp"

namespace georep {

/// Of one image. A manifest of so many takes some 2 MB; registries take manifests of 4 MiB at the most.
/// Source: OCI distribution specification 1.1, "Pushing Manifests".
inline constexpr std::int64_t most_layers = 10'000;

/// How many, by the law, with one word of the stream. `{uniform: [3, 12]}` is each of the ten numbers equally often; other laws are
/// rounded up to whole numbers.
std::int64_t sample_count(const CountLaw& law, Draw& draw);

}  // namespace georep
