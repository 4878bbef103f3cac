// Repositories and tags by name. The plan names the first ones; workloads add theirs during a run, and `truncate` drops them again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/registry/ids.hpp"

namespace georep {

class Names {
 public:
  /// The repository of that name, added if it is new.
  RepositoryId repository(std::string_view name);
  /// The tag of that repository, added if it is new.
  TagId tag(RepositoryId repository, std::string_view name);
  /// The tag written as `repository:tag`; `latest` where no tag is written.
  TagId reference(std::string_view text);

  /// The tag of that reference, if it is known.
  std::optional<TagId> find(std::string_view text) const;

  const std::string& repository_name(RepositoryId id) const { return repositories_[index(id)].name; }
  const std::string& tag_name(TagId id) const { return tags_[index(id)].name; }
  RepositoryId repository_of(TagId id) const { return tags_[index(id)].repository; }
  const std::vector<TagId>& tags_of(RepositoryId id) const { return repositories_[index(id)].tags; }
  /// `repository:tag`.
  std::string text(TagId id) const;

  std::size_t repository_count() const { return repositories_.size(); }
  std::size_t tag_count() const { return tags_.size(); }
  /// Drops what was added beyond the given counts.
  void truncate(std::size_t repository_count, std::size_t tag_count);

 private:
  struct Repository {
    std::string name;
    std::vector<TagId> tags;
  };
  struct Tag {
    RepositoryId repository;
    std::string name;
  };
  std::vector<Repository> repositories_;
  std::vector<Tag> tags_;
  // Looked up only, never iterated.
  std::unordered_map<std::string, RepositoryId> repository_by_name_;
  std::unordered_map<std::string, TagId> tag_by_name_;
};

}  // namespace georep
