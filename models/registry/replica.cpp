#include "models/registry/replica.hpp"

#include <limits>

namespace georep {

std::optional<Duration> RequestLimit::take(Simulation& simulation,
                                           const std::optional<RateLimitSpec>& spec) {
  if (!spec) return std::nullopt;
  const Duration token = Duration::from_seconds(1.0 / spec->rate.per_second);
  // A request conforms when at least one token is left: the bucket is at most (burst - 1) tokens from full.
  const Duration depth = token * (spec->burst - 1);
  const Deadline conforms{full_again_.at - depth, full_again_.set_by};
  if (!simulation.passed(conforms)) return conforms.at - simulation.now();
  if (simulation.passed(full_again_)) full_again_ = simulation.deadline(Duration{});
  full_again_.at = full_again_.at + token;
  return std::nullopt;
}

Replica::Replica(Simulation& simulation, FactBus& facts, const Content& content,
                 RegionId region_id, std::uint16_t name_rank, std::uint64_t stable_name)
    : region{region_id},
      name{stable_name},
      storage{simulation, facts, content, region_id},
      clock{simulation, Duration{}, name_rank},
      storage_servers{std::numeric_limits<std::size_t>::max()},
      serving{simulation} {}

}  // namespace georep
