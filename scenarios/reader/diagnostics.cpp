// How mistakes are shown: all of them, in the order of their places.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "scenarios/reader/characters.hpp"
#include "scenarios/reader/reader.hpp"

namespace georep {
namespace {

constexpr std::size_t longest_shown_line = 160;

// The part of a line that holds a column, and where that column then is.
std::pair<std::string, int> excerpt(std::string_view line, int column) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (is_start(line[i])) starts.push_back(i);
  if (starts.size() <= longest_shown_line) return {std::string{line}, column};
  const std::size_t at = static_cast<std::size_t>(std::max(column, 1)) - 1;
  const std::size_t begin = at > longest_shown_line / 2 ? at - longest_shown_line / 2 : 0;
  const std::size_t end = std::min(begin + longest_shown_line, starts.size());
  const std::size_t last = end < starts.size() ? starts[end] : line.size();
  const std::string part{line.substr(starts[std::min(begin, starts.size() - 1)],
                                     last - starts[std::min(begin, starts.size() - 1)])};
  return {(begin > 0 ? "…" : "") + part + (end < starts.size() ? "…" : ""),
          column - static_cast<int>(begin) + (begin > 0 ? 1 : 0)};
}

// As many columns as stand before the caret, with the tabs of the line, so that it lines up.
std::string indentation(std::string_view line, int column) {
  std::string result;
  int passed = 1;
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    if (passed++ >= column) break;
    result += c == '\t' ? '\t' : ' ';
  }
  while (passed++ < column) result += ' ';
  return result;
}

std::string where(const Diagnostic& diagnostic, const std::string& file) {
  if (diagnostic.place.line > 0)
    return fmt::format("{}:{}:{}", file, diagnostic.place.line, diagnostic.place.column);
  // What stands nowhere in the file came from the command line, or is the file as a whole.
  return diagnostic.path.empty() ? file : "--set " + diagnostic.path;
}

std::string rendered(const Diagnostic& diagnostic, const Lines& lines, const std::string& file) {
  std::string text =
      fmt::format("{}: error[E{:03}]: {}\n", where(diagnostic, file),
                  static_cast<int>(diagnostic.code), diagnostic.message);
  const std::string whole_line = displayable(lines.line(diagnostic.place.line));
  if (!whole_line.empty()) {
    const auto [line, column] = excerpt(whole_line, diagnostic.place.column);
    const int left = std::max(1, character_count(line) - column + 1);
    const int width = std::clamp(diagnostic.width, 1, left);
    text += "    " + line + "\n    " + indentation(line, column) + "^" +
            std::string(static_cast<std::size_t>(width) - 1, '~') + "\n";
  }
  if (!diagnostic.hint.empty()) text += "    hint: " + diagnostic.hint + "\n";
  return text;
}

}  // namespace

std::vector<Diagnostic> in_order_of_place(std::vector<Diagnostic> diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& x, const Diagnostic& y) {
    return std::pair{x.place.line, x.place.column} < std::pair{y.place.line, y.place.column};
  });
  return diagnostics;
}

std::string render(const std::vector<Diagnostic>& diagnostics, const SourceText& source) {
  const Lines lines{source.text};
  std::string text;
  for (const Diagnostic& diagnostic : in_order_of_place(diagnostics)) text += rendered(diagnostic, lines, source.name);
  return text;
}

}  // namespace georep
