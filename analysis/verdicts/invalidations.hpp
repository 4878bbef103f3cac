// Which invalidations were due at each replica, so that an answer from a cache can be held against them: the `invalidate` step of a replicated
// change, whether or not it did its work, and what a local change evicts by the scenario's rules.
#pragma once

#include <functional>
#include <vector>

#include "analysis/measures/shared_observers.hpp"

namespace georep {

class Invalidations {
 public:
  explicit Invalidations(SharedObservers& shared);

  /// Called when an invalidation of a tag by a change has become due at a replica, and the change was judged there or is of that tag alone.
  void on_due(std::function<void(RegionId, TagId, CommitId)> listener) {
    listener_ = std::move(listener);
  }

  /// Whether the tag was changed at the replica after `version` by something whose invalidation was due.
  bool due_after(RegionId replica, TagId tag, CommitId version) const;

  void reset();

 private:
  struct Applied {
    CommitId commit;
    bool due;
  };
  void apply(const TagApplied& fact);
  void invalidate(RegionId replica, CommitId commit, TagId tag);
  bool step_done(RegionId replica, CommitId commit) const;

  SharedObservers& shared_;
  const History& history_;
  std::vector<std::vector<std::vector<Applied>>> applied_;  // by region, then tag: in the order of application
  std::vector<std::vector<bool>> done_;                      // by region, then change: its step was due
  std::function<void(RegionId, TagId, CommitId)> listener_;
};

}  // namespace georep
