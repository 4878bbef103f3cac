// Searches the runs that a scenario's uncertainty allows for one that violates an expectation.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/experiments/run.hpp"
#include "analysis/races/schedule.hpp"
#include "analysis/races/search_goal.hpp"

namespace georep {

enum class SearchStrategy : std::uint8_t { automatic, exhaustive, delay_bounded, priorities, random };
enum class SearchVerdict : std::uint8_t { race, absent, unresolved };

struct ExplorationOptions {
  SearchStrategy strategy = SearchStrategy::automatic;
  std::uint64_t seed = 1;  ///< of what is tried at random
  /// How much of the budget is used: 1 and more is all of it.
  std::function<double()> spent = [] { return 0.0; };
  /// Whether somebody wants to stop.
  std::function<bool()> interrupted = [] { return false; };
  /// Hears now and then how many schedules were tried.
  std::function<void(std::uint64_t)> progress = [](std::uint64_t) {};
  /// Threads that try at random; never changes a result that neither the budget nor somebody ended.
  int jobs = 1;
  /// Runs of each of the strategies that try at random, where the budget allows as many.
  std::uint64_t most_samples = 1'000'000'000;
};

/// One way of searching, and how far it got.
struct SearchStage {
  std::string name;
  std::uint64_t schedules = 0;  ///< different ones where all are visited; otherwise runs
  bool complete = false;        ///< all that there is
};

struct FoundRace {
  Schedule schedule;            ///< the smallest
  std::size_t found_with = 0;   ///< deviations before shrinking
  ExpectationResult violated;
  Violation violation;
};

struct Exploration {
  SearchVerdict verdict = SearchVerdict::unresolved;
  std::vector<SearchStage> stages;
  std::vector<SearchGoal> goals;
  std::optional<FoundRace> race;
  std::string reservation;  ///< why the verdict is not a sure one
  Instant latest_end;       ///< of all runs
  bool interrupted = false;

  std::uint64_t schedules() const;
  bool goals_reached() const;
};

/// Scenario and plan must outlive the call.
Exploration explore(const Scenario& scenario, const Plan& plan, const ExplorationOptions& options);

/// `race`, `absent`, `unresolved`.
std::string_view text(SearchVerdict verdict);

}  // namespace georep
