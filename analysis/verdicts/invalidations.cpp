#include "analysis/verdicts/invalidations.hpp"

#include <algorithm>

#include "analysis/measures/observed_objects.hpp"

namespace georep {

Invalidations::Invalidations(SharedObservers& shared)
    : shared_{shared}, history_{shared.history()} {
  const std::size_t regions = shared.world().plan().network.regions.size();
  applied_.resize(regions);
  done_.resize(regions);
  FactBus& facts = shared.world().facts();
  facts.subscribe<TagApplied>([this](const TagApplied& fact) { apply(fact); });
  facts.subscribe<InvalidationApplied>([this](const InvalidationApplied& fact) {
    invalidate(fact.replica, fact.commit, fact.tag);
  });
  // A step that was lost on the way was due all the same, once the rest of the change is there.
  facts.subscribe<ReplicationDone>([this](const ReplicationDone& fact) {
    if (fact.invalidates)
      invalidate(fact.destination, fact.commit, history_.commit(fact.commit).tag);
  });
}

void Invalidations::reset() {
  for (auto& tags : applied_)
    for (auto& changes : tags) changes.clear();
  for (auto& changes : done_) changes.clear();
}

bool Invalidations::step_done(RegionId replica, CommitId commit) const {
  const auto& done = done_[index(replica)];
  return index(commit) < done.size() && done[index(commit)];
}

void Invalidations::apply(const TagApplied& fact) {
  if (fact.commit == CommitId::none) return;
  const RegistrySpec& registry = shared_.world().settings().registry;
  const bool removal = fact.manifest == ManifestId::none;
  const auto evicts = [removal](const std::optional<ManifestCacheSpec>& cache) {
    return cache && (removal ? cache->invalidate_on_delete : cache->invalidate_on_push);
  };
  const bool evicted = fact.local && (evicts(registry.manifest_cache) || evicts(registry.parent_cache));
  const bool due = evicted || step_done(fact.replica, fact.commit);
  if (fact.moved) {
    auto& tags = applied_[index(fact.replica)];
    if (index(fact.tag) >= tags.size()) tags.resize(index(fact.tag) + 1);
    tags[index(fact.tag)].push_back({fact.commit, due});
  }
  if (due && listener_) listener_(fact.replica, fact.tag, fact.commit);
}

void Invalidations::invalidate(RegionId replica, CommitId commit, TagId tag) {
  shared_.world().simulation().note_write(observed::replica(replica));
  auto& done = done_[index(replica)];
  if (index(commit) >= done.size()) done.resize(index(commit) + 1);
  if (done[index(commit)]) return;
  done[index(commit)] = true;
  auto& tags = applied_[index(replica)];
  for (std::uint32_t i = 0; i < tags.size(); ++i) {
    if (tag != TagId::none && index(tag) != i) continue;
    for (Applied& change : tags[i]) {
      if (change.commit != commit) continue;
      change.due = true;
      if (listener_ && tag == TagId::none) listener_(replica, static_cast<TagId>(i), commit);
    }
  }
  if (listener_ && tag != TagId::none) listener_(replica, tag, commit);
}

bool Invalidations::due_after(RegionId replica, TagId tag, CommitId version) const {
  const auto& tags = applied_[index(replica)];
  if (index(tag) >= tags.size()) return false;
  const auto& changes = tags[index(tag)];
  auto from = changes.begin();
  if (version != CommitId::none) {
    from = std::find_if(changes.begin(), changes.end(),
                        [version](const Applied& change) { return change.commit == version; });
    // Of what another replica put into a shared cache only the age is known.
    if (from == changes.end())
      return std::any_of(changes.begin(), changes.end(), [&](const Applied& change) {
        return change.due && history_.older(version, change.commit);
      });
    ++from;
  }
  return std::any_of(from, changes.end(), [](const Applied& change) { return change.due; });
}

}  // namespace georep
