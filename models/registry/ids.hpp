// Names of the registry's things, as dense indexes: the plan gives the first ones, workloads that push new content go on counting.
#pragma once

#include <cstdint>

namespace georep {

enum class RepositoryId : std::uint32_t { none = 0xFFFF'FFFF };
/// A tag of a repository: `samples/helloworld:v1`.
enum class TagId : std::uint32_t { none = 0xFFFF'FFFF };
/// A blob by its digest: a layer or a config.
enum class BlobId : std::uint32_t { none = 0xFFFF'FFFF };
/// A manifest or an image index by its digest.
enum class ManifestId : std::uint32_t { none = 0xFFFF'FFFF };
/// A change that a replica accepted from a client, counted over the whole run in the order of commits.
enum class CommitId : std::uint32_t { none = 0xFFFF'FFFF };
/// A machine that pushes and pulls.
enum class HostId : std::uint32_t { none = 0xFFFF'FFFF };

constexpr std::uint32_t index(RepositoryId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(TagId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(BlobId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(ManifestId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(CommitId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t index(HostId id) { return static_cast<std::uint32_t>(id); }

}  // namespace georep
