// When each push could be pulled elsewhere, as a table that `georep fit` reads.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/measures/replica_view.hpp"
#include "models/world/world.hpp"

namespace georep {

class ArrivalTable {
 public:
  /// Subscribes to the world's facts, which must outlive this.
  explicit ArrivalTable(World& world);

  /// Comma-separated values: a line for each push and for each arrival at another replica until now.
  std::string text() const { return text_; }

 private:
  void committed(const ChangeCommitted& fact);
  void look(Instant at, RegionId replica, TagId tag);

  World& world_;
  ReplicaView replicas_;
  std::vector<std::string> names_;  // of pushes, by the change's number; empty: no push
  std::set<BlobId> pushed_blobs_;
  std::set<std::pair<CommitId, RegionId>> arrived_;
  std::string text_ = "event,name,time,region,size\n";
};

}  // namespace georep
