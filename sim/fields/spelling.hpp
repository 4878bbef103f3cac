// The name that somebody probably meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace georep {

/// The least number of insertions, deletions, substitutions and swaps of neighbours that turn one
/// text into the other (optimal string alignment), or `limit + 1` where it takes more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// The candidate at the least edit distance, at most 3 and less than the length of what was
/// written; the first of equals. Empty where none is near.
std::string nearest_name(std::string_view written, const std::vector<std::string>& candidates);

/// `did you mean 'x'?` for the nearest candidate, or `expected one of: …` where none is near and
/// there are few, or empty.
std::string spelling_hint(std::string_view written, const std::vector<std::string>& candidates);

/// `a, b or c`.
std::string either(const std::vector<std::string>& names);

}  // namespace georep
