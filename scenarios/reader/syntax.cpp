#include "scenarios/reader/syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "scenarios/reader/characters.hpp"

namespace georep {
namespace {

constexpr std::size_t greatest_depth = 64;
/// Lists, maps and scalars together, those that aliases repeat included.
constexpr std::size_t most_nodes = 300'000;

/// Reading cannot go on; the diagnostic that says why is recorded.
struct Stop {};

std::size_t node_count(const Value& value) {
  std::size_t count = 1;
  for (const Value& item : value.items()) count += node_count(item);
  return count;
}

std::size_t depth_of(const Value& value) {
  if (value.is_scalar()) return 0;
  std::size_t depth = 0;
  for (const Value& item : value.items()) depth = std::max(depth, depth_of(item));
  return depth + 1;
}

/// What an anchor names: nothing while it is still being read.
struct Anchored {
  std::optional<Value> value;
  std::size_t nodes = 0;
  std::size_t depth = 0;
};

/// A list or a map that is not closed yet.
struct Open {
  Value value;
  YAML::anchor_t anchor = 0;
  bool is_key = false;  ///< it stands where a key should
  std::optional<Value::Key> key;
  bool dropped = false;  ///< the value of the key at hand is of no use
  bool merges = false;   ///< the key at hand is a merge key
  std::map<std::string, int, std::less<>> first_line;  ///< of each key
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const Lines& lines, std::vector<Diagnostic>& diagnostics)
      : text_{text}, lines_{lines}, diagnostics_{diagnostics} {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    report(Code::second_document, offset(mark), 1, "a second document begins here",
           "a file holds one scenario");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Value value;
    place_nothing(value, mark);
    add(std::move(value), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::size_t at = offset(mark);
    const int width = token_width(at);
    const Anchored& named = anchors_[anchor];
    if (!named.value) {
      report(Code::alias, at, width, "an alias cannot stand inside what it names", {});
      throw Stop{};
    }
    nodes_ += named.nodes;
    check_size(at);
    if (open_.size() + named.depth > greatest_depth) stop_too_deep(at);
    Value value = *named.value;
    value.set_place(lines_.place_at(at), width);
    add(std::move(value), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const std::size_t at = content_start(offset(mark), tag);
    check_closed(at);
    Value value = Value::plain(text);
    value.set_quoted(tag == "!" && at < text_.size() && is_indicator(text_[at]));
    value.set_place(lines_.place_at(at), scalar_width(at, text));
    add(std::move(value), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Value::list(), mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Value::map(), mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  std::optional<Value> take_root() { return std::move(root_); }

  /// The list or map that the parser was in when it gave up.
  const Value* innermost() const { return open_.empty() ? nullptr : &open_.back().value; }

  void report(Code code, std::size_t at, int width, std::string message, std::string hint) {
    diagnostics_.push_back(
        {code, std::move(message), std::move(hint), {}, lines_.place_at(at), std::max(1, width)});
  }

 private:
  static bool is_indicator(char c) { return c == '"' || c == '\'' || c == '|' || c == '>'; }

  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }

  // Past the anchor and the tag, which stand before the content; a tag is reported.
  std::size_t content_start(std::size_t at, const std::string& tag) {
    bool reported = false;
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      if (text_[at] == '!') {
        report(Code::tag, at, token_width(at), "a scenario has no tags",
               "what a value is follows from where it stands");
        reported = true;
      }
      at = std::min(text_.find_first_of(" \t\r\n", at), text_.size());
      at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
    }
    const bool written = !tag.empty() && tag != "?" && tag != "!";
    if (written && !reported) report(Code::tag, at, 1, "a scenario has no tags", {});
    return at;
  }

  int token_width(std::size_t at) const {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,[]{}", at), text_.size());
    return character_count(text_.substr(at, end - at));
  }

  // Where the quoted text that begins there ends, or the end of the file.
  std::size_t closing_quote(std::size_t at) const {
    const char quote = text_[at];
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      if (quote == '"' && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        if (quote == '"' || i + 1 == text_.size() || text_[i + 1] != quote) return i;
        ++i;
      }
    }
    return text_.size();
  }

  // The library takes the end of the file for a closing quote.
  void check_closed(std::size_t at) {
    if (at >= text_.size() || (text_[at] != '"' && text_[at] != '\'')) return;
    if (closing_quote(at) < text_.size()) return;
    report(Code::syntax, at, 1, "a quoted text is not closed", {});
    throw Stop{};
  }

  int scalar_width(std::size_t at, std::string_view content) const {
    if (at >= text_.size()) return 1;
    const char first = text_[at];
    if (first == '|' || first == '>') return 1;
    std::size_t end = text_.size();
    if (first == '"' || first == '\'') {
      end = std::min(end, closing_quote(at) + 1);
    } else if (text_.substr(at).starts_with(content)) {
      end = at + content.size();
    }
    // Only what is marked is searched for the end of its line: a file of one long line has many scalars.
    const std::string_view marked = text_.substr(at, end - at);
    return character_count(marked.substr(0, marked.find_first_of("\r\n")));
  }

  // Where nothing stands, the parser's mark is that of whatever comes next.
  void place_nothing(Value& value, const YAML::Mark& mark) const {
    const std::size_t at = offset(mark);
    const std::string_view rest = text_.substr(at);
    for (const std::string_view word : {"null", "Null", "NULL", "~"})
      if (rest.starts_with(word))
        return value.set_place(lines_.place_at(at), static_cast<int>(word.size()));
    if (open_.empty()) return value.set_place(lines_.place_at(at), 1);
    const Open& parent = open_.back();
    if (parent.key) return value.set_place(parent.key->place, parent.key->width);
    value.set_place(parent.value.place(), 1);
  }

  void check_size(std::size_t at) {
    if (nodes_ <= most_nodes) return;
    report(Code::too_big, at, 1, "the scenario has more than 300000 values, aliases included", {});
    throw Stop{};
  }

  [[noreturn]] void stop_too_deep(std::size_t at) {
    report(Code::too_deep, at, 1, "lists and maps are nested more than 64 deep", {});
    throw Stop{};
  }

  void open(Value value, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const std::size_t at = content_start(offset(mark), tag);
    if (open_.size() >= greatest_depth) stop_too_deep(at);
    ++nodes_;
    check_size(at);
    value.set_place(lines_.place_at(at), 1);
    Open opened;
    opened.anchor = anchor;
    opened.is_key = !open_.empty() && open_.back().value.is_map() && !open_.back().key;
    opened.value = std::move(value);
    if (anchor != 0) anchors_[anchor] = {};
    open_.push_back(std::move(opened));
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.anchor != 0)
      anchors_[closed.anchor] = {closed.value, node_count(closed.value), depth_of(closed.value)};
    if (!closed.is_key) return place(std::move(closed.value));
    diagnostics_.push_back({Code::bad_key, "a key cannot be " + closed.value.found(),
                            "a key is plain text", {}, closed.value.place(), 1});
    open_.back().key = Value::Key{};
    open_.back().dropped = true;
  }

  void add(Value value, YAML::anchor_t anchor) {
    ++nodes_;
    if (nodes_ > most_nodes) check_size(text_.size());
    if (anchor != 0) anchors_[anchor] = {value, 1, 0};
    if (!open_.empty() && open_.back().value.is_map() && !open_.back().key)
      return take_key(open_.back(), value);
    place(std::move(value));
  }

  void take_key(Open& map, const Value& value) {
    Value::Key key{value.text(), value.place(), value.width()};
    const auto refuse = [&](Code code, std::string message, std::string hint) {
      diagnostics_.push_back({code, std::move(message), std::move(hint), {}, key.place,
                              std::max(1, key.width)});
      map.dropped = true;
    };
    map.dropped = map.merges = false;
    if (!value.is_scalar() || value.is_null()) {
      refuse(Code::bad_key, "a key cannot be " + value.found(), "a key is plain text");
    } else if (value.text() == "<<" && !value.quoted()) {
      refuse(Code::alias, "a scenario has no merge keys", "write the keys out");
      map.merges = true;
    } else if (const auto [first, added] = map.first_line.try_emplace(key.text, key.place.line);
               !added) {
      refuse(Code::duplicate_key, "the key '" + key.text + "' stands twice in this map",
             fmt::format("the first is on line {}", first->second));
    }
    map.key = std::move(key);
  }

  void place(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (parent.value.is_list()) return parent.value.append(std::move(value));
    if (!parent.dropped) parent.value.insert(std::move(*parent.key), std::move(value));
    // Reported as it is, what it would merge shall not be reported as missing too.
    if (parent.merges && value.is_map())
      for (std::size_t i = 0; i < value.items().size(); ++i)
        if (parent.first_line.try_emplace(value.keys()[i].text, value.place().line).second)
          parent.value.insert(value.keys()[i], value.items()[i]);
    parent.key.reset();
    parent.dropped = false;
  }

  std::string_view text_;
  const Lines& lines_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::optional<Value> root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

/// The library's words for a mistake, and ours.
struct Wording {
  std::string_view theirs;
  Code code;
  std::string_view message;
  std::string_view hint;
};

constexpr std::string_view one_column = "the keys of one map start in one column";
constexpr std::array wordings{
    Wording{"end of map not found", Code::syntax, "this does not belong to the map above it",
            one_column},
    Wording{"end of sequence not found", Code::syntax, "this does not belong to the list above it",
            "the entries of one list start with '- ' in one column"},
    Wording{"end of map flow not found", Code::syntax, "expected ',' or '}' in a map", ""},
    Wording{"end of sequence flow not found", Code::syntax, "expected ',' or ']' in a list", ""},
    Wording{"illegal map value", Code::syntax, "a ':' cannot stand here",
            "a text that holds ': ' has to be quoted; the keys of one map start in one column"},
    Wording{"illegal map key", Code::syntax, "a key cannot stand here", one_column},
    Wording{"illegal block entry", Code::syntax, "a '- ' cannot stand here",
            "a list in a map starts on a line of its own"},
    Wording{"illegal flow end", Code::syntax, "this closes nothing that is open", ""},
    Wording{"illegal EOF in scalar", Code::syntax, "a quoted text is not closed", ""},
    Wording{"illegal document indicator in scalar", Code::syntax, "a quoted text is not closed",
            ""},
    Wording{"unknown token", Code::syntax, "no value starts with this character",
            "a text that starts with it has to be quoted"},
    Wording{"the referenced anchor is not defined", Code::alias, "no such anchor stands above",
            "an alias repeats what '&name' marked before it"},
};

// The first tab of the blanks that begin a line, if there is one.
std::optional<std::size_t> indenting_tab(std::string_view text, std::size_t at) {
  const std::size_t line = text.substr(0, at).find_last_of("\r\n");
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
  const std::size_t tab = text.substr(0, end).find('\t', begin);
  if (tab == std::string_view::npos) return {};
  return tab;
}

void report_fault(const YAML::ParserException& fault, std::string_view text,
                  TreeBuilder& builder) {
  const auto at = std::min(static_cast<std::size_t>(std::max(fault.mark.pos, 0)), text.size());
  if (const auto tab = indenting_tab(text, at))
    return builder.report(Code::syntax, *tab, 1, "a tab cannot indent", "use spaces");
  for (const Wording& wording : wordings) {
    if (!fault.msg.starts_with(wording.theirs)) continue;
    std::string hint{wording.hint};
    const Value* inside = builder.innermost();
    if (wording.theirs.find("flow not found") != std::string_view::npos && inside != nullptr)
      hint = fmt::format("it was opened on line {}", inside->place().line);
    return builder.report(wording.code, at, 1, std::string{wording.message}, std::move(hint));
  }
  builder.report(Code::syntax, at, 1, fault.msg, {});
}

}  // namespace

namespace {

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

/// The code unit that `\uXXXX` at the start of the text stands for.
std::optional<std::uint32_t> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return unit;
}

/// JSON writes a character beyond U+FFFF as two escapes, which YAML does not know. Here it is one.
/// Source: RFC 8259, section 7.
std::string with_joined_surrogates(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] != '\\') continue;
    const auto high = escaped_unit(text.substr(i));
    const auto low = high ? escaped_unit(text.substr(i + 6)) : std::nullopt;
    if (low && *high >= 0xD800 && *high < 0xDC00 && *low >= 0xDC00 && *low < 0xE000) {
      result += fmt::format("U{:08X}", 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
      i += 11;
    } else if (i + 1 < text.size()) {
      result += text[++i];  // so that the second of two backslashes begins nothing
    }
  }
  return result;
}

}  // namespace

std::optional<Value> parse_document(std::string_view text, std::vector<Diagnostic>& diagnostics) {
  const Lines lines{text};
  TreeBuilder builder{text, lines, diagnostics};
  try {
    std::istringstream stream{is_json(text) ? with_joined_surrogates(text) : std::string{text}};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::ParserException& fault) {
    report_fault(fault, text, builder);
    return {};
  } catch (const Stop&) {
    return {};
  }
  return builder.take_root();
}

}  // namespace georep
