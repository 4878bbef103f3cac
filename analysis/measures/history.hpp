// Every change that was committed anywhere, in order: which of two is the newer, and since when an answer is out of date.
#pragma once

#include <optional>
#include <vector>

#include "analysis/measures/observer.hpp"
#include "models/world/world.hpp"

namespace georep {

class History final : public Observer {
 public:
  explicit History(World& world);

  struct Commit {
    Deadline moment;
    ChangeKind kind = ChangeKind::push;
    RegionId replica = RegionId::none;
    HostId host = HostId::none;
    TagId tag = TagId::none;
    ManifestId manifest = ManifestId::none;
    Stamp stamp;
    /// When a push that is newer and has other content was committed, the first of them.
    Deadline superseded = {Instant::never()};

    bool removes() const { return kind == ChangeKind::untag || kind == ChangeKind::remove; }
  };

  /// A change that was committed. What stood in the replicas before the run has none.
  const Commit& commit(CommitId id) const { return commits_[index(id)]; }

  /// Whether `a` is the older of two changes by the registry's rule: the order of commits, or under last-writer-wins that of stamps.
  /// What stood there before the run is older than every change.
  bool older(CommitId a, CommitId b) const;

  /// When the answer `manifest`, put under the tag by `commit`, was superseded by a push, if that was before `formed`. An answer is up to date where
  /// the tag has come back to the same content.
  std::optional<Deadline> superseded(TagId tag, CommitId commit, ManifestId manifest,
                                     const Deadline& formed) const;

  /// Whether a removal takes away what `version` put under a tag: it is newer and, being the deletion of a manifest, of that manifest.
  bool undoes(CommitId removal, CommitId version, ManifestId manifest) const;

  /// Whether a removal was committed that takes away what `version` put under the tag.
  bool removed(TagId tag, CommitId version, ManifestId manifest) const;

  /// When the last change was committed; the start of the run where none was.
  const Deadline& last_commit() const { return last_commit_; }

  /// Tags that a change was committed to are below this index.
  std::size_t tag_count() const { return tags_.size(); }
  /// Whether anything was ever committed to the tag.
  bool touched(TagId tag) const {
    return index(tag) < tags_.size() && !tags_[index(tag)].winners.empty();
  }

  void reset() override;
  void finish(Instant) override {}

 private:
  struct Tag {
    std::vector<CommitId> current;  // pushes that no other has superseded
    std::vector<CommitId> winners;  // each the newest when it was committed, removals included
    std::vector<CommitId> removals;
  };
  void committed(const ChangeCommitted& fact);
  void applied(const TagApplied& fact);
  void enter(TagId tag, CommitId id);
  Tag& tag(TagId id);

  World& world_;
  std::vector<Commit> commits_;
  std::vector<Tag> tags_;
  Deadline last_commit_;
};

}  // namespace georep
