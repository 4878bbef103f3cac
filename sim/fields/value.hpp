// What a scenario file says before it means anything: scalars, lists and maps, each with its place.
// The reader makes them from YAML,
// `--set` from flow text, and the writer turns specs back into them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/fields/quantities.hpp"

namespace georep {

/// A node as written. Comparison looks at content alone: not at places, and not at whether a scalar
/// was quoted.
class Value {
 public:
  enum class Form : std::uint8_t { scalar, list, map };

  /// A key of a map.
  struct Key {
    std::string text;
    Place place;
    int width = 0;  ///< columns it takes in the file
  };

  Value() = default;
  /// A scalar that is written as it stands, such as a quantity or a word.
  static Value plain(std::string text);
  /// A scalar that is text, quoted where it has to be.
  static Value quoted_text(std::string text);
  static Value list(std::vector<Value> items = {});
  static Value map();
  /// A map of one key.
  static Value map_of(std::string key, Value value);

  Form form() const { return form_; }
  bool is_scalar() const { return form_ == Form::scalar; }
  bool is_list() const { return form_ == Form::list; }
  bool is_map() const { return form_ == Form::map; }
  /// An empty plain scalar, `~` or `null` (YAML 1.2 core schema).
  bool is_null() const;
  bool quoted() const { return quoted_; }

  /// The text of a scalar.
  const std::string& text() const { return text_; }
  /// The items of a list, or the values of a map in the order of its keys.
  const std::vector<Value>& items() const { return items_; }
  std::vector<Value>& items() { return items_; }
  const std::vector<Key>& keys() const { return keys_; }

  /// The value of that key, or null.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  void append(Value item) { items_.push_back(std::move(item)); }
  void insert(Key key, Value value);
  void insert(std::string key, Value value) {
    insert(Key{std::move(key), {}, 0}, std::move(value));
  }

  Place place() const { return place_; }
  int width() const { return width_; }
  void set_place(Place place, int width) {
    place_ = place;
    width_ = width;
  }
  void set_quoted(bool quoted) { quoted_ = quoted; }

  /// `a list`, `a map`, `nothing` or `'text'`: what a message says was found.
  std::string found() const;

  friend bool operator==(const Value& x, const Value& y);

 private:
  Form form_ = Form::scalar;
  bool quoted_ = false;
  int width_ = 0;
  Place place_;
  std::string text_;
  std::vector<Value> items_;
  std::vector<Key> keys_;
};

}  // namespace georep
