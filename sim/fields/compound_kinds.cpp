#include "sim/fields/compound_kinds.hpp"

#include <algorithm>
#include <charconv>

#include "sim/fields/shapes.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

bool is_word(const Value& value, const std::string& word) {
  return !word.empty() && value.is_scalar() && value.text() == word;
}

class OptionalKind : public Kind {
 public:
  OptionalKind(std::shared_ptr<const Kind> inner, std::string word, const OptionalOps& ops)
      : inner_{std::move(inner)}, word_{std::move(word)}, ops_{ops} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (is_word(value, word_)) return ops_.reset(object), true;
    return inner_->read(value, ops_.engage(object), binding);
  }
  Value write(const void* object) const override {
    if (ops_.has(object)) return inner_->write(ops_.get(object));
    return Value::plain(word_);
  }
  ShapePtr shape() const override {
    if (word_.empty()) return inner_->shape();
    return any_of({}, {words_shape({word_}), inner_->shape()});
  }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    const bool was_there = ops_.has(object);
    if (!inner_->set(ops_.engage(object), steps, value, binding)) return false;
    return was_there || check_whole(object, value, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    if (!ops_.has(object)) return {};
    return inner_->get(ops_.get(object), steps);
  }
  bool erase(void* object, Steps steps) const override {
    if (!steps.empty()) return ops_.has(object) && inner_->erase(ops_.engage(object), steps);
    if (!ops_.has(object)) return false;
    ops_.reset(object);
    return true;
  }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    if (!ops_.has(object)) return paths.push_back(path);
    inner_->list_paths(ops_.get(object), path, paths);
  }

 private:
  // One field does not make a whole where others are required.
  bool check_whole(void* object, const Value& set_to, Binding& binding) const {
    std::vector<Diagnostic> wrong;
    Binding trial{wrong};
    const Value whole = inner_->write(ops_.get(object));
    if (inner_->read(whole, ops_.engage(object), trial)) return true;
    ops_.reset(object);
    binding.report(Code::bad_path, set_to, "there is nothing yet " + binding.here(),
                   "it has to be set as a whole");
    return false;
  }

  std::shared_ptr<const Kind> inner_;
  std::string word_;
  OptionalOps ops_;
};

class OrWord : public Kind {
 public:
  OrWord(std::shared_ptr<const Kind> inner, std::string word, const ReplacedOps& ops)
      : inner_{std::move(inner)}, word_{std::move(word)}, ops_{ops} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (is_word(value, word_)) return ops_.set_word(object), true;
    ops_.set_fresh(object);
    return inner_->read(value, object, binding);
  }
  Value write(const void* object) const override {
    return ops_.is_word(object) ? Value::plain(word_) : inner_->write(object);
  }
  ShapePtr shape() const override { return any_of({}, {words_shape({word_}), inner_->shape()}); }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    if (ops_.is_word(object)) ops_.set_fresh(object);
    return inner_->set(object, steps, value, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    if (ops_.is_word(object)) return {};
    return inner_->get(object, steps);
  }
  bool erase(void* object, Steps steps) const override {
    return !steps.empty() && !ops_.is_word(object) && inner_->erase(object, steps);
  }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    if (ops_.is_word(object)) return paths.push_back(path);
    inner_->list_paths(object, path, paths);
  }

 private:
  std::shared_ptr<const Kind> inner_;
  std::string word_;
  ReplacedOps ops_;
};

// Appends the paths below each element, where these say more than the element's own.
void add_element_paths(const Kind& kind, const void* element, const std::string& path,
                       std::vector<std::string>& paths) {
  std::vector<std::string> inner;
  kind.list_paths(element, path, inner);
  if (inner.size() == 1 && inner.front() == path) return;
  paths.insert(paths.end(), inner.begin(), inner.end());
}

class List : public Kind {
 public:
  List(std::shared_ptr<const Kind> inner, ListRules rules, const ListOps& ops)
      : inner_{std::move(inner)}, rules_{rules}, ops_{ops} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    const bool one = rules_.scalar_is_one && value.is_scalar() && !value.is_null();
    if (!value.is_list() && !one) {
      binding.report(Code::wrong_form, value, "expected a list, found " + value.found(),
                     value.is_null() ? "an empty one is written []" : "");
      return false;
    }
    ops_.clear(object);
    if (one) return inner_->read(value, ops_.append(object), binding);
    bool good = true;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Binding::Step step{binding, i};
      if (!inner_->read(value.items()[i], ops_.append(object), binding)) good = false;
      if (rules_.repeats == Repeats::refused && repeats(value.items(), i)) {
        binding.report(Code::repeated, value.items()[i],
                       value.items()[i].found() + " stands twice");
        good = false;
      }
    }
    if (value.items().size() < rules_.least) {
      binding.report(Code::out_of_bounds, value,
                     "expected at least " + std::to_string(rules_.least) +
                         (rules_.least == 1 ? " element" : " elements"));
      good = false;
    }
    return good;
  }
  Value write(const void* object) const override {
    void* list = const_cast<void*>(object);
    if (rules_.scalar_is_one && ops_.size(object) == 1) {
      Value only = inner_->write(ops_.at(list, 0));
      if (only.is_scalar()) return only;
    }
    Value value = Value::list();
    for (std::size_t i = 0; i < ops_.size(object); ++i)
      value.append(inner_->write(ops_.at(list, i)));
    return value;
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.form = Shape::Form::list;
    if (rules_.least > 0) shape.least = static_cast<double>(rules_.least);
    shape.parts = {inner_->shape()};
    const ShapePtr list = shared(std::move(shape));
    return rules_.scalar_is_one ? any_of({}, {inner_->shape(), list}) : list;
  }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    const auto index = index_of(steps.first(), ops_.size(object));
    if (!index) {
      binding.report(Code::bad_path, value, "there is no [" + steps.first() + "] " + binding.here(),
                     "it has " + std::to_string(ops_.size(object)) + ", counted from 0");
      return false;
    }
    const Binding::Step step{binding, *index};
    if (steps.rest().empty()) ops_.renew(object, *index);
    return inner_->set(ops_.at(object, *index), steps.rest(), value, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    const auto index = index_of(steps.first(), ops_.size(object));
    if (!index) return {};
    return inner_->get(ops_.at(const_cast<void*>(object), *index), steps.rest());
  }
  bool erase(void* object, Steps steps) const override {
    if (steps.empty()) return false;
    const auto index = index_of(steps.first(), ops_.size(object));
    if (!index) return false;
    if (!steps.rest().empty()) return inner_->erase(ops_.at(object, *index), steps.rest());
    ops_.erase(object, *index);
    return true;
  }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    paths.push_back(path);
    for (std::size_t i = 0; i < ops_.size(object); ++i)
      add_element_paths(*inner_, ops_.at(const_cast<void*>(object), i), path + path_step(i), paths);
  }

 private:
  static bool repeats(const std::vector<Value>& items, std::size_t i) {
    return std::find(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), items[i]) !=
           items.begin() + static_cast<std::ptrdiff_t>(i);
  }

  std::shared_ptr<const Kind> inner_;
  ListRules rules_;
  ListOps ops_;
};

class Named : public Kind {
 public:
  Named(std::shared_ptr<const Kind> body, std::string what, const NamedOps& ops)
      : body_{std::move(body)}, what_{std::move(what)}, ops_{ops} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (!value.is_map()) {
      binding.report(Code::wrong_form, value,
                     "expected a map from " + what_ + ", found " + value.found(),
                     value.is_null() ? "an empty one is written {}" : "");
      return false;
    }
    ops_.list.clear(object);
    bool good = true;
    for (std::size_t i = 0; i < value.items().size(); ++i)
      if (!read_one(value.keys()[i], value.items()[i], ops_.list.append(object), binding))
        good = false;
    return good;
  }
  Value write(const void* object) const override {
    Value value = Value::map();
    for (std::size_t i = 0; i < ops_.list.size(object); ++i)
      value.insert(*ops_.name(element(object, i)), body_->write(body(object, i)));
    return value;
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.form = Shape::Form::map;
    shape.name = what_;
    shape.parts = {body_->shape()};
    return shared(std::move(shape));
  }
  bool set(void* object, Steps steps, const Value& value, Binding& binding) const override {
    if (steps.empty()) return read(value, object, binding);
    const auto index = find(object, steps.first());
    if (!steps.rest().empty()) {
      if (!index) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < ops_.list.size(object); ++i)
          names.push_back(*ops_.name(element(object, i)));
        binding.report(Code::bad_path, value,
                       "there is no '" + steps.first() + "' " + binding.here(),
                       spelling_hint(steps.first(), names));
        return false;
      }
      const Binding::Step step{binding, steps.first()};
      return body_->set(body(object, *index), steps.rest(), value, binding);
    }
    // A name that is not there yet is added.
    if (index) ops_.list.renew(object, *index);
    const Value::Key key{steps.first(), value.place(), value.width()};
    void* target = index ? element(object, *index) : ops_.list.append(object);
    return read_one(key, value, target, binding);
  }
  std::optional<Value> get(const void* object, Steps steps) const override {
    if (steps.empty()) return write(object);
    const auto index = find(object, steps.first());
    if (!index) return {};
    return body_->get(body(object, *index), steps.rest());
  }
  bool erase(void* object, Steps steps) const override {
    const auto index = steps.empty() ? std::optional<std::size_t>{} : find(object, steps.first());
    if (!index) return false;
    if (!steps.rest().empty()) return body_->erase(body(object, *index), steps.rest());
    ops_.list.erase(object, *index);
    return true;
  }
  void list_paths(const void* object, const std::string& path,
                  std::vector<std::string>& paths) const override {
    paths.push_back(path);
    for (std::size_t i = 0; i < ops_.list.size(object); ++i)
      body_->list_paths(body(object, i), path + path_step(*ops_.name(element(object, i))), paths);
  }

 private:
  void* element(const void* object, std::size_t i) const {
    return ops_.list.at(const_cast<void*>(object), i);
  }
  void* body(const void* object, std::size_t i) const { return ops_.body(element(object, i)); }
  std::optional<std::size_t> find(const void* object, const std::string& name) const {
    for (std::size_t i = 0; i < ops_.list.size(object); ++i)
      if (*ops_.name(element(object, i)) == name) return i;
    return {};
  }

  bool read_one(const Value::Key& key, const Value& value, void* target, Binding& binding) const {
    const Binding::Step step{binding, key.text};
    *ops_.name(target) = key.text;
    ops_.mark(target, key.place);
    bool good = true;
    if (key.text.empty() || key.text.find_first_of(" \t\r\n") != std::string::npos) {
      binding.report(Code::bad_key, key, "'" + key.text + "' is no name",
                     what_ + " hold no spaces and are not empty");
      good = false;
    }
    if (!body_->read(value, ops_.body(target), binding)) good = false;
    // The body of a record marks its own place; the name's is the one to cite.
    ops_.mark(target, key.place);
    return good;
  }

  std::shared_ptr<const Kind> body_;
  std::string what_;
  NamedOps ops_;
};

}  // namespace

std::shared_ptr<const Kind> make_optional_kind(std::shared_ptr<const Kind> inner, std::string word,
                                               const OptionalOps& ops) {
  return std::make_shared<OptionalKind>(std::move(inner), std::move(word), ops);
}
std::shared_ptr<const Kind> make_or_word(std::shared_ptr<const Kind> inner, std::string word,
                                         const ReplacedOps& ops) {
  return std::make_shared<OrWord>(std::move(inner), std::move(word), ops);
}
std::shared_ptr<const Kind> make_list(std::shared_ptr<const Kind> inner, ListRules rules,
                                      const ListOps& ops) {
  return std::make_shared<List>(std::move(inner), rules, ops);
}
std::shared_ptr<const Kind> make_named(std::shared_ptr<const Kind> body, std::string what,
                                       const NamedOps& ops) {
  return std::make_shared<Named>(std::move(body), std::move(what), ops);
}
}  // namespace georep
