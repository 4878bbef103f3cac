// All events that a search has seen, each with its causal past, and which runs they were part of: the unfolding of the simulation
// (McMillan 1993; for stateless search Rodríguez, Sousa, Sharma & Kroening, CONCUR 2015). Two runs that order the same
// conflicting accesses alike consist of the same events.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/exploration/causality.hpp"
#include "analysis/exploration/identity_map.hpp"
#include "analysis/exploration/trace.hpp"

namespace georep {

class KnownEvents {
 public:
  using Number = std::uint32_t;

  /// Numbers the events of a run, and remembers what each does next after what it has done. Where that contradicts an earlier run, the trace
  /// says that not all was noted. The first `known` events are numbered already.
  void learn(Trace& trace, EventIndex known);

  /// Counts the run among those visited. False if one like it, up to the order of independent events, was visited before.
  bool visit(const Trace& trace);

  /// Whether some visited run contains all of these events. Whoever has an event has its past, so the latest of a set are enough.
  bool visited_together(std::span<const Number> events) const;

  /// What an event may come to.
  struct Course {
    bool known = false;  ///< false: it has never been seen to go on from here
    Number number = 0;   ///< what it comes to then
    std::uint64_t reaches = 0;  ///< its identity as far as is known
    std::vector<EventIndex> waits_for;  ///< what it has to come after, to come to that
  };

  /// The courses that an event may take that has the identity `so_far` and goes on after the events of `part` and no others: one for
  /// each way in which comparisons and choices may come out. `run`: what `part` is a part of.
  void courses(std::uint64_t so_far, const Trace& run, const EventSet& part,
               std::vector<Course>& found) const;

  std::size_t events() const { return visits_.size(); }
  std::size_t traces() const { return traces_.size(); }

 private:
  struct Next {
    std::uint64_t object = 0;
    std::uint32_t object_number = 0;
    std::uint32_t values = 0;  ///< of a choice
    Number number = 0;         ///< at the end
    StepKind kind = StepKind::read;
    bool ends = false;
  };

  void remember(std::uint64_t so_far, const Next& next, Trace& trace);
  void follow(std::uint64_t so_far, const Trace& run, const EventSet& part, Course& course,
              std::vector<Course>& found) const;

  IdentityMap<Next> next_;      // by identity so far
  IdentityMap<Number> numbers_;  // by identity in the end
  std::vector<std::vector<std::uint32_t>> visits_;  // by event: the runs, in order
  IdentityMap<std::uint32_t> traces_;
};

}  // namespace georep
