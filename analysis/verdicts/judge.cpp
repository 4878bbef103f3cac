#include "analysis/verdicts/judge.hpp"

#include <fmt/format.h>

namespace georep {

void Judge::reset() {
  found_ = {};
  breach_.reset();
  violations_ = 0;
}

void Judge::found(std::string detail, std::optional<double> figure) {
  found_.figure = figure;
  if (!breach_) found_.detail = std::move(detail);
}

void Judge::record(Instant at, std::initializer_list<std::string_view> names) {
  Breach breach{0, at};
  for (const std::string_view name : names)
    breach.identity = breach.identity * 0x9E3779B97F4A7C15ULL + name_hash(name);
  breach_ = breach;
  if (listener_) listener_();
}

Verdict Judge::verdict() const {
  Verdict result = found_;
  if (violations_ > 1) result.detail += fmt::format("; {} times in all", violations_);
  return result;
}

std::string_view Judge::region(RegionId id) const {
  return id == RegionId::none ? std::string_view{"no replica"} : world_.plan().region_name(id);
}
std::string Judge::tag(TagId id) const {
  return id == TagId::none ? std::string{"a digest"} : world_.names().text(id);
}
std::string_view Judge::image(ManifestId id) const {
  return id == ManifestId::none ? std::string_view{"nothing"}
                                : std::string_view{world_.content().manifest(id).name};
}
std::string_view Judge::host(HostId id) const { return world_.hosts()[index(id)].name; }

TagFilter::TagFilter(World& world, std::string text) : world_{world}, text_{std::move(text)} {
  if (!text_.empty() && text_.find(':') == std::string::npos) text_ += ":latest";
  reset();
}

void TagFilter::reset() { wanted_ = world_.plan().names.find(text_).value_or(TagId::none); }

bool TagFilter::takes(TagId tag) {
  if (text_.empty()) return true;
  if (tag == TagId::none) return false;
  if (wanted_ != TagId::none) return tag == wanted_;
  if (index(tag) < world_.plan().names.tag_count() || world_.names().text(tag) != text_)
    return false;
  wanted_ = tag;
  return true;
}

}  // namespace georep
