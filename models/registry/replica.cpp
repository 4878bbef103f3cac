#include "models/registry/replica.hpp"

#include <algorithm>
#include <limits>

#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {
// Whatever takes longer outlasts every run; twice of it is still a time.
constexpr double century_ns = 36'525 * 86'400e9;
}  // namespace

// When so many tokens have come.
Deadline RequestLimit::refilled(double tokens) const {
  const double nanoseconds = tokens * 1e9 / spec_->rate.per_second;
  return later(since_, Duration::from_nanoseconds(std::clamp(nanoseconds, -century_ns, century_ns)));
}

std::optional<Duration> RequestLimit::take(Simulation& simulation) {
  if (!spec_) return std::nullopt;
  simulation.note_write(object_);
  if (simulation.passed(refilled(lacked_ + static_cast<double>(taken_)))) {
    fill(simulation.deadline(Duration{}));
  } else if (const Deadline next = refilled(lacked_ + static_cast<double>(taken_ + 1 - spec_->burst));
             !simulation.passed(next)) {
    return next.at - simulation.now();
  }
  ++taken_;
  return std::nullopt;
}

void RequestLimit::change(Simulation& simulation, const std::optional<RateLimitSpec>& spec) {
  if (spec == spec_) return;
  if (!spec_ || !spec) {
    fill(Deadline{});
  } else {
    simulation.note_write(object_);
    const double lacked = lacked_ + static_cast<double>(taken_);
    const bool full = simulation.passed(refilled(lacked));
    const double come = (simulation.now() - since_.at).seconds() * spec_->rate.per_second;
    const double held = static_cast<double>(spec_->burst) - (full ? 0 : lacked - come);
    fill(simulation.deadline(Duration{}));
    lacked_ = std::max(0.0, static_cast<double>(spec->burst) - held);
  }
  spec_ = spec;
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
