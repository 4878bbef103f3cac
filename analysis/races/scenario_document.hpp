// A scenario as the document that it is written as, of which parts are taken out.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "sim/fields/value.hpp"

namespace georep {

/// Parts are the entries of maps and the items of lists at any depth, numbered from 1 as they stand in the document; 0 is all of it.
class ScenarioDocument {
 public:
  /// Parts without which the scenario is another one stay: its version, its name, and the expectation `kept` (its number there).
  ScenarioDocument(const Scenario& scenario, std::size_t kept);
  ScenarioDocument(const ScenarioDocument&) = delete;
  ScenarioDocument& operator=(const ScenarioDocument&) = delete;

  /// Which parts are out, by number; what is within such a part is out as well.
  using Out = std::vector<bool>;

  std::size_t parts() const { return parts_.size(); }
  /// Everything in.
  Out nothing_out() const { return Out(parts_.size(), false); }
  bool is_in(std::size_t part, const Out& out) const;
  bool may_go(std::size_t part) const { return !parts_[part].stays; }
  /// How deep a part lies; those of a section are 2 deep.
  std::size_t depth(std::size_t part) const { return parts_[part].depth; }
  /// The text of a part that is no map or list.
  const std::string* scalar(std::size_t part) const;

  /// What is left, its values in places whose lines are the numbers of the parts.
  Value without(const Out& out) const;
  /// The part that a place of such a document stands for.
  static std::size_t part_at(Place place) { return static_cast<std::size_t>(place.line); }
  /// The document with another text for one scalar.
  Value with(std::size_t part, const std::string& text) const;

 private:
  struct Part {
    std::size_t parent = 0;
    std::size_t depth = 0;
    bool stays = false;
    const Value* value = nullptr;
  };
  struct Edit;
  void number(const Value& value, std::size_t parent, bool stays);
  Value copy(const Value& value, std::size_t& part, const Edit& edit) const;

  Value whole_;
  std::vector<Part> parts_;
};

}  // namespace georep
