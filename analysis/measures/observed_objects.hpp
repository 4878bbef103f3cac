// What observers put together from facts, as the kernel's access notes name it. Models need not know in which order facts come that are of no
// concern to one another; an observer whose conclusion hangs on that order notes it, so that a search tries every order that can make a difference.
#pragma once

#include "models/network/ids.hpp"
#include "sim/kernel/choice.hpp"

namespace georep::observed {

/// The kinds of shared objects of the models stay below.
enum class Kind : std::uint8_t {
  replica = 64,  ///< what a replica answers
  agreement,     ///< whether all replicas answer alike
  membership,    ///< which replicas there are
  answers_seen,  ///< what a host was answered about a tag
  writes,        ///< what a host has written
  promises,      ///< the blobs that a host was told are there
  heard_changes,  ///< which changes of a tag the replicas have heard of
  routing,       ///< which replicas routing answers with
  running,       ///< what a node of a cluster runs
};

constexpr SharedObject object(Kind kind, std::uint16_t owner, std::uint64_t id = 0) {
  return SharedObject::of(static_cast<std::uint8_t>(kind), owner, id);
}
constexpr SharedObject replica(RegionId id) { return object(Kind::replica, index(id)); }
inline constexpr SharedObject agreement = object(Kind::agreement, 0);
inline constexpr SharedObject membership = object(Kind::membership, 0);
inline constexpr SharedObject routing = object(Kind::routing, 0);

}  // namespace georep::observed
