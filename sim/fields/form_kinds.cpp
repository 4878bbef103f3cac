// Kinds of what is written in one of several forms: pairs, structs written as one member, words or
// maps, variants.
#include <algorithm>

#include "sim/fields/compound_kinds.hpp"
#include "sim/fields/shapes.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

class Pair : public Kind {
 public:
  Pair(std::shared_ptr<const Kind> inner, MemberAt first, MemberAt second)
      : inner_{std::move(inner)}, at_{first, second} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (!value.is_list() || value.items().size() != 2) {
      binding.report(
          Code::wrong_form, value,
          "expected a list of two, found " +
              (value.is_list() ? "one of " + std::to_string(value.items().size()) : value.found()));
      return false;
    }
    bool good = true;
    for (std::size_t i = 0; i < 2; ++i) {
      const Binding::Step step{binding, i};
      if (!inner_->read(value.items()[i], at_[i](object), binding)) good = false;
    }
    return good;
  }
  Value write(const void* object) const override {
    void* pair = const_cast<void*>(object);
    return Value::list({inner_->write(at_[0](pair)), inner_->write(at_[1](pair))});
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.form = Shape::Form::list;
    shape.least = shape.most = 2;
    shape.parts = {inner_->shape()};
    return shared(std::move(shape));
  }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    const auto index = index_of(steps.first(), 2);
    if (!index) {
      binding.report(Code::bad_path, value, "there is no [" + steps.first() + "] " + binding.here(),
                     "it has 2, counted from 0");
      return false;
    }
    const Binding::Step step{binding, *index};
    return inner_->set(at_[*index](object), steps.rest(), value, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    const auto index = index_of(steps.first(), 2);
    if (!index) return {};
    return inner_->get(at_[*index](const_cast<void*>(object)), steps.rest());
  }
  void list_paths(const void*, const std::string& path,
                  std::vector<std::string>& paths) const override {
    paths.push_back(path);
    for (std::size_t i = 0; i < 2; ++i) paths.push_back(path + path_step(i));
  }

 private:
  std::shared_ptr<const Kind> inner_;
  std::array<MemberAt, 2> at_;
};

class OneOfKind : public Kind {
 public:
  OneOfKind(std::string what, std::vector<WrittenForm> forms, const VariantOps& ops)
      : what_{std::move(what)}, forms_{std::move(forms)}, ops_{ops} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    for (const WrittenForm& form : forms_) {
      if (!form.matches(value)) continue;
      void* held = ops_.emplace(object, form.alternative);
      return form.kind == nullptr || form.kind->read(value, held, binding);
    }
    if (value.is_map() && !value.keys().empty() && !keys().empty()) {
      const Value::Key& key = value.keys().front();
      binding.report(Code::unknown_key, key, "unknown key '" + key.text + "' " + binding.here(),
                     spelling_hint(key.text, keys()));
    } else if (value.is_scalar() && !value.is_null() && is_like_a_word(value.text())) {
      const std::string nearest = nearest_name(value.text(), words());
      binding.report(Code::unknown_word, value, "unknown word " + value.found(),
                     nearest.empty() ? "expected " + either(spellings())
                                     : "did you mean '" + nearest + "'?");
    } else {
      binding.report(Code::wrong_form, value, "expected " + what_ + ", found " + value.found(),
                     spellings().size() == forms_.size() ? "written " + either(spellings()) : "");
    }
    return false;
  }
  Value write(const void* object) const override {
    const WrittenForm* form = current(object);
    if (form == nullptr) return {};
    if (form->kind == nullptr) return Value::plain(form->word);
    return form->kind->write(ops_.get(const_cast<void*>(object)));
  }
  ShapePtr shape() const override {
    std::vector<ShapePtr> parts;
    std::vector<std::string> plain;
    for (const WrittenForm& form : forms_)
      if (form.kind == nullptr) plain.push_back(form.word);
    if (!plain.empty()) parts.push_back(words_shape(plain));
    for (const WrittenForm& form : forms_)
      if (form.kind != nullptr) parts.push_back(form.kind->shape());
    return any_of(what_, std::move(parts));
  }
  // A step that is the key of another form changes to that form.
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    const WrittenForm* form = current(object);
    for (const WrittenForm& other : forms_) {
      if (&other == form || other.key.empty() || other.key != steps.first()) continue;
      if (steps.rest().empty())
        return read(Value::map_of(other.key, value), object, binding);
      binding.report(Code::bad_path, value, "there is no '" + other.key + "' yet " + binding.here(),
                     "it has to be set as a whole");
      return false;
    }
    if (form == nullptr || form->kind == nullptr) {
      binding.report(Code::bad_path, value, "there is no '" + steps.first() + "' " + binding.here(),
                     spelling_hint(steps.first(), keys()));
      return false;
    }
    return form->kind->set(ops_.get(object), steps, value, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    const WrittenForm* form = current(object);
    if (form == nullptr || form->kind == nullptr) return {};
    return form->kind->get(ops_.get(const_cast<void*>(object)), steps);
  }
  bool erase(void* object, Steps steps) const override {
    const WrittenForm* form = current(object);
    return !steps.empty() && form != nullptr && form->kind != nullptr &&
           form->kind->erase(ops_.get(object), steps);
  }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    paths.push_back(path);
    const WrittenForm* form = current(object);
    if (form == nullptr || form->kind == nullptr) return;
    std::vector<std::string> inner;
    form->kind->list_paths(ops_.get(const_cast<void*>(object)), path, inner);
    for (std::string& each : inner)
      if (each != path) paths.push_back(std::move(each));
  }

 private:
  const WrittenForm* current(const void* object) const {
    for (const WrittenForm& form : forms_)
      if (form.alternative == ops_.index(object)) return &form;
    return nullptr;
  }
  // A quantity or a text where all forms are maps is no misspelled word.
  bool is_like_a_word(const std::string& text) const {
    if (words().empty()) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '-' || c == '_' || (c >= 'a' && c <= 'z'); });
  }
  std::vector<std::string> words() const {
    std::vector<std::string> result;
    for (const WrittenForm& form : forms_)
      if (!form.word.empty()) result.push_back(form.word);
    return result;
  }
  // Each form as it is written, as far as a word or a key tells it.
  std::vector<std::string> spellings() const {
    std::vector<std::string> result = words();
    for (const std::string& key : keys()) result.push_back("{" + key + ": …}");
    return result;
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> result;
    for (const WrittenForm& form : forms_)
      if (!form.key.empty()) result.push_back(form.key);
    return result;
  }

  std::string what_;
  std::vector<WrittenForm> forms_;
  VariantOps ops_;
};

class Through : public Kind {
 public:
  Through(std::shared_ptr<const Kind> inner, MemberAt at) : inner_{std::move(inner)}, at_{at} {}
  bool read(const Value& value, void* object, Binding& binding) const override {
    return inner_->read(value, at_(object), binding);
  }
  Value write(const void* object) const override { return inner_->write(member(object)); }
  ShapePtr shape() const override { return inner_->shape(); }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    return inner_->set(at_(object), steps, value, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    return inner_->get(member(object), steps);
  }
  bool erase(void* object, Steps steps) const override { return inner_->erase(at_(object), steps); }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    inner_->list_paths(member(object), path, paths);
  }

 private:
  const void* member(const void* object) const { return at_(const_cast<void*>(object)); }

  std::shared_ptr<const Kind> inner_;
  MemberAt at_;
};

class WordOrMap : public Kind {
 public:
  WordOrMap(std::shared_ptr<const Kind> words, MemberAt word_at, std::uint8_t mapped,
            std::shared_ptr<const Kind> record)
      : words_{std::move(words)}, word_at_{word_at}, mapped_{mapped}, record_{std::move(record)} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (value.is_map()) {
      word(object) = mapped_;
      return record_->read(value, object, binding);
    }
    std::vector<std::string> forms = words_->shape()->words;
    const bool known = value.is_scalar() && std::find(forms.begin(), forms.end(), value.text()) != forms.end();
    if (known) return words_->read(value, word_at_(object), binding);
    forms.push_back(map_form());
    const bool is_word = value.is_scalar() && !value.is_null();
    binding.report(is_word ? Code::unknown_word : Code::wrong_form, value,
                   is_word ? "unknown word " + value.found()
                           : "expected " + either(forms) + ", found " + value.found(),
                   is_word ? spelling_hint(value.text(), forms) : "");
    return false;
  }
  Value write(const void* object) const override {
    if (is_mapped(object)) return record_->write(object);
    return words_->write(word_at_(const_cast<void*>(object)));
  }
  ShapePtr shape() const override { return any_of({}, {words_->shape(), record_->shape()}); }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    const std::uint8_t before = word(object);
    word(object) = mapped_;
    if (record_->set(object, steps, value, binding)) return true;
    word(object) = before;
    return false;
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    if (!is_mapped(object)) return {};
    return record_->get(object, steps);
  }
  bool erase(void* object, Steps steps) const override {
    return !steps.empty() && is_mapped(object) && record_->erase(object, steps);
  }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    paths.push_back(path);
    if (is_mapped(object)) record_->list_paths(object, path, paths);
  }

 private:
  // `{links: …}`, by the fields that have to be there.
  std::string map_form() const {
    std::string keys;
    const ShapePtr shape = record_->shape();
    for (const Shape::Field& field : shape->fields)
      if (field.required) keys += (keys.empty() ? "" : ", ") + field.key + ": …";
    return "{" + keys + "}";
  }
  std::uint8_t& word(void* object) const {
    return *static_cast<std::uint8_t*>(word_at_(object));
  }
  bool is_mapped(const void* object) const { return word(const_cast<void*>(object)) == mapped_; }

  std::shared_ptr<const Kind> words_;
  MemberAt word_at_;
  std::uint8_t mapped_;
  std::shared_ptr<const Kind> record_;
};

}  // namespace

std::shared_ptr<const Kind> make_pair_kind(std::shared_ptr<const Kind> inner, MemberAt first,
                                           MemberAt second) {
  return std::make_shared<Pair>(std::move(inner), first, second);
}
std::shared_ptr<const Kind> make_one_of(std::string what, std::vector<WrittenForm> forms,
                                        const VariantOps& ops) {
  return std::make_shared<OneOfKind>(std::move(what), std::move(forms), ops);
}
std::shared_ptr<const Kind> make_through(std::shared_ptr<const Kind> inner, MemberAt at) {
  return std::make_shared<Through>(std::move(inner), at);
}
std::shared_ptr<const Kind> make_word_or_map(std::shared_ptr<const Kind> words, MemberAt word_at,
                                             std::uint8_t mapped,
                                             std::shared_ptr<const Kind> record) {
  return std::make_shared<WordOrMap>(std::move(words), word_at, mapped, std::move(record));
}

bool written_as_list(const Value& value) {
  return value.is_list();
}
bool written_as_scalar(const Value& value) {
  return value.is_scalar() && !value.is_null();
}

}  // namespace georep
