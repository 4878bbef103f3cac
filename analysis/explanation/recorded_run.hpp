// A run that is kept to be looked at: who did what to what, and which pair of events went the other way in another one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/explanation/chronicle.hpp"
#include "analysis/exploration/trace.hpp"
#include "models/world/world.hpp"

namespace georep {

struct RecordedRun {
  RecordedRun(Trace trace, std::vector<Happening> happenings, const World& world);

  /// Whether causes were computed: not of a run that is too long.
  bool has_causes = false;
  Trace trace;
  std::vector<Happening> happenings;
  const World& world;

  /// A longer run's causes would take too much memory.
  static constexpr std::size_t most_events = 10'000;

  std::optional<EventIndex> find(EventName name) const;
  std::optional<Instant> time_of(EventName name) const;
  Instant at(EventIndex event) const;
  /// What happened before any of these, or is one of them. `observed`: what only observers took from the order of events counts as well.
  EventSet past_of(const std::vector<EventIndex>& roots, bool observed) const;
  /// On whose behalf an event happened: `later`, `the copy of the push of hello to east`. Of copies, that to
  /// `region` counts, where one is given.
  std::string actor(EventIndex event, RegionId region = RegionId::none) const;
  /// `pull begins`, `a transfer for the copy of …`.
  std::string name_of_delay(NodeIndex node) const;

 private:
  std::optional<std::string> copy_to(RegionId region, EventIndex last) const;

  std::map<EventName, EventIndex> by_name_;
  std::map<EventIndex, std::vector<std::size_t>> told_in_;  // which happenings
};

/// Two events that touched one thing, in this order before, in the other after.
struct ReversedPair {
  std::string object;
  std::string first;
  std::string then;
  EventName first_name = 0;
  EventName then_name = 0;
  Instant first_at;
  Instant then_at;
};

/// Of the pairs whose order differs between two runs that are alike but for a nanosecond, the one that people know best; nothing where none
/// does.
std::optional<ReversedPair> reversed_pair(const RecordedRun& before, const RecordedRun& after);

/// A moment that an event found passed in one of two such runs and not in the other, in words; empty where there is none.
std::string changed_comparison(const RecordedRun& before, const RecordedRun& after);

}  // namespace georep
