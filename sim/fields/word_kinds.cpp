// Words and lists of words.
#include <algorithm>

#include "sim/fields/compound_kinds.hpp"
#include "sim/fields/shapes.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

class Words : public Kind {
 public:
  explicit Words(std::vector<Word> words) : words_{std::move(words)} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (value.is_scalar() && !value.is_null()) {
      for (const Word& word : words_)
        if (word.text == value.text())
          return *static_cast<std::uint8_t*>(object) = word.value, true;
      binding.report(Code::unknown_word, value, "unknown word " + value.found(),
                     spelling_hint(value.text(), texts()));
    } else {
      binding.report(Code::wrong_form, value,
                     "expected " + either(texts()) + ", found " + value.found());
    }
    return false;
  }
  Value write(const void* object) const override {
    const std::uint8_t value = *static_cast<const std::uint8_t*>(object);
    for (const Word& word : words_)
      if (word.value == value) return Value::plain(word.text);
    return {};
  }
  ShapePtr shape() const override {
    std::string help;
    for (const Word& word : words_)
      if (!word.help.empty()) help += (help.empty() ? "" : "; ") + word.text + ": " + word.help;
    return words_shape(texts(), std::move(help));
  }

 private:
  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const Word& word : words_) result.push_back(word.text);
    return result;
  }
  std::vector<Word> words_;
};

class Flags : public Kind {
 public:
  explicit Flags(std::vector<Flag> flags) : flags_{std::move(flags)} {}

  bool read(const Value& value, void* object, Binding& binding) const override {
    if (!value.is_list()) {
      binding.report(Code::wrong_form, value, "expected a list, found " + value.found(),
                     "of " + either(words()));
      return false;
    }
    for (const Flag& flag : flags_) *static_cast<bool*>(flag.at(object)) = false;
    bool good = true;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Value& item = value.items()[i];
      const Binding::Step step{binding, i};
      const auto flag = std::find_if(flags_.begin(), flags_.end(), [&](const Flag& f) {
        return item.is_scalar() && f.word == item.text();
      });
      if (flag == flags_.end()) {
        binding.report(Code::unknown_word, item, "unknown word " + item.found(),
                       spelling_hint(item.text(), words()));
        good = false;
      } else if (bool& held = *static_cast<bool*>(flag->at(object)); held) {
        binding.report(Code::repeated, item, "'" + flag->word + "' stands twice");
        good = false;
      } else {
        held = true;
      }
    }
    return good;
  }
  Value write(const void* object) const override {
    Value value = Value::list();
    for (const Flag& flag : flags_)
      if (*static_cast<const bool*>(flag.at(const_cast<void*>(object))))
        value.append(Value::plain(flag.word));
    return value;
  }
  ShapePtr shape() const override {
    Shape shape;
    shape.form = Shape::Form::list;
    shape.parts = {words_shape(words())};
    return shared(std::move(shape));
  }

 private:
  std::vector<std::string> words() const {
    std::vector<std::string> result;
    for (const Flag& flag : flags_) result.push_back(flag.word);
    return result;
  }
  std::vector<Flag> flags_;
};

}  // namespace

std::shared_ptr<const Kind> make_words(std::vector<Word> words) {
  return std::make_shared<Words>(std::move(words));
}
std::shared_ptr<const Kind> make_flags(std::vector<Flag> flags) {
  return std::make_shared<Flags>(std::move(flags));
}

}  // namespace georep
