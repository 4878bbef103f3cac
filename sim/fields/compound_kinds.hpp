// Kinds made of kinds: words, optional values, lists, pairs, maps of named things, and values
// written in one of several forms. The templates only keep types right and hand function pointers
// to the classes in compound_kinds.cpp, so that declarations compile fast.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sim/fields/kind.hpp"

namespace georep {

/// What the classes behind the templates are told of a member.
using MemberAt = void* (*)(void* object);

template <class T>
struct MemberTraits;
template <class Owner, class T>
struct MemberTraits<T Owner::*> {
  using Object = Owner;
  using Type = T;
};
template <auto member>
using ObjectOf = typename MemberTraits<decltype(member)>::Object;
template <auto member>
using TypeOf = typename MemberTraits<decltype(member)>::Type;

/// The address of a member of an object.
template <auto member>
void* member_at(void* object) {
  return &(static_cast<ObjectOf<member>*>(object)->*member);
}

// ---- words ----

struct Word {
  std::string text;
  std::uint8_t value;
  std::string help;
};
std::shared_ptr<const Kind> make_words(std::vector<Word> words);

/// One of a few words for the values of an enumeration.
template <class E>
KindOf<E> words(std::initializer_list<std::tuple<const char*, E, const char*>> table) {
  static_assert(std::is_enum_v<E> && sizeof(E) == 1);
  std::vector<Word> all;
  for (const auto& [text, value, help] : table)
    all.push_back({text, static_cast<std::uint8_t>(value), help});
  return {make_words(std::move(all))};
}

struct Flag {
  std::string word;
  MemberAt at;
};
std::shared_ptr<const Kind> make_flags(std::vector<Flag> flags);

/// A list of words that says which of a struct's truth values hold: `invalidate_on: [push,
/// delete]`.
template <auto... members>
auto flags(std::initializer_list<const char*> names) {
  using Object = std::common_type_t<ObjectOf<members>...>;
  std::vector<Flag> all;
  auto name = names.begin();
  (all.push_back({*name++, &member_at<members>}), ...);
  return KindOf<Object>{make_flags(std::move(all))};
}

// ---- optional ----

struct OptionalOps {
  bool (*has)(const void*);
  void* (*engage)(void*);  ///< makes one by default where there is none
  const void* (*get)(const void*);
  void (*reset)(void*);
};
template <class T>
constexpr OptionalOps optional_ops{
    [](const void* o) { return static_cast<const std::optional<T>*>(o)->has_value(); },
    [](void* o) -> void* {
      auto& optional = *static_cast<std::optional<T>*>(o);
      return optional ? &*optional : &optional.emplace();
    },
    [](const void* o) -> const void* { return &**static_cast<const std::optional<T>*>(o); },
    [](void* o) { static_cast<std::optional<T>*>(o)->reset(); }};
std::shared_ptr<const Kind> make_optional_kind(std::shared_ptr<const Kind> inner, std::string word,
                                               const OptionalOps& ops);

/// A value that may be missing. `word` says so in the file (`unlimited`, `none`); without one it is
/// left out.
template <class T>
KindOf<std::optional<T>> optional(KindOf<T> inner, std::string word = {}) {
  return {make_optional_kind(inner.kind, std::move(word), optional_ops<T>)};
}

struct ReplacedOps {
  bool (*is_word)(const void*);
  void (*set_word)(void*);
  void (*set_fresh)(void*);
};
std::shared_ptr<const Kind> make_or_word(std::shared_ptr<const Kind> inner, std::string word,
                                         const ReplacedOps& ops);

/// A value that one word stands for as a whole, `when()`; anything else starts from a fresh T.
template <auto when, class T>
KindOf<T> or_word(KindOf<T> inner, std::string word) {
  constexpr ReplacedOps ops{
      [](const void* object) { return *static_cast<const T*>(object) == when(); },
      [](void* object) { *static_cast<T*>(object) = when(); },
      [](void* object) { *static_cast<T*>(object) = T{}; }};
  return {make_or_word(inner.kind, std::move(word), ops)};
}

// ---- lists ----

struct ListOps {
  std::size_t (*size)(const void*);
  void* (*at)(void*, std::size_t);
  void (*clear)(void*);
  void* (*append)(void*);
  void (*erase)(void*, std::size_t);
  void (*renew)(void*, std::size_t);  ///< puts an element back to its default
};
template <class T>
constexpr ListOps list_ops{
    [](const void* o) { return static_cast<const std::vector<T>*>(o)->size(); },
    [](void* o, std::size_t i) -> void* { return &(*static_cast<std::vector<T>*>(o))[i]; },
    [](void* o) { static_cast<std::vector<T>*>(o)->clear(); },
    [](void* o) -> void* { return &static_cast<std::vector<T>*>(o)->emplace_back(); },
    [](void* o, std::size_t i) {
      auto& list = *static_cast<std::vector<T>*>(o);
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
    },
    [](void* o, std::size_t i) { (*static_cast<std::vector<T>*>(o))[i] = T{}; }};

enum class Repeats : std::uint8_t { allowed, refused };
struct ListRules {
  std::size_t least = 0;
  Repeats repeats = Repeats::allowed;
  bool scalar_is_one = false;  ///< a single scalar stands for a list of one
};
std::shared_ptr<const Kind> make_list(std::shared_ptr<const Kind> inner, ListRules rules,
                                      const ListOps& ops);

template <class T>
KindOf<std::vector<T>> list(KindOf<T> inner, ListRules rules = {}) {
  return {make_list(inner.kind, rules, list_ops<T>)};
}

std::shared_ptr<const Kind> make_pair_kind(std::shared_ptr<const Kind> inner, MemberAt first,
                                           MemberAt second);

/// A list of exactly two.
template <class T>
KindOf<std::array<T, 2>> pair(KindOf<T> inner) {
  return {make_pair_kind(
      inner.kind, [](void* o) -> void* { return &(*static_cast<std::array<T, 2>*>(o))[0]; },
      [](void* o) -> void* { return &(*static_cast<std::array<T, 2>*>(o))[1]; })};
}

/// A struct of two members of one type that is written as a list of two.
template <auto first, auto second>
KindOf<ObjectOf<first>> pair_of(KindOf<TypeOf<first>> inner) {
  return {make_pair_kind(inner.kind, &member_at<first>, &member_at<second>)};
}

// ---- named things ----

struct NamedOps {
  ListOps list;
  std::string* (*name)(void*);
  MemberAt body;
  void (*mark)(void*, Place);  ///< may be null
};
std::shared_ptr<const Kind> make_named(std::shared_ptr<const Kind> body, std::string what,
                                       const NamedOps& ops);

template <class T>
concept Marked = requires(T object) {
  object.place = Place{};
};

template <class T, auto name_member, MemberAt body>
constexpr NamedOps named_ops{list_ops<T>,
                             [](void* o) { return &(static_cast<T*>(o)->*name_member); }, body,
                             [](void* o, [[maybe_unused]] Place place) {
                               if constexpr (Marked<T>) static_cast<T*>(o)->place = place;
                             }};

inline void* whole_object(void* object) {
  return object;
}

/// A map whose keys are the names of the elements of a vector, in order. `what` is what a key
/// names.
template <auto name_member, class T>
KindOf<std::vector<T>> named(KindOf<T> body, std::string what) {
  return {make_named(body.kind, std::move(what), named_ops<T, name_member, &whole_object>)};
}
/// The same where a value is but one member of the element: `layers: {os: 30 MiB}`.
template <auto name_member, auto body_member>
auto named_values(KindOf<TypeOf<body_member>> body, std::string what) {
  using T = ObjectOf<name_member>;
  return KindOf<std::vector<T>>{
      make_named(body.kind, std::move(what), named_ops<T, name_member, &member_at<body_member>>)};
}

// ---- one of several forms ----

struct VariantOps {
  std::size_t (*index)(const void*);
  void* (*emplace)(void*, std::size_t);  ///< makes that alternative by default unless it is there
  void* (*get)(void*);
};

template <class V, std::size_t... i>
void* emplace_alternative(V& variant, std::size_t which, std::index_sequence<i...>) {
  if (variant.index() != which) ((which == i ? void(variant.template emplace<i>()) : void()), ...);
  return std::visit([](auto& held) -> void* { return &held; }, variant);
}

template <class V>
constexpr VariantOps variant_ops{
    [](const void* o) { return static_cast<const V*>(o)->index(); },
    [](void* o, std::size_t which) {
      return emplace_alternative(*static_cast<V*>(o), which,
                                 std::make_index_sequence<std::variant_size_v<V>>{});
    },
    [](void* o) {
      return std::visit([](auto& held) -> void* { return &held; }, *static_cast<V*>(o));
    }};

template <class V, class T, std::size_t i = 0>
constexpr std::size_t index_in() {
  if constexpr (std::is_same_v<std::variant_alternative_t<i, V>, T>)
    return i;
  else
    return index_in<V, T, i + 1>();
}

/// One way to write a value: whether it is this one, and the alternative that it makes.
struct WrittenForm {
  std::size_t alternative = 0;
  std::function<bool(const Value&)> matches;
  std::shared_ptr<const Kind> kind;  ///< null: the word alone says it
  std::string word;
  std::string key;  ///< of a map that is told by it
};
std::shared_ptr<const Kind> make_one_of(std::string what, std::vector<WrittenForm> forms,
                                        const VariantOps& ops);

bool written_as_list(const Value& value);
bool written_as_scalar(const Value& value);

/// A variant, each alternative of which is written in its own form. The first form that matches is
/// taken.
template <class V>
class OneOf {
 public:
  explicit OneOf(std::string what) : what_{std::move(what)} {}

  template <class T>
  OneOf& word(std::string word) {
    auto matches = [word](const Value& value) { return value.is_scalar() && value.text() == word; };
    forms_.push_back({index_in<V, T>(), std::move(matches), nullptr, word, {}});
    return *this;
  }
  template <class T>
  OneOf& form(bool (*matches)(const Value&), KindOf<T> kind) {
    forms_.push_back({index_in<V, T>(), matches, kind.kind, {}, {}});
    return *this;
  }
  /// A map that has that key.
  template <class T>
  OneOf& keyed(std::string key, KindOf<T> kind) {
    auto matches = [key](const Value& value) {
      return value.is_map() && value.find(key) != nullptr;
    };
    forms_.push_back({index_in<V, T>(), std::move(matches), kind.kind, {}, std::move(key)});
    return *this;
  }
  operator KindOf<V>() const { return {make_one_of(what_, forms_, variant_ops<V>)}; }

 private:
  std::string what_;
  std::vector<WrittenForm> forms_;
};

std::shared_ptr<const Kind> make_through(std::shared_ptr<const Kind> inner, MemberAt at);

/// A struct written as its one member.
template <auto member>
KindOf<ObjectOf<member>> through(KindOf<TypeOf<member>> inner) {
  return {make_through(inner.kind, &member_at<member>)};
}

std::shared_ptr<const Kind> make_word_or_map(std::shared_ptr<const Kind> words, MemberAt word_at,
                                             std::uint8_t mapped,
                                             std::shared_ptr<const Kind> record);

/// A struct whose enumeration `member` is written as a word, but for `mapped`, where a map has the
/// struct's other members.
template <auto member>
KindOf<ObjectOf<member>> word_or_map(KindOf<TypeOf<member>> words, TypeOf<member> mapped,
                                     KindOf<ObjectOf<member>> record) {
  return {make_word_or_map(words.kind, &member_at<member>, static_cast<std::uint8_t>(mapped),
                           record.kind)};
}

}  // namespace georep
