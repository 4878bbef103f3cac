// The questions that clients ask a replica and its answers: the part of the OCI distribution specification that pushes and pulls use.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "models/registry/error_code.hpp"
#include "models/registry/ids.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

/// What a request names: a tag or, where the tag is none, a manifest by its digest.
struct Reference {
  RepositoryId repository = RepositoryId::none;
  TagId tag = TagId::none;
  ManifestId manifest = ManifestId::none;
};

/// Who asks for a change.
struct Requester {
  HostId host = HostId::none;
  std::uint64_t identity = 0;  ///< a stable number of the request: the key of all that is drawn for the change
};

/// Why a request was refused.
struct Refusal {
  ErrorCode code;
  Duration retry_after;  ///< of TOOMANYREQUESTS
};

/// A manifest as a replica answered with it.
struct ManifestAnswer {
  ManifestId manifest = ManifestId::none;
  CommitId commit = CommitId::none;  ///< the change that pointed the tag there; none by digest
  bool cached = false;
  Deadline formed;  ///< when the replica formed the answer
};

/// A manifest or a refusal, with the same marks of where it came from.
struct ManifestReply {
  std::optional<Refusal> refusal;
  ManifestAnswer answer;
};

}  // namespace georep
