#include "models/registry/replica.hpp"

#include <limits>

#include "models/registry/shared_objects.hpp"

namespace georep {

std::optional<Duration> RequestLimit::take(Simulation& simulation,
                                           const std::optional<RateLimitSpec>& spec) {
  if (!spec) return std::nullopt;
  simulation.note_write(object_);
  // When so many tokens have come since the bucket was full.
  const auto refilled = [&](std::int64_t tokens) {
    const Duration time =
        Duration::from_nanoseconds(static_cast<double>(tokens) * 1e9 / spec->rate.per_second);
    return Deadline{full_.at + time, full_.set_by, full_.draw};
  };
  if (simulation.passed(refilled(taken_))) {
    full_ = simulation.deadline(Duration{});
    taken_ = 0;
  } else if (const Deadline next = refilled(taken_ + 1 - spec->burst); !simulation.passed(next)) {
    return next.at - simulation.now();
  }
  ++taken_;
  return std::nullopt;
}

Replica::Replica(Simulation& simulation, FactBus& facts, const Content& content,
                 RegionId region_id, std::uint16_t name_rank, std::uint64_t stable_name)
    : region{region_id},
      name{stable_name},
      storage{simulation, facts, content, region_id},
      clock{simulation, Duration{}, name_rank},
      storage_servers{std::numeric_limits<std::size_t>::max()},
      reads{shared::object(shared::Kind::request_limit, region_id, 0)},
      writes{shared::object(shared::Kind::request_limit, region_id, 1)},
      serving{simulation},
      redirected{simulation} {}

}  // namespace georep
