#include "scenarios/reader/characters.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace georep {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

// The length of the UTF-8 sequence there (RFC 3629: no overlong forms, no surrogates, nothing beyond
// U+10FFFF), or 0.
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const unsigned char lead = byte_at(text, i);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || i + length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if (!is_continuation(byte_at(text, i + k))) return 0;
  const unsigned char second = byte_at(text, i + 1);
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second > 0x9F) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;
  return length;
}

// C0 but for tab and line ends, DEL, and C1 but for NEL: what YAML 1.2 does not let stand unescaped.
bool is_control(std::string_view text, std::size_t i) {
  const unsigned char byte = byte_at(text, i);
  if (byte < 0x20) return byte != '\t' && byte != '\n' && byte != '\r';
  if (byte == 0x7F) return true;
  if (byte != 0xC2) return false;
  const unsigned char second = byte_at(text, i + 1);
  return second < 0xA0 && second != 0x85;
}

}  // namespace

Lines::Lines(std::string_view text) : text_{text} {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.size() && text[i + 1] == '\n')))
      starts_.push_back(i + 1);
  for (std::size_t i = 0, counted = 0; i < text.size(); i += block) {
    blocks_.push_back(counted);
    counted += static_cast<std::size_t>(character_count(text.substr(i, block)));
  }
}

std::size_t Lines::characters_before(std::size_t offset) const {
  if (blocks_.empty()) return 0;
  const std::size_t last = std::min(offset / block, blocks_.size() - 1);
  return blocks_[last] + static_cast<std::size_t>(character_count(text_.substr(last * block, offset - last * block)));
}

std::string_view Lines::line(int number) const {
  if (number < 1 || number > count()) return {};
  const std::size_t begin = start(number);
  const std::size_t end = number == count() ? text_.size() : start(number + 1);
  std::string_view line = text_.substr(begin, end - begin);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

Place Lines::place_at(std::size_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<int>(after - starts_.begin());
  const std::size_t characters = characters_before(std::min(offset, text_.size())) - characters_before(start(line));
  return {line, static_cast<int>(characters) + 1};
}

int character_count(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return !is_continuation(static_cast<unsigned char>(c));
  }));
}

std::string displayable(std::string_view line) {
  std::string result;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = sequence_length(line, i);
    if (length != 0 && !is_control(line, i)) {
      result += line.substr(i, length);
    } else if (length != 0 || !is_continuation(byte_at(line, i))) {
      result += "\uFFFD";
    }
    i += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::optional<Diagnostic> find_non_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length != 0 && !is_control(text, i)) {
      i += length;
      continue;
    }
    Diagnostic diagnostic;
    diagnostic.code = Code::not_text;
    diagnostic.place = Lines{text.substr(0, i + 1)}.place_at(i);
    if (length == 0) {
      diagnostic.message = fmt::format("the byte 0x{:02X} is not UTF-8", byte_at(text, i));
      diagnostic.hint = "save the file as UTF-8";
    } else {
      const unsigned code = length == 1 ? byte_at(text, i) : byte_at(text, i + 1);
      diagnostic.message = fmt::format("the control character U+{:04X} cannot stand here", code);
      diagnostic.hint = "in double quotes it can be written as an escape";
    }
    return diagnostic;
  }
  return {};
}

}  // namespace georep
