#include "models/registry/names.hpp"

namespace georep {

RepositoryId Names::repository(std::string_view name) {
  const auto [place, added] = repository_by_name_.try_emplace(
      std::string{name}, static_cast<RepositoryId>(repositories_.size()));
  if (added) repositories_.push_back(Repository{std::string{name}, {}});
  return place->second;
}

TagId Names::tag(RepositoryId repository, std::string_view name) {
  std::string key = repository_name(repository) + ':' + std::string{name};
  const auto [place, added] =
      tag_by_name_.try_emplace(std::move(key), static_cast<TagId>(tags_.size()));
  if (added) {
    tags_.push_back(Tag{repository, std::string{name}});
    repositories_[index(repository)].tags.push_back(place->second);
  }
  return place->second;
}

TagId Names::reference(std::string_view text) {
  // The host part of a full name has no place in a scenario, so the last colon is the tag's.
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return tag(repository(text), "latest");
  return tag(repository(text.substr(0, colon)), text.substr(colon + 1));
}

std::optional<TagId> Names::find(std::string_view text) const {
  std::string key{text};
  if (text.find(':') == std::string_view::npos) key += ":latest";
  const auto known = tag_by_name_.find(key);
  return known == tag_by_name_.end() ? std::nullopt : std::optional{known->second};
}

std::string Names::text(TagId id) const {
  return repository_name(repository_of(id)) + ':' + tag_name(id);
}

void Names::truncate(std::size_t repository_count, std::size_t tag_count) {
  while (tags_.size() > tag_count) {
    const Tag& last = tags_.back();
    tag_by_name_.erase(text(static_cast<TagId>(tags_.size() - 1)));
    repositories_[index(last.repository)].tags.pop_back();
    tags_.pop_back();
  }
  while (repositories_.size() > repository_count) {
    repository_by_name_.erase(repositories_.back().name);
    repositories_.pop_back();
  }
}

}  // namespace georep
