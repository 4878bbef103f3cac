// The kinds of events of the models, as they enter the trace hash.
#pragma once

#include "models/network/ids.hpp"
#include "models/registry/ids.hpp"
#include "sim/kernel/event.hpp"

namespace georep::event_kind {

inline constexpr EventKind operation{1};
inline constexpr EventKind poll{2};
inline constexpr EventKind replication{3};
inline constexpr EventKind delivery{4};
inline constexpr EventKind transfer{5};
inline constexpr EventKind probe{6};
inline constexpr EventKind fault{7};
inline constexpr EventKind webhook{8};
inline constexpr EventKind workload{9};
inline constexpr EventKind deployment{10};
inline constexpr EventKind control{11};
inline constexpr EventKind retention{12};

}  // namespace georep::event_kind

namespace georep {

/// Regions and hosts as the entities of events; hosts come after all possible regions.
inline EntityId entity(RegionId region) { return EntityId{static_cast<std::uint32_t>(index(region)) + 1}; }
inline EntityId entity(HostId host) { return EntityId{index(host) + 0x1'0001}; }

}  // namespace georep
