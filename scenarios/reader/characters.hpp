// Characters, lines and columns of a scenario's text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fields/diagnostic.hpp"

namespace georep {

/// What some editors put before a text in UTF-8.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The lines of a text, for looking up places.
class Lines {
 public:
  explicit Lines(std::string_view text);

  /// A line counted from 1, without its end; empty where there is no such line.
  std::string_view line(int number) const;
  /// The place of a byte: its line and the number of its character, both counted from 1.
  Place place_at(std::size_t offset) const;
  /// Where a line starts.
  std::size_t start(int number) const { return starts_[static_cast<std::size_t>(number) - 1]; }
  int count() const { return static_cast<int>(starts_.size()); }

 private:
  static constexpr std::size_t block = 256;
  std::size_t characters_before(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> starts_;
  std::vector<std::size_t> blocks_;  // how many characters come before each block of bytes: a line may be as long as the file
};

/// How many characters a valid UTF-8 text has.
int character_count(std::string_view text);

/// A line as a terminal may show it: what is no text becomes U+FFFD, and every other character keeps
/// its column.
std::string displayable(std::string_view line);

/// What makes a text no text: the first byte that is not UTF-8, or the first control character.
std::optional<Diagnostic> find_non_text(std::string_view text);

}  // namespace georep
