#include "analysis/races/scenario_document.hpp"

#include <string>
#include <utility>

#include "analysis/experiments/scenario_fields.hpp"
#include "sim/fields/record.hpp"

namespace georep {

ScenarioDocument::ScenarioDocument(const Scenario& scenario, std::size_t kept)
    : whole_{scenario_fields().record()->write(&scenario)} {
  parts_.push_back({0, 0, true, &whole_});
  for (std::size_t i = 0; i < whole_.items().size(); ++i) {
    const std::string& key = whole_.keys()[i].text;
    const Value& section = whole_.items()[i];
    if (key != "expect") {
      number(section, 0, key == "version" || key == "scenario");
      continue;
    }
    const std::size_t all = parts_.size();
    parts_.push_back({0, 1, true, &section});
    for (const Value& expectation : section.items())
      number(expectation, all, &expectation == &section.items()[kept]);
  }
}

void ScenarioDocument::number(const Value& value, std::size_t parent, bool stays) {
  const std::size_t part = parts_.size();
  parts_.push_back({parent, parts_[parent].depth + 1, stays, &value});
  for (const Value& inner : value.items()) number(inner, part, stays);
}

bool ScenarioDocument::is_in(std::size_t part, const Out& out) const {
  for (; part != 0; part = parts_[part].parent)
    if (out[part]) return false;
  return true;
}

const std::string* ScenarioDocument::scalar(std::size_t part) const {
  const Value& value = *parts_[part].value;
  return value.is_scalar() ? &value.text() : nullptr;
}

struct ScenarioDocument::Edit {
  const Out* out = nullptr;
  std::size_t changed = 0;
  const std::string* text = nullptr;
};

Value ScenarioDocument::copy(const Value& value, std::size_t& part, const Edit& edit) const {
  const Place place{static_cast<int>(part), 1};
  Value result = Value::list();
  if (value.is_map()) result = Value::map();
  if (value.is_scalar()) result = edit.changed == part && part != 0 ? Value::plain(*edit.text) : value;
  result.set_place(place, 1);
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    const std::size_t number = ++part;
    Value inner = copy(value.items()[i], part, edit);
    if (edit.out != nullptr && (*edit.out)[number]) continue;
    if (value.is_map())
      result.insert({value.keys()[i].text, {static_cast<int>(number), 1}, 1}, std::move(inner));
    else
      result.append(std::move(inner));
  }
  return result;
}

Value ScenarioDocument::without(const Out& out) const {
  std::size_t part = 0;
  return copy(whole_, part, {&out});
}

Value ScenarioDocument::with(std::size_t part, const std::string& text) const {
  std::size_t first = 0;
  return copy(whole_, first, {nullptr, part, &text});
}

}  // namespace georep
