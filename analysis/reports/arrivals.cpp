#include "analysis/reports/arrivals.hpp"

#include <utility>

#include <fmt/format.h>

namespace georep {

ArrivalTable::ArrivalTable(World& world) : world_{world}, replicas_{world} {
  world.facts().subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) { committed(fact); });
  replicas_.on_update([this](const Deadline& moment, RegionId replica, TagId tag) { look(moment.at, replica, tag); });
}

void ArrivalTable::committed(const ChangeCommitted& fact) {
  if (fact.kind != ChangeKind::push || fact.tag == TagId::none) return;
  if (index(fact.commit) >= names_.size()) names_.resize(index(fact.commit) + 1);
  std::string& name = names_[index(fact.commit)];
  name = fmt::format("{}#{}", world_.names().text(fact.tag), index(fact.commit) + 1);
  std::string sizes;
  for (const BlobId blob : world_.content().closure(fact.manifest)) {
    // What an earlier push brought is there already, or on its way: it is asked for and not copied.
    const bool is_new = pushed_blobs_.insert(blob).second;
    sizes += fmt::format("{}{} B", sizes.empty() ? "" : " + ", is_new ? world_.content().blob(blob).bytes : 0);
  }
  text_ += fmt::format("push,{},{:.9f},{},{}\n", name, fact.at.seconds(), world_.plan().region_name(fact.replica),
                       sizes.empty() ? "0 B" : sizes);
}

void ArrivalTable::look(Instant at, RegionId replica, TagId tag) {
  const ReplicaView::TagState& state = replicas_.state(replica, tag);
  if (!state.stored_whole || state.commit == CommitId::none || index(state.commit) >= names_.size()) return;
  const std::string& name = names_[index(state.commit)];
  // The region that was pushed to has it first of all.
  const bool is_first = !arrived_.contains({state.commit, RegionId::none});
  if (name.empty() || !arrived_.insert({state.commit, replica}).second) return;
  if (is_first) {
    arrived_.insert({state.commit, RegionId::none});
    return;
  }
  text_ += fmt::format("arrival,{},{:.9f},{},\n", name, at.seconds(), world_.plan().region_name(replica));
}

}  // namespace georep
