// Names of the network's things, as indexes into the plan.
#pragma once

#include <cstdint>

namespace georep {

enum class RegionId : std::uint16_t { none = 0xFFFF };

/// One direction of a link between two regions, a region's egress or its ingress.
enum class LinkId : std::uint32_t { none = 0xFFFF'FFFF };

/// A host's own line: its upload or its download.
enum class LineId : std::uint32_t { none = 0xFFFF'FFFF };

constexpr std::uint16_t index(RegionId id) { return static_cast<std::uint16_t>(id); }
constexpr std::uint32_t index(LinkId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(LineId id) { return static_cast<std::uint32_t>(id); }

}  // namespace georep
