#include "sim/fields/value.hpp"

#include "sim/fields/flow_text.hpp"

namespace georep {

Value Value::plain(std::string text) {
  Value value;
  value.text_ = std::move(text);
  return value;
}

Value Value::quoted_text(std::string text) {
  Value value = plain(std::move(text));
  value.quoted_ = needs_quotes(value.text_);
  return value;
}

Value Value::list(std::vector<Value> items) {
  Value value;
  value.form_ = Form::list;
  value.items_ = std::move(items);
  return value;
}

Value Value::map() {
  Value value;
  value.form_ = Form::map;
  return value;
}

Value Value::map_of(std::string key, Value inner) {
  Value value = map();
  value.insert(std::move(key), std::move(inner));
  return value;
}

bool Value::is_null() const {
  return is_scalar() && !quoted_ &&
         (text_.empty() || text_ == "~" || text_ == "null" || text_ == "Null" || text_ == "NULL");
}

const Value* Value::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (keys_[i].text == key) return &items_[i];
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

void Value::insert(Key key, Value value) {
  keys_.push_back(std::move(key));
  items_.push_back(std::move(value));
}

std::string Value::found() const {
  if (is_list()) return "a list";
  if (is_map()) return "a map";
  if (is_null()) return "nothing";
  constexpr std::size_t most = 60;
  if (text_.size() <= most) return "'" + text_ + "'";
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) --end;
  return "'" + text_.substr(0, end) + "…'";
}

bool operator==(const Value& x, const Value& y) {
  if (x.form_ != y.form_ || x.text_ != y.text_ || x.items_ != y.items_ ||
      x.keys_.size() != y.keys_.size())
    return false;
  for (std::size_t i = 0; i < x.keys_.size(); ++i)
    if (x.keys_[i].text != y.keys_[i].text) return false;
  return true;
}

}  // namespace georep
