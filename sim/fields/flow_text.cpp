#include "sim/fields/flow_text.hpp"

#include <charconv>
#include <cstdint>

namespace georep {
namespace {

constexpr int greatest_depth = 64;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

class FlowParser {
 public:
  explicit FlowParser(std::string_view text) : text_{text} {}

  std::expected<Value, std::string> whole() {
    skip_spaces();
    // Outside brackets a plain scalar goes to the end, commas and all: `--set description=a, b`.
    if (!at_end() && !starts_structure(text_[at_]))
      return Value::plain(std::string{trimmed(text_.substr(at_))});
    auto value = parse(0);
    if (!value) return value;
    skip_spaces();
    if (!at_end()) return fault("nothing may follow the value");
    return value;
  }

 private:
  static bool starts_structure(char c) { return c == '[' || c == '{' || c == '"' || c == '\''; }
  bool at_end() const { return at_ >= text_.size(); }
  void skip_spaces() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }
  std::unexpected<std::string> fault(std::string message) const {
    return std::unexpected{message + ", at character " + std::to_string(at_ + 1)};
  }

  std::expected<Value, std::string> parse(int depth) {
    if (depth > greatest_depth) return fault("nested more than 64 deep");
    skip_spaces();
    if (at_end()) return fault("a value is missing");
    switch (text_[at_]) {
      case '[':
        return parse_list(depth);
      case '{':
        return parse_map(depth);
      case '"':
      case '\'':
        return parse_quoted();
      default:
        return Value::plain(plain_scalar());
    }
  }

  std::expected<Value, std::string> parse_list(int depth) {
    Value list = Value::list();
    ++at_;
    for (;;) {
      skip_spaces();
      if (at_end()) return fault("a list is not closed with ']'");
      if (text_[at_] == ']') break;
      auto item = parse(depth + 1);
      if (!item) return item;
      list.append(std::move(*item));
      skip_spaces();
      if (at_end() || (text_[at_] != ',' && text_[at_] != ']'))
        return fault("expected ',' or ']' in a list");
      if (text_[at_] == ',') ++at_;
    }
    ++at_;
    return list;
  }

  std::expected<Value, std::string> parse_map(int depth) {
    Value map = Value::map();
    ++at_;
    for (;;) {
      skip_spaces();
      if (at_end()) return fault("a map is not closed with '}'");
      if (text_[at_] == '}') break;
      auto key =
          text_[at_] == '"' || text_[at_] == '\'' ? parse_quoted() : Value::plain(plain_scalar());
      if (!key) return key;
      skip_spaces();
      if (at_end() || text_[at_] != ':') return fault("expected ':' after a key");
      ++at_;
      if (map.find(key->text()) != nullptr) return fault("the key '" + key->text() + "' twice");
      auto value = parse(depth + 1);
      if (!value) return value;
      map.insert(key->text(), std::move(*value));
      skip_spaces();
      if (at_end() || (text_[at_] != ',' && text_[at_] != '}'))
        return fault("expected ',' or '}' in a map");
      if (text_[at_] == ',') ++at_;
    }
    ++at_;
    return map;
  }

  // A plain scalar ends at a bracket, a comma, or a colon that a space or the end follows:
  // `samples/a:v1` is one.
  std::string plain_scalar() {
    const std::size_t begin = at_;
    while (!at_end()) {
      const char c = text_[at_];
      if (c == ',' || c == '[' || c == ']' || c == '{' || c == '}') break;
      if (c == ':' && (at_ + 1 == text_.size() || is_space(text_[at_ + 1]))) break;
      ++at_;
    }
    return std::string{trimmed(text_.substr(begin, at_ - begin))};
  }

  std::expected<Value, std::string> parse_quoted() {
    const char quote = text_[at_++];
    std::string content;
    for (;;) {
      if (at_end()) return fault("a quoted text is not closed");
      const char c = text_[at_++];
      if (c == quote) {
        if (quote == '"' || at_end() || text_[at_] != '\'') break;
        ++at_;
        content += '\'';
      } else if (c == '\\' && quote == '"') {
        if (!parse_escape(content)) return fault("an escape that JSON does not have");
      } else {
        content += c;
      }
    }
    Value value = Value::plain(std::move(content));
    value.set_quoted(true);
    return value;
  }

  bool parse_escape(std::string& content) {
    if (at_end()) return false;
    constexpr std::string_view letters = "\"\\/nrtbf";
    constexpr std::string_view meanings = "\"\\/\n\r\t\b\f";
    const char c = text_[at_++];
    if (const std::size_t i = letters.find(c); i != std::string_view::npos) {
      content += meanings[i];
      return true;
    }
    if (c != 'u' || text_.size() - at_ < 4) return false;
    std::uint32_t code = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
    if (error != std::errc{} || end != begin + 4 || code > 0x7F) return false;
    at_ += 4;
    content += static_cast<char>(code);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool looks_like_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0o")) return true;
  if (text == ".inf" || text == ".nan") return true;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool is_core_word(std::string_view text) {
  for (const std::string_view word :
       {"~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", ".inf",
        ".Inf", ".INF", ".nan", ".NaN", ".NAN", "---", "...", "<<"})
    if (text == word) return true;
  return false;
}

// A truth value of YAML 1.1, which other tools still read as one.
bool is_old_truth_value(std::string_view text) {
  for (const std::string_view word : {"yes", "no", "on", "off", "y", "n"})
    if (text == word) return true;
  return false;
}

}  // namespace

std::expected<Value, std::string> parse_flow_text(std::string_view text) {
  return FlowParser{text}.whole();
}

bool needs_quotes(std::string_view text) {
  if (text.empty() || is_space(text.front()) || is_space(text.back())) return true;
  if (is_core_word(text) || looks_like_number(text) || is_old_truth_value(text)) return true;
  constexpr std::string_view first = "!&*-?|>%@`\"'#:=";
  if (first.find(text.front()) != std::string_view::npos) return true;
  if (text.back() == ':') return true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F) return true;
    if (c == ',' || c == '[' || c == ']' || c == '{' || c == '}') return true;
    if (c == ':' && is_space(text[i + 1])) return true;
    if (c == '#' && is_space(text[i - 1])) return true;
  }
  return false;
}

std::string key_text(std::string_view key) {
  const bool plain = !needs_quotes(key) || is_old_truth_value(key);
  return plain ? std::string{key} : double_quoted(key);
}

std::string double_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          constexpr std::string_view digits = "0123456789ABCDEF";
          result += "\\u00";
          result += digits[static_cast<unsigned char>(c) >> 4];
          result += digits[static_cast<unsigned char>(c) & 15];
        } else {
          result += c;
        }
    }
  }
  return result + '"';
}

std::string flow_text(const Value& value) {
  if (value.is_scalar()) return value.quoted() ? double_quoted(value.text()) : value.text();
  std::string result = value.is_list() ? "[" : "{";
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    if (i > 0) result += ", ";
    if (value.is_map()) {
      result += key_text(value.keys()[i].text);
      result += ": ";
    }
    result += flow_text(value.items()[i]);
  }
  return result + (value.is_list() ? "]" : "}");
}

}  // namespace georep
