#include "scenarios/reader/findings.hpp"

#include <algorithm>
#include <charconv>

#include "sim/fields/path.hpp"

namespace georep {
namespace {

// Whether one path is the other, or leads to something inside it.
bool is_within(std::string_view path, std::string_view outer) {
  if (!path.starts_with(outer)) return false;
  return path.size() == outer.size() || path[outer.size()] == '.' || path[outer.size()] == '[';
}

// Mistakes after which the value there is not what was meant. Others concern keys beside it.
bool spoils_value(Code code) {
  switch (code) {
    case Code::unknown_key:
    case Code::missing_key:
    case Code::exclusive_keys:
    case Code::bad_version:
      return false;
    default:
      return true;
  }
}

const Value* step_into(const Value& value, const PathStep& step) {
  if (value.is_map()) {
    const Value* found = value.find(step);
    // A deployment may say `in` where its field is called `to`.
    return found == nullptr && step == "to" ? value.find("in") : found;
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size()) return nullptr;
  // A single scalar stands for a list of one.
  if (value.is_scalar()) return index == 0 ? &value : nullptr;
  return index < value.items().size() ? &value.items()[index] : nullptr;
}

}  // namespace

Findings::Findings(const Value& root, const std::vector<Setting>& overrides,
                   std::vector<Diagnostic>& diagnostics)
    : root_{root}, diagnostics_{diagnostics} {
  for (const Setting& setting : overrides) overridden_.push_back(setting.path);
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.code == Code::unknown_key) unknown_keys_.insert(diagnostic.path);
    if (!diagnostic.path.empty() && spoils_value(diagnostic.code))
      unread_.insert(diagnostic.path);
  }
}

Findings::Found Findings::locate(const std::string& path) const {
  Found found{&root_, root_.place(), 1, true};
  const auto steps = parse_path(path);
  if (!steps) return found;
  for (const PathStep& step : *steps) {
    const Value* inner = step_into(*found.value, step);
    if (inner == nullptr) {
      found.whole = false;
      break;
    }
    found = {inner, inner->place(), inner->width(), true};
  }
  return found;
}

bool Findings::is_overridden(const std::string& path) const {
  return std::any_of(overridden_.begin(), overridden_.end(), [&path](const std::string& overridden) {
    return is_within(path, overridden);
  });
}

bool Findings::is_written(const std::string& path) const {
  return is_overridden(path) || locate(path).whole;
}

bool Findings::is_unread(const std::string& path) const {
  if (has_unknown_key("") && path.find_first_of(".[") == std::string::npos && !is_written(path))
    return true;
  if (unread_.empty()) return false;
  for (std::size_t end = path.size(); end != std::string::npos && end > 0;
       end = path.find_last_of(".[", end - 1))
    if (unread_.contains(std::string_view{path}.substr(0, end))) return true;
  return false;
}

bool Findings::has_unread_below(const std::string& path) const {
  for (auto next = unread_.lower_bound(path); next != unread_.end() && next->starts_with(path);
       ++next)
    if (is_within(*next, path)) return true;
  return false;
}

void Findings::report(Code code, const std::string& path, std::string message, std::string hint) {
  const std::string& at = everything_at_.empty() ? path : everything_at_;
  if (is_full() || is_unread(at) || has_unread_below(at)) return;
  Diagnostic diagnostic{code, std::move(message), std::move(hint), at, {}, 1};
  if (!is_overridden(at)) {
    const Found found = locate(at);
    // An element of a list that the file does not write is there because of one that was set.
    const std::string list = at.ends_with(']') ? at.substr(0, at.find('[', at.rfind('.'))) : "";
    const auto set = std::find_if(overridden_.begin(), overridden_.end(), [&](const std::string& other) {
      return !found.whole && !list.empty() && is_within(other, list);
    });
    if (set != overridden_.end()) {
      diagnostic.path = *set;
    } else {
      diagnostic.place = found.place;
      diagnostic.width = std::max(1, found.width);
    }
  }
  diagnostics_.push_back(std::move(diagnostic));
}

}  // namespace georep
