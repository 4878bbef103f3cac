// The operations of a timeline: what each entry makes of the hosts and repetitions that it names, and what becomes of each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/facts/facts.hpp"
#include "models/world/spec.hpp"

namespace georep {

/// One operation of the timeline, before a run.
struct OperationPlan {
  std::string name;
  std::size_t entry = 0;       ///< index into the timeline
  std::int64_t repetition = 1; ///< of `every`, from 1
  std::int64_t machine = 1;    ///< of a group of hosts, from 1
};

/// The operations of a timeline in file order, with their names: `as`, or kind and order (`push-1` is the first unnamed push);
/// with `-1`, `-2` … behind it where an entry is repeated or runs on a group of hosts. Entries that are no operation (a fault, a
/// setting) give none.
std::vector<OperationPlan> plan_operations(const WorldSpec& spec);

/// The kind of operation that an action is, or nothing.
std::optional<OperationKind> operation_kind(const Action& action);

/// The host, or group of hosts, that an operation executes on; null for what is no operation.
const std::string* host_of(const Action& action);

/// `push`, `pull`, `poll`, `retag`, `untag`, `delete`.
std::string_view text(OperationKind kind);

/// The text of a templated reference: `{n}` counts the repetitions from 1.
std::string expand_repetition(const std::string& reference, std::int64_t repetition);

/// What became of an operation.
struct OperationRecord {
  std::string name;
  OperationKind kind = OperationKind::push;
  std::string reference;
  HostId host = HostId::none;
  std::string issued_from;  ///< empty: the host itself
  RegionId replica = RegionId::none;
  bool started = false;
  bool finished = false;
  Instant at;         ///< when it began
  Duration duration;  ///< of all attempts, where it has ended
  std::uint32_t attempts = 0;
  std::optional<ErrorCode> error;
  ManifestId manifest = ManifestId::none;
};

}  // namespace georep
