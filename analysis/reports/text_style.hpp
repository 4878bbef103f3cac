// How a report looks on a terminal: whether it is coloured, and how wide it may be. What decides both lives in sim/cli.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace georep {

struct TextStyle {
  bool colour = false;
  std::size_t width = 100;  ///< columns
};

enum class Ink : std::uint8_t { plain, good, bad, warning, quiet, strong };

/// The text in that ink, or as it is where the style has no colours.
std::string paint(const TextStyle& style, Ink ink, std::string_view text);

/// How many columns a UTF-8 text takes, colours aside: one for each code point.
std::size_t columns_of(std::string_view text);

/// The text followed by blanks up to that many columns.
std::string padded(std::string_view text, std::size_t columns);

/// The text cut to that many columns; what is left out at its end shows as `…`.
std::string shortened(std::string_view text, std::size_t columns);

/// The text in lines of at most that many columns, broken at blanks.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

enum class Align : std::uint8_t { left, right };

/// A table of texts: columns as wide as their widest cell, two blanks between them.
class TextTable {
 public:
  explicit TextTable(std::vector<Align> columns) : columns_{std::move(columns)} {}

  struct Cell {
    std::string text;
    Ink ink = Ink::plain;
  };
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  /// How many columns it takes where nothing is cut, without an indent.
  std::size_t natural_width() const;

  /// The rows, each behind `indent` blanks. Where they are wider than the style allows, the widest column of texts is cut;
  /// figures, to the right, never.
  std::string text(const TextStyle& style, std::size_t indent) const;
  /// The same, but nothing is cut.
  std::string uncut(TextStyle style, std::size_t indent) const;

 private:
  std::vector<std::size_t> widths(const TextStyle& style, std::size_t indent) const;

  std::vector<Align> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace georep
