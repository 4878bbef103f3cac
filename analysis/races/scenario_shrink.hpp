// Makes the scenario of a race as small as it can be: the parts of its document without which the race is still there go, level by level
// (Misherghi & Su, "HDD: Hierarchical Delta Debugging", ICSE 2006), then figures become rounder.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/experiments/scenario.hpp"
#include "analysis/races/exploration.hpp"
#include "sim/fields/value.hpp"

namespace georep {

/// A document as its strict reader takes it: a scenario, or the places of what is wrong.
struct ReadDocument {
  std::optional<Scenario> scenario;
  std::vector<Place> faults;
};
using DocumentReader = std::function<ReadDocument(const Value& document)>;

struct SmallestScenario {
  Scenario scenario;  ///< reads without a fault; its ordinary run violates no more than that of the first one
  Schedule schedule;  ///< shows the violation in it; no more deviations than before
  ExpectationResult violated;
  std::uint64_t trace_hash = 0;  ///< of the run that shows it
  std::size_t parts = 0;         ///< entries and items at any depth
  std::size_t parts_before = 0;
  std::uint64_t tried = 0;  ///< scenarios
  bool complete = false;    ///< no single part can go; false where the search was told to end
};

/// The violation stays the same: that expectation, violated for the same operation, tag and region. Where the schedule alone does not show it
/// in a smaller scenario, a short search looks for another one. Of the options it takes when to stop.
SmallestScenario shrink_scenario(const Scenario& scenario, const FoundRace& race, const DocumentReader& read,
                                 const ExplorationOptions& options);

}  // namespace georep
