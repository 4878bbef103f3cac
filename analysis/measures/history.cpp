#include "analysis/measures/history.hpp"

#include <algorithm>
#include <tuple>

#include "models/registry/shared_objects.hpp"

namespace georep {

namespace {

auto order_of(const Stamp& stamp) {
  return std::tuple{stamp.time.at, stamp.logical, stamp.name_rank, index(stamp.commit)};
}

}  // namespace

History::History(World& world) : world_{world} {
  world.facts().subscribe<ChangeCommitted>([this](const ChangeCommitted& fact) { committed(fact); });
  world.facts().subscribe<TagApplied>([this](const TagApplied& fact) { applied(fact); });
}

void History::reset() {
  commits_.clear();
  for (Tag& tag : tags_) {
    tag.current.clear();
    tag.winners.clear();
    tag.removals.clear();
  }
  last_commit_ = Deadline{};
}

History::Tag& History::tag(TagId id) {
  if (index(id) >= tags_.size()) tags_.resize(static_cast<std::size_t>(index(id)) + 1);
  return tags_[index(id)];
}

bool History::older(CommitId a, CommitId b) const {
  if (a == b || b == CommitId::none) return false;
  if (a == CommitId::none) return true;
  if (world_.settings().registry.replication.apply == ApplyKind::arrival_order)
    return index(a) < index(b);
  return order_of(commit(a).stamp) < order_of(commit(b).stamp);
}

void History::committed(const ChangeCommitted& fact) {
  if (index(fact.commit) >= commits_.size()) commits_.resize(index(fact.commit) + 1);
  Commit& commit = commits_[index(fact.commit)];
  last_commit_ = world_.simulation().deadline(Duration{});
  commit = Commit{.moment = last_commit_,
                  .kind = fact.kind,
                  .replica = fact.replica,
                  .host = fact.host,
                  .tag = fact.tag,
                  .manifest = fact.manifest,
                  .stamp = fact.stamp};
  if (fact.tag != TagId::none) enter(fact.tag, fact.commit);
}

// A deletion by digest names no tag: those that it takes away at its own replica are what it removed.
void History::applied(const TagApplied& fact) {
  if (!fact.local || fact.commit == CommitId::none) return;
  if (commit(fact.commit).kind == ChangeKind::remove) enter(fact.tag, fact.commit);
}

void History::enter(TagId id, CommitId entering) {
  Tag& tag = this->tag(id);
  const Commit& change = commit(entering);
  if (tag.winners.empty() || older(tag.winners.back(), entering)) tag.winners.push_back(entering);
  if (change.removes()) {
    tag.removals.push_back(entering);
    return;
  }
  std::erase_if(tag.current, [&](CommitId other) {
    Commit& before = commits_[index(other)];
    if (before.manifest == change.manifest || !older(other, entering)) return false;
    before.superseded = change.moment;
    return true;
  });
  tag.current.push_back(entering);
}

// Told at a moment by which more may have been committed than the answer can be blamed for: a search has to see which.
std::optional<Deadline> History::superseded(TagId id, CommitId answered, ManifestId manifest,
                                            const Deadline& formed) const {
  Simulation& simulation = world_.simulation();
  simulation.note_read(shared::all_commits);
  if (!touched(id)) return std::nullopt;
  const Tag& tag = tags_[index(id)];
  if (tag.winners.back() == answered) return std::nullopt;
  Deadline since{Instant::never()};
  if (answered != CommitId::none) {
    since = commit(answered).superseded;
  } else {
    for (const CommitId later : tag.winners) {
      if (commit(later).removes() || commit(later).manifest == manifest) continue;
      since = commit(later).moment;
      break;
    }
  }
  if (since.at == Instant::never() || !simulation.before(since, formed)) return std::nullopt;
  for (std::size_t i = tag.winners.size(); i > 0; --i) {
    const Commit& newest = commit(tag.winners[i - 1]);
    if (!simulation.before(newest.moment, formed)) continue;
    if (!newest.removes() && newest.manifest == manifest) return std::nullopt;
    break;
  }
  return since;
}

bool History::undoes(CommitId removal, CommitId version, ManifestId manifest) const {
  const Commit& change = commit(removal);
  return older(version, removal) &&
         (change.kind == ChangeKind::untag || change.manifest == manifest);
}

bool History::removed(TagId id, CommitId version, ManifestId manifest) const {
  world_.simulation().note_read(shared::all_commits);
  if (index(id) >= tags_.size()) return false;
  const auto& removals = tags_[index(id)].removals;
  return std::any_of(removals.begin(), removals.end(), [&](CommitId removal) {
    return undoes(removal, version, manifest);
  });
}

}  // namespace georep
