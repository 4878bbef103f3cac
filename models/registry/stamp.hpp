// The order of changes under last-writer-wins: wall-clock or hybrid logical clock stamps.
// Sources: Johnson & Thomas, RFC 677 (1975); Kulkarni et al., "Logical Physical Clocks", OPODIS 2014.
#pragma once

#include <cstdint>

#include "models/network/ids.hpp"
#include "models/registry/ids.hpp"
#include "sim/kernel/simulation.hpp"

namespace georep {

/// When a change was accepted, as its replica's clock saw it.
struct Stamp {
  Deadline time;                ///< the clock's reading, tied to the event that took it
  std::uint32_t logical = 0;    ///< of a hybrid clock; 0 for a wall clock
  std::uint16_t name_rank = 0;  ///< of the replica's region in the order of names; the larger wins a tie
  CommitId commit = CommitId::none;  ///< the later of two equal stamps of one replica wins
};

/// Whether `challenger` wins against `holder`.
inline bool beats(Simulation& simulation, const Stamp& challenger, const Stamp& holder) {
  if (simulation.before(holder.time, challenger.time)) return true;
  if (simulation.before(challenger.time, holder.time)) return false;
  if (challenger.logical != holder.logical) return challenger.logical > holder.logical;
  if (challenger.name_rank != holder.name_rank) return challenger.name_rank > holder.name_rank;
  return index(challenger.commit) > index(holder.commit);
}

/// A replica's clock: the simulated time plus its skew, or a hybrid of that and a logical counter.
class ReplicaClock {
 public:
  ReplicaClock(Simulation& simulation, Duration skew, std::uint16_t name_rank)
      : simulation_{simulation}, skew_{skew}, name_rank_{name_rank} {}

  /// The stamp of a change that is accepted now. `hybrid`: ticks the logical clock as well.
  Stamp take(bool hybrid, CommitId commit) {
    const Deadline wall = simulation_.deadline(skew_);
    if (!hybrid) return Stamp{wall, 0, name_rank_, commit};
    if (simulation_.before(latest_, wall)) {
      latest_ = wall;
      logical_ = 0;
    } else {
      ++logical_;
    }
    return Stamp{latest_, logical_, name_rank_, commit};
  }

  /// A hybrid clock ticks on the receipt of another replica's stamp.
  void receive(const Stamp& stamp) {
    const Deadline wall = simulation_.deadline(skew_);
    const bool stamp_leads = simulation_.before(latest_, stamp.time);
    const bool wall_leads = simulation_.before(stamp_leads ? stamp.time : latest_, wall);
    if (wall_leads) {
      latest_ = wall;
      logical_ = 0;
    } else if (stamp_leads) {
      latest_ = stamp.time;
      logical_ = stamp.logical + 1;
    } else if (simulation_.before(stamp.time, latest_)) {
      ++logical_;
    } else {
      logical_ = (logical_ > stamp.logical ? logical_ : stamp.logical) + 1;
    }
  }

  /// The wall clock is off by that much from now on.
  void set_skew(Duration skew) { skew_ = skew; }

  void reset(Duration skew) {
    skew_ = skew;
    latest_ = before_all;
    logical_ = 0;
  }

 private:
  Simulation& simulation_;
  Duration skew_;
  std::uint16_t name_rank_;
  // Earlier than any skewed clock reads.
  static constexpr Deadline before_all{Instant::at(Duration::nanoseconds(-(1LL << 62))), 0};
  Deadline latest_ = before_all;
  std::uint32_t logical_ = 0;
};

}  // namespace georep
