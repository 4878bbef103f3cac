#include "sim/fields/spelling.hpp"

#include <algorithm>

namespace georep {

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return limit + 1;
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], limit + 1);
}

std::string nearest_name(std::string_view written, const std::vector<std::string>& candidates) {
  constexpr std::size_t farthest = 3;
  // A suggestion that shares nothing with what was written is none: below four letters the limit
  // shrinks.
  const std::size_t limit = std::min(farthest, written.empty() ? 0 : written.size() - 1);
  std::size_t least = limit + 1;
  std::string nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(written, candidate, limit);
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string either(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string spelling_hint(std::string_view written, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_name(written, candidates);
  if (!nearest.empty()) return "did you mean '" + nearest + "'?";
  constexpr std::size_t few = 16;
  if (candidates.empty() || candidates.size() > few) return {};
  return "expected " + either(candidates);
}

}  // namespace georep
