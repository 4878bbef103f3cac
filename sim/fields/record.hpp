// Records: the maps of a scenario that have a struct behind them. A record is the list of its
// fields, each declared once.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/fields/compound_kinds.hpp"
#include "sim/fields/kind.hpp"

namespace georep {

/// What may be said of a field beside key, kind and help.
struct FieldOptions {
  bool required = false;
  std::vector<std::string> also = {};  ///< other spellings of the key
  std::string otherwise = {};  ///< what holds where it is left out, if the default does not show it
  std::vector<std::string> excludes = {};  ///< fields that may not be written beside it
};

class Record;

/// A field of a record, its type erased.
struct RecordField {
  std::string key;
  std::string help;
  FieldOptions options;
  bool head = false;  ///< its presence selects the alternative that it belongs to
  std::shared_ptr<const Kind> kind;
  MemberAt at = nullptr;
  void (*assign)(void* to, const void* from) =
      nullptr;  ///< copies the member; null where the field is the object itself
};

/// A variant member whose alternatives put their keys beside the record's own: the action of a
/// timeline entry.
struct RecordChoice {
  std::string what;
  std::vector<std::shared_ptr<const Record>> alternatives;  ///< in the order of the variant
  MemberAt at = nullptr;
  VariantOps ops;
};

/// The kind of a struct that is written as a map of its fields.
class Record : public Kind {
 public:
  using Part = std::variant<RecordField, RecordChoice>;
  /// What the fields are where nothing is written, given the preset in an object.
  using Baseline = std::shared_ptr<const void> (*)(const void* object);

  Record(std::string name, std::string help, Baseline prototype)
      : name_{std::move(name)}, help_{std::move(help)}, prototype_{prototype} {}

  bool read(const Value& value, void* object, Binding& binding) const override;
  Value write(const void* object) const override;
  ShapePtr shape() const override;
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override;
  std::optional<Value> get(const void* object, Steps steps) const override;
  bool erase(void* object, Steps steps) const override;
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override;

  /// Writes what differs from another object of the same type.
  Value write_against(const void* object, const void* base) const;

 private:
  template <class T>
  friend class RecordOf;

  /// A field, the object that it is a field of (the record's own, or the selected alternative of a
  /// choice), and the object that holds its default.
  struct Active {
    const RecordField* field;
    void* owner;
    const void* base;
    void* address() const { return field->at(owner); }
    const void* default_address() const { return field->at(const_cast<void*>(base)); }
  };
  struct ActiveSet;
  struct Reading;

  void add_active(void* object, const void* base, ActiveSet& all) const;
  const Active* find_active(const ActiveSet& all, std::string_view key) const;
  void select(const Value& value, void* object, Binding& binding, Reading& reading) const;
  void select_alternative(const RecordChoice& choice, const Value& value, void* object,
                          Binding& binding, Reading& reading) const;
  bool read_preset(const Value& value, void* object, Binding& binding) const;
  bool read_keys(const Value& value, Reading& reading, Binding& binding) const;
  bool report_missing(const Value& value, const Reading& reading, Binding& binding) const;
  bool report_excluded(const Reading& reading, Binding& binding) const;
  const RecordField* head_in(const Value& value) const;
  bool switch_to(std::string_view key, void* object) const;
  void collect_keys(std::vector<std::string>& keys, bool heads_only) const;
  void reset(const RecordField& field, void* owner, const void* base) const;
  void rebase(void* object, const void* before, const void* after) const;
  std::shared_ptr<const void> baseline(const void* object) const;
  void write_parts(const void* object, const void* base, Value& map) const;
  void add_shapes(std::vector<std::vector<Shape::Field>>& variants) const;
  Shape::Field shape_of(const RecordField& field) const;

  std::string name_;
  std::string help_;
  Baseline prototype_;  ///< makes a fresh object
  std::string preset_key_;
  Baseline preset_baseline_ = nullptr;
  void (*mark_)(void*, Place) = nullptr;
  std::vector<Part> parts_;
};

/// Declares the fields of a struct.
template <class T>
class RecordOf {
 public:
  RecordOf(std::string name, std::string help)
      : record_{std::make_shared<Record>(
            std::move(name), std::move(help),
            [](const void*) -> std::shared_ptr<const void> { return std::make_shared<T>(); })} {
    if constexpr (Marked<T>)
      record_->mark_ = [](void* object, Place place) { static_cast<T*>(object)->place = place; };
  }

  template <auto member>
  RecordOf& field(std::string key, KindOf<TypeOf<member>> kind, std::string help,
                  FieldOptions options = {}) {
    add({std::move(key), std::move(help), std::move(options), false, kind.kind, &member_at<member>,
         &assign<member>});
    return *this;
  }

  /// The field whose presence says which alternative of a choice this record is.
  template <auto member>
  RecordOf& head(std::string key, KindOf<TypeOf<member>> kind, std::string help,
                 FieldOptions options = {}) {
    options.required = true;
    add({std::move(key), std::move(help), std::move(options), true, kind.kind, &member_at<member>,
         &assign<member>});
    return *this;
  }

  /// A map below one key that has members of the same struct: `retag: {from, to}`.
  RecordOf& part(std::string key, KindOf<T> inner, std::string help, FieldOptions options = {}) {
    add({std::move(key), std::move(help), std::move(options), false, inner.kind,
         [](void* object) { return object; }, nullptr});
    return *this;
  }
  RecordOf& head_part(std::string key, KindOf<T> inner, std::string help) {
    FieldOptions options;
    options.required = true;
    add({std::move(key), std::move(help), std::move(options), true, inner.kind,
         [](void* object) { return object; }, nullptr});
    return *this;
  }

  /// A variant whose alternatives' keys stand beside these. The records come in the order of the
  /// variant.
  template <auto member, class... Alternatives>
  RecordOf& choice(std::string what, const RecordOf<Alternatives>&... alternatives) {
    using V = TypeOf<member>;
    static_assert(std::is_same_v<V, std::variant<Alternatives...>>);
    record_->parts_.push_back(RecordChoice{
        std::move(what), {alternatives.record()...}, &member_at<member>, variant_ops<V>});
    return *this;
  }

  /// A field that decides what the others are by default: it is read first, then `baseline` gives
  /// the rest.
  template <auto member, auto baseline>
  RecordOf& preset(std::string key, KindOf<TypeOf<member>> kind, std::string help) {
    record_->preset_key_ = key;
    record_->preset_baseline_ = [](const void* object) -> std::shared_ptr<const void> {
      return std::make_shared<T>(baseline(static_cast<const T*>(object)->*member));
    };
    return field<member>(std::move(key), kind, std::move(help));
  }

  /// Puts the fields of a member struct beside this record's own.
  template <auto member>
  RecordOf& include(const RecordOf<TypeOf<member>>& other) {
    record_->parts_.push_back(
        RecordChoice{{},
                     {other.record()},
                     &member_at<member>,
                     VariantOps{[](const void*) -> std::size_t { return 0; },
                                [](void* object, std::size_t) { return object; },
                                [](void* object) { return object; }}});
    return *this;
  }

  operator KindOf<T>() const { return {record_}; }
  std::shared_ptr<const Record> record() const { return record_; }

 private:
  template <auto member>
  static void assign(void* to, const void* from) {
    static_cast<T*>(to)->*member = static_cast<const T*>(from)->*member;
  }
  void add(RecordField field) { record_->parts_.push_back(std::move(field)); }

  std::shared_ptr<Record> record_;
};

}  // namespace georep
