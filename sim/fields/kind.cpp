#include "sim/fields/kind.hpp"

#include <algorithm>
#include <charconv>

namespace georep {

void Binding::report(Code code, const Value& at, std::string message, std::string hint) {
  if (is_full()) return;
  diagnostics_.push_back(
      {code, std::move(message), std::move(hint), path_, at.place(), std::max(1, at.width())});
}

void Binding::report(Code code, const Value::Key& at, std::string message, std::string hint) {
  if (is_full()) return;
  diagnostics_.push_back(
      {code, std::move(message), std::move(hint), path_, at.place, std::max(1, at.width)});
}

std::string Binding::here() const {
  return "in " + (path_.empty() ? "the scenario" : path_);
}

Binding::Step::Step(Binding& binding, std::string_view key)
    : binding_{binding}, before_{binding.path_.size()} {
  binding_.path_ += path_step(key);
  if (before_ == 0 && binding_.path_.starts_with('.')) binding_.path_.erase(0, 1);
}

Binding::Step::Step(Binding& binding, std::size_t index)
    : binding_{binding}, before_{binding.path_.size()} {
  binding_.path_ += path_step(index);
}

std::string path_step(std::string_view key) {
  const bool simple = !key.empty() && key.find_first_of(".[]=") == std::string_view::npos;
  return simple ? "." + std::string{key} : "[" + std::string{key} + "]";
}

std::string path_step(std::size_t index) {
  return "[" + std::to_string(index) + "]";
}

std::optional<std::size_t> index_of(const PathStep& step, std::size_t size) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size() || index >= size) return {};
  return index;
}

namespace {

// The part of a value tree that a path leads to; `grow` adds keys that are not there.
Value* descend(Value& value, Steps steps, bool grow) {
  if (steps.empty()) return &value;
  const PathStep& step = steps.first();
  if (value.is_list()) {
    const auto index = index_of(step, value.items().size());
    return index ? descend(value.items()[*index], steps.rest(), grow) : nullptr;
  }
  if (!value.is_map()) {
    if (!grow) return nullptr;
    value = Value::map();
  }
  if (value.find(step) == nullptr) {
    if (!grow) return nullptr;
    // A kind that is written in one of several forms is one key: the new one takes the place of the
    // old.
    if (value.keys().size() == 1) value = Value::map();
    value.insert(step, {});
  }
  return descend(*value.find(step), steps.rest(), grow);
}

}  // namespace

bool Kind::set(void* object, Steps steps, const Value& value, Binding& binding) const {
  if (steps.empty()) return read(value, object, binding);
  const ShapePtr looks = shape();
  const bool has_parts = looks->form == Shape::Form::any || !looks->parts.empty() ||
                         !looks->fields.empty();
  if (!has_parts) {
    binding.report(Code::bad_path, value, "there is no '" + steps.first() + "' " + binding.here(),
                   "it is " + (looks->name.empty() ? "a single value" : "a " + looks->name));
    return false;
  }
  Value whole = write(object);
  Value* part = descend(whole, steps, false);
  if (part == nullptr) part = descend(whole, steps, true);
  if (part == nullptr) {
    binding.report(Code::bad_path, value, "there is no '" + steps.first() + "' " + binding.here());
    return false;
  }
  *part = value;
  return read(whole, object, binding);
}

std::optional<Value> Kind::get(const void* object, Steps steps) const {
  Value whole = write(object);
  const Value* part = descend(whole, steps, false);
  if (part == nullptr) return {};
  return *part;
}

bool Kind::erase(void*, Steps) const {
  return false;
}

void Kind::list_paths(const void*, const std::string& path, std::vector<std::string>& paths) const {
  paths.push_back(path);
}

}  // namespace georep
