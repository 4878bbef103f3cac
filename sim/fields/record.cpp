#include "sim/fields/record.hpp"

#include <algorithm>

#include "sim/fields/flow_text.hpp"
#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

bool answers_to(const RecordField& field, std::string_view key) {
  return field.key == key || std::find(field.options.also.begin(), field.options.also.end(), key) !=
                                 field.options.also.end();
}

const Record* as_record(const RecordField& field) {
  return dynamic_cast<const Record*>(field.kind.get());
}

const void* at(const RecordField& field, const void* owner) {
  return field.at(const_cast<void*>(owner));
}

bool is_included(const RecordChoice& choice) {
  return choice.what.empty();
}

bool is_missing(const Value& value) {
  return value.is_null();
}

}  // namespace

struct Record::ActiveSet {
  std::vector<Active> fields;
  std::vector<std::shared_ptr<const void>> kept;  ///< what the defaults of alternatives live in
};

/// The fields that may stand in one map, and what is still open about it.
struct Record::Reading {
  std::vector<Active> fields;
  std::vector<const RecordChoice*> undecided;
  std::vector<const Value::Key*> seen;  ///< for each field the key that set it, or null
  std::vector<const Value::Key*> refused;  ///< heads of a second alternative, reported already
  std::vector<std::string> misspelt;       ///< the fields that unknown keys probably mean
};

std::shared_ptr<const void> Record::baseline(const void* object) const {
  return preset_baseline_ != nullptr ? preset_baseline_(object) : prototype_(object);
}

// ---- reading ----

const RecordField* Record::head_in(const Value& value) const {
  for (const Part& part : parts_) {
    const auto* field = std::get_if<RecordField>(&part);
    if (field == nullptr || !field->head) continue;
    for (const Value::Key& key : value.keys())
      if (answers_to(*field, key.text)) return field;
  }
  return nullptr;
}

void Record::select(const Value& value, void* object, Binding& binding, Reading& reading) const {
  for (const Part& part : parts_) {
    if (const auto* field = std::get_if<RecordField>(&part))
      reading.fields.push_back({field, object, nullptr});
    else
      select_alternative(std::get<RecordChoice>(part), value, object, binding, reading);
  }
}

void Record::select_alternative(const RecordChoice& choice, const Value& value, void* object,
                                Binding& binding, Reading& reading) const {
  void* variant = choice.at(object);
  if (is_included(choice)) return choice.alternatives[0]->select(value, variant, binding, reading);
  std::optional<std::size_t> chosen;
  const RecordField* chosen_by = nullptr;
  for (std::size_t i = 0; i < choice.alternatives.size(); ++i) {
    const RecordField* head = choice.alternatives[i]->head_in(value);
    if (head == nullptr) continue;
    if (chosen) {
      for (const Value::Key& key : value.keys())
        if (answers_to(*head, key.text)) {
          binding.report(Code::exclusive_keys, key,
                         "'" + chosen_by->key + "' and '" + key.text + "' exclude one another " +
                             binding.here(),
                         "expected " + choice.what + ", not two");
          reading.refused.push_back(&key);
        }
      continue;
    }
    chosen = i;
    chosen_by = head;
  }
  if (!chosen) {
    reading.undecided.push_back(&choice);
    return;
  }
  void* alternative = choice.ops.emplace(variant, *chosen);
  choice.alternatives[*chosen]->select(value, alternative, binding, reading);
}

bool Record::read(const Value& value, void* object, Binding& binding) const {
  if (!value.is_map()) {
    binding.report(Code::wrong_form, value,
                   "expected a map of " + name_ + ", found " + value.found(),
                   is_missing(value) ? "an empty one is written {}" : "");
    return false;
  }
  if (mark_ != nullptr) mark_(object, value.place());
  bool good = read_preset(value, object, binding);
  Reading reading;
  select(value, object, binding, reading);
  reading.seen.resize(reading.fields.size());
  if (!read_keys(value, reading, binding)) good = false;
  if (!report_missing(value, reading, binding)) good = false;
  if (!report_excluded(reading, binding)) good = false;
  return good;
}

bool Record::report_excluded(const Reading& reading, Binding& binding) const {
  bool good = true;
  for (std::size_t i = 0; i < reading.fields.size(); ++i) {
    const RecordField& field = *reading.fields[i].field;
    if (reading.seen[i] == nullptr) continue;
    for (std::size_t j = 0; j < reading.fields.size(); ++j) {
      const auto& excluded = field.options.excludes;
      if (reading.seen[j] == nullptr ||
          std::find(excluded.begin(), excluded.end(), reading.fields[j].field->key) == excluded.end())
        continue;
      binding.report(Code::exclusive_keys, *reading.seen[j],
                     "'" + reading.seen[i]->text + "' and '" + reading.seen[j]->text + "' exclude one another " +
                         binding.here());
      good = false;
    }
  }
  return good;
}

bool Record::read_preset(const Value& value, void* object, Binding& binding) const {
  const Value* preset = preset_key_.empty() ? nullptr : value.find(preset_key_);
  if (preset == nullptr) return true;
  // Read into a copy first, so that what is wrong with it is reported once, among the other keys.
  std::vector<Diagnostic> unheard;
  Binding trial{unheard};
  for (const Part& part : parts_) {
    const auto* field = std::get_if<RecordField>(&part);
    if (field == nullptr || field->key != preset_key_) continue;
    if (!field->kind->read(*preset, field->at(object), trial)) return true;
  }
  const std::shared_ptr<const void> base = baseline(object);
  for (const Part& part : parts_)
    if (const auto* field = std::get_if<RecordField>(&part)) field->assign(object, base.get());
  (void)binding;
  return true;
}

bool Record::read_keys(const Value& value, Reading& reading, Binding& binding) const {
  bool good = true;
  bool unknown = false;
  for (std::size_t k = 0; k < value.keys().size(); ++k) {
    const Value::Key& key = value.keys()[k];
    const auto found =
        std::find_if(reading.fields.begin(), reading.fields.end(),
                     [&](const Active& a) { return answers_to(*a.field, key.text); });
    if (found == reading.fields.end()) {
      if (binding.is_full()) return false;
      if (std::find(reading.refused.begin(), reading.refused.end(), &key) !=
          reading.refused.end()) {
        good = false;
        continue;
      }
      std::vector<std::string> open;
      for (const RecordChoice* choice : reading.undecided)
        for (const auto& alternative : choice->alternatives) alternative->collect_keys(open, false);
      // Which alternative is meant is not known yet: its own keys are no mistake.
      if (std::find(open.begin(), open.end(), key.text) != open.end()) continue;
      std::vector<std::string> legal;
      for (const Active& active : reading.fields) legal.push_back(active.field->key);
      for (const RecordChoice* choice : reading.undecided)
        for (const auto& alternative : choice->alternatives) alternative->collect_keys(legal, true);
      binding.report(Code::unknown_key, key, "unknown key '" + key.text + "' " + binding.here(),
                     spelling_hint(key.text, legal));
      reading.misspelt.push_back(nearest_name(key.text, legal));
      unknown = true;
      good = false;
      continue;
    }
    const auto index = static_cast<std::size_t>(found - reading.fields.begin());
    if (const Value::Key* before = reading.seen[index]) {
      binding.report(
          Code::exclusive_keys, key,
          "'" + before->text + "' and '" + key.text + "' say the same " + binding.here());
      good = false;
      continue;
    }
    reading.seen[index] = &key;
    const Binding::Step step{binding, found->field->key};
    if (!found->field->kind->read(value.items()[k], found->address(), binding)) good = false;
  }
  // A key that is probably a misspelt action explains why there is none.
  if (unknown) reading.undecided.clear();
  return good;
}

bool Record::report_missing(const Value& value, const Reading& reading, Binding& binding) const {
  bool good = true;
  for (std::size_t i = 0; i < reading.fields.size(); ++i) {
    const RecordField& field = *reading.fields[i].field;
    if (!field.options.required || reading.seen[i] != nullptr) continue;
    if (std::find(reading.misspelt.begin(), reading.misspelt.end(), field.key) !=
        reading.misspelt.end())
      continue;
    binding.report(Code::missing_key, value, "'" + field.key + "' is missing " + binding.here(),
                   field.help);
    good = false;
  }
  for (const RecordChoice* choice : reading.undecided) {
    std::vector<std::string> heads;
    for (const auto& alternative : choice->alternatives) alternative->collect_keys(heads, true);
    binding.report(Code::missing_key, value, choice->what + " is missing " + binding.here(),
                   "expected " + either(heads));
    good = false;
  }
  return good;
}

void Record::collect_keys(std::vector<std::string>& keys, bool heads_only) const {
  for (const Part& part : parts_) {
    if (const auto* field = std::get_if<RecordField>(&part)) {
      if (heads_only && !field->head) continue;
      keys.push_back(field->key);
      if (!heads_only)
        keys.insert(keys.end(), field->options.also.begin(), field->options.also.end());
    } else if (!heads_only) {
      for (const auto& alternative : std::get<RecordChoice>(part).alternatives)
        alternative->collect_keys(keys, false);
    }
  }
}

// ---- writing ----

Value Record::write(const void* object) const {
  return write_against(object, baseline(object).get());
}

Value Record::write_against(const void* object, const void* base) const {
  Value map = Value::map();
  write_parts(object, base, map);
  return map;
}

void Record::write_parts(const void* object, const void* base, Value& map) const {
  for (const Part& part : parts_) {
    if (const auto* field = std::get_if<RecordField>(&part)) {
      const void* mine = at(*field, object);
      const void* other = at(*field, base);
      const Record* record = as_record(*field);
      // What a preset says is left out where the preset is written.
      std::shared_ptr<const void> own_base;
      if (record != nullptr && record->preset_baseline_ != nullptr) {
        own_base = record->baseline(mine);
        other = own_base.get();
      }
      Value value =
          record != nullptr ? record->write_against(mine, other) : field->kind->write(mine);
      if (is_missing(value)) continue;
      if (!field->options.required && field->key != preset_key_) {
        if (record != nullptr ? value.items().empty() : value == field->kind->write(other))
          continue;
      }
      map.insert(field->key, std::move(value));
      continue;
    }
    const auto& choice = std::get<RecordChoice>(part);
    void* variant = choice.at(const_cast<void*>(object));
    const Record& alternative = *choice.alternatives[choice.ops.index(variant)];
    if (is_included(choice)) {
      alternative.write_parts(variant, choice.at(const_cast<void*>(base)), map);
    } else {
      const void* held = choice.ops.get(variant);
      alternative.write_parts(held, alternative.baseline(held).get(), map);
    }
  }
}

// ---- paths ----

void Record::add_active(void* object, const void* base, ActiveSet& all) const {
  for (const Part& part : parts_) {
    if (const auto* field = std::get_if<RecordField>(&part)) {
      all.fields.push_back({field, object, base});
      continue;
    }
    const auto& choice = std::get<RecordChoice>(part);
    void* variant = choice.at(object);
    const Record& alternative = *choice.alternatives[choice.ops.index(variant)];
    if (is_included(choice)) {
      alternative.add_active(variant, choice.at(const_cast<void*>(base)), all);
    } else {
      void* held = choice.ops.get(variant);
      all.kept.push_back(alternative.baseline(held));
      alternative.add_active(held, all.kept.back().get(), all);
    }
  }
}

const Record::Active* Record::find_active(const ActiveSet& all, std::string_view key) const {
  for (const Active& active : all.fields)
    if (answers_to(*active.field, key)) return &active;
  return nullptr;
}

// Changes to the alternative of that head where nothing but the head is required, so that it is
// whole at once.
bool Record::switch_to(std::string_view key, void* object) const {
  for (const Part& part : parts_) {
    const auto* choice = std::get_if<RecordChoice>(&part);
    if (choice == nullptr) continue;
    void* variant = choice->at(object);
    for (std::size_t i = 0; i < choice->alternatives.size(); ++i) {
      std::vector<std::string> heads;
      const Record& alternative = *choice->alternatives[i];
      alternative.collect_keys(heads, true);
      const bool selected = choice->ops.index(variant) == i;
      if (is_included(*choice) || selected) {
        if (alternative.switch_to(key, choice->ops.get(variant))) return true;
      } else if (alternative.parts_.size() == 1 && heads.size() == 1 && heads.front() == key) {
        choice->ops.emplace(variant, i);
        return true;
      }
    }
  }
  return false;
}

void Record::reset(const RecordField& field, void* owner, const void* base) const {
  if (field.assign != nullptr) return field.assign(owner, base);
  if (const Record* inner = as_record(field))
    for (const Part& part : inner->parts_)
      if (const auto* nested = std::get_if<RecordField>(&part)) inner->reset(*nested, owner, base);
}

// What still is as it was before the preset changed becomes what the new preset says; what was
// written beside it stays.
void Record::rebase(void* object, const void* before, const void* after) const {
  for (const Part& part : parts_) {
    const auto* field = std::get_if<RecordField>(&part);
    if (field == nullptr || field->key == preset_key_) continue;
    if (const Record* record = as_record(*field)) {
      record->rebase(field->at(object), at(*field, before), at(*field, after));
    } else if (field->kind->write(field->at(object)) == field->kind->write(at(*field, before))) {
      field->assign(object, after);
    }
  }
}

bool Record::set(void* object, Steps steps, const Value& value, Binding& binding) const {
  if (steps.empty()) return read(value, object, binding);
  const std::string& key = steps.first();
  const std::shared_ptr<const void> base = baseline(object);
  ActiveSet all;
  add_active(object, base.get(), all);
  const Active* active = find_active(all, key);
  if (active == nullptr && switch_to(key, object)) {
    all = {};
    add_active(object, base.get(), all);
    active = find_active(all, key);
  }
  if (active == nullptr) {
    std::vector<std::string> legal;
    for (const Active& each : all.fields) legal.push_back(each.field->key);
    binding.report(Code::bad_path, value, "there is no '" + key + "' " + binding.here(),
                   spelling_hint(key, legal));
    return false;
  }
  const Binding::Step step{binding, active->field->key};
  if (!steps.rest().empty())
    return active->field->kind->set(active->address(), steps.rest(), value, binding);
  if (key == preset_key_) {
    if (!active->field->kind->read(value, active->address(), binding)) return false;
    rebase(object, base.get(), baseline(object).get());
    return true;
  }
  reset(*active->field, active->owner, active->base);
  return active->field->kind->read(value, active->address(), binding);
}

std::optional<Value> Record::get(const void* object, Steps steps) const {
  if (steps.empty()) return write(object);
  const std::shared_ptr<const void> base = baseline(object);
  ActiveSet all;
  add_active(const_cast<void*>(object), base.get(), all);
  const Active* active = find_active(all, steps.first());
  if (active == nullptr) return {};
  return active->field->kind->get(active->address(), steps.rest());
}

bool Record::erase(void* object, Steps steps) const {
  if (steps.empty()) return false;
  const std::shared_ptr<const void> base = baseline(object);
  ActiveSet all;
  add_active(object, base.get(), all);
  const Active* active = find_active(all, steps.first());
  if (active == nullptr) return false;
  if (!steps.rest().empty()) return active->field->kind->erase(active->address(), steps.rest());
  if (active->field->options.required) return false;
  reset(*active->field, active->owner, active->base);
  return true;
}

void Record::list_paths(const void* object, const std::string& path,
                        std::vector<std::string>& paths) const {
  const std::shared_ptr<const void> base = baseline(object);
  ActiveSet all;
  add_active(const_cast<void*>(object), base.get(), all);
  for (const Active& active : all.fields) {
    const std::string step = path_step(active.field->key);
    active.field->kind->list_paths(active.address(), path.empty() ? step.substr(1) : path + step,
                                   paths);
  }
}

// ---- description ----

Shape::Field Record::shape_of(const RecordField& field) const {
  Shape::Field shape;
  shape.key = field.key;
  shape.also = field.options.also;
  shape.help = field.help;
  shape.required = field.options.required;
  shape.shape = field.kind->shape();
  shape.otherwise = field.options.otherwise;
  if (shape.otherwise.empty() && !shape.required) {
    const Value value = field.kind->write(at(field, prototype_(nullptr).get()));
    const bool empty = is_missing(value) || (!value.is_scalar() && value.items().empty());
    if (!empty) shape.otherwise = flow_text(value);
  }
  return shape;
}

void Record::add_shapes(std::vector<std::vector<Shape::Field>>& variants) const {
  for (const Part& part : parts_) {
    if (const auto* field = std::get_if<RecordField>(&part)) {
      const Shape::Field shape = shape_of(*field);
      for (auto& variant : variants) variant.push_back(shape);
      continue;
    }
    std::vector<std::vector<Shape::Field>> combined;
    for (const auto& alternative : std::get<RecordChoice>(part).alternatives) {
      std::vector<std::vector<Shape::Field>> branch = variants;
      alternative->add_shapes(branch);
      combined.insert(combined.end(), branch.begin(), branch.end());
    }
    variants = std::move(combined);
  }
}

ShapePtr Record::shape() const {
  std::vector<std::vector<Shape::Field>> variants(1);
  add_shapes(variants);
  std::vector<ShapePtr> records;
  for (auto& fields : variants) {
    Shape shape;
    shape.form = Shape::Form::record;
    shape.name = name_;
    shape.help = help_;
    shape.fields = std::move(fields);
    records.push_back(std::make_shared<const Shape>(std::move(shape)));
  }
  if (records.size() == 1) return records.front();
  Shape any;
  any.form = Shape::Form::any;
  any.name = name_;
  any.help = help_;
  any.parts = std::move(records);
  return std::make_shared<const Shape>(std::move(any));
}

}  // namespace georep
