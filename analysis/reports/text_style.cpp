#include "analysis/reports/text_style.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace georep {

namespace {

std::string_view escape_of(Ink ink) {
  switch (ink) {
    case Ink::plain: return "";
    case Ink::good: return "\x1b[32m";
    case Ink::bad: return "\x1b[1;31m";
    case Ink::warning: return "\x1b[33m";
    case Ink::quiet: return "\x1b[2m";
    case Ink::strong: return "\x1b[1m";
  }
  return "";
}

// In UTF-8 a byte that begins with the bits 1 and 0 continues a code point (RFC 3629).
bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

std::string paint(const TextStyle& style, Ink ink, std::string_view text) {
  if (!style.colour || ink == Ink::plain || text.empty()) return std::string{text};
  std::string result{escape_of(ink)};
  result += text;
  result += "\x1b[0m";
  return result;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_code_point));
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string result{text};
  const std::size_t taken = columns_of(text);
  if (taken < columns) result.append(columns - taken, ' ');
  return result;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string{text};
  if (columns == 0) return {};
  std::size_t end = 0;
  for (std::size_t taken = 0; end < text.size(); ++end)
    if (begins_code_point(text[end]) && ++taken == columns) break;
  return std::string{text.substr(0, end)} + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find_first_not_of(" \n"), text.size());
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    if (word.empty()) break;
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > columns)
      lines.push_back(std::exchange(line, {}));
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::size_t> TextTable::widths(const TextStyle& style, std::size_t indent) const {
  std::vector<std::size_t> result(columns_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      result[i] = std::max(result[i], columns_of(row[i].text));
  // A column in which no row has anything takes no room.
  std::size_t shown = 0;
  for (const std::size_t width : result) shown += width > 0 ? 1 : 0;
  const std::size_t gaps = indent + (shown > 0 ? 2 * (shown - 1) : 0);
  const auto total = [&] { return std::accumulate(result.begin(), result.end(), gaps); };
  while (total() > style.width) {
    std::size_t* widest = nullptr;  // of the texts: a figure whose unit is gone is none
    for (std::size_t i = 0; i < result.size(); ++i)
      if (columns_[i] == Align::left && (widest == nullptr || result[i] > *widest)) widest = &result[i];
    if (widest == nullptr || *widest <= 8) break;
    --*widest;
  }
  return result;
}

std::size_t TextTable::natural_width() const {
  TextStyle unbounded;
  unbounded.width = std::numeric_limits<std::size_t>::max();
  std::size_t total = 0;
  for (const std::size_t width : widths(unbounded, 0)) total += width > 0 ? width + (total > 0 ? 2 : 0) : 0;
  return total;
}

std::string TextTable::uncut(TextStyle style, std::size_t indent) const {
  style.width = std::max(style.width, indent + natural_width());
  return text(style, indent);
}

std::string TextTable::text(const TextStyle& style, std::size_t indent) const {
  const std::vector<std::size_t> width = widths(style, indent);
  std::string result;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    std::string blanks;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (width[i] == 0) continue;
      const std::string cell = shortened(row[i].text, width[i]);
      const std::string fill(width[i] - columns_of(cell), ' ');
      if (columns_[i] == Align::right) blanks += fill;
      if (!cell.empty()) line += std::exchange(blanks, {}) + paint(style, row[i].ink, cell);
      if (columns_[i] == Align::left) blanks += fill;
      blanks += "  ";
    }
    // No line ends in blanks.
    result += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return result;
}

}  // namespace georep
