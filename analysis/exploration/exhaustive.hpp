// Visits every run that is possible, one of each: runs that differ only in the order of independent events, or in times that nothing
// depends on, count as one. docs/exploration.md has the argument why none is missed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/exploration/causality.hpp"
#include "analysis/exploration/freedom.hpp"
#include "analysis/exploration/identity_map.hpp"
#include "analysis/exploration/known_events.hpp"
#include "analysis/exploration/recorder.hpp"
#include "analysis/exploration/subject.hpp"
#include "analysis/exploration/timing.hpp"

namespace georep {

class ExhaustiveSearch {
 public:
  struct Result {
    std::uint64_t traces = 0;      ///< different runs
    std::uint64_t executions = 0;  ///< runs executed, those included that showed nothing new
    std::uint64_t events = 0;      ///< dispatched in all of them
    std::uint64_t unexpanded = 0;  ///< different runs of which it was not, or not to the end, looked at what else may follow from them
    std::uint64_t unsettled = 0;   ///< reversals of which it stayed open whether they are possible
    bool complete = false;         ///< every possible run was visited
    bool too_long = false;         ///< a run had more than `most_events`
    bool all_noted = true;         ///< false: some run used what it did not note; then nothing is sure
  };

  /// Whoever visits all runs keeps for each pair of its events which comes first; of more events than these that is more than memory holds.
  static constexpr std::size_t most_events = 20'000;

  /// Calls `visit` for each different run with the plan that leads to it, until that returns false.
  using Visit = std::function<bool(const Trace&, const SchedulePlan&)>;

  /// `every_order`: without reduction, every order of events counts as another run.
  ExhaustiveSearch(Subject& subject, const Freedom& freedom, bool every_order = false);

  /// `goes_on` is asked after every execution, those included that showed nothing new, in the course of long ones, and now and then while the search
  /// looks for what to execute next; the search ends when it says no, and what it was running counts for nothing.
  Result run(const Visit& visit, const std::function<bool()>& goes_on = [] { return true; });

  /// The names that plans and traces use.
  EventNames& names() { return recorder_.names(); }

 private:
  /// What is to be different: the event `late` happens before `early`, or with another outcome of its own, after the events of `part`.
  struct Reversal {
    EventIndex early = 0;     ///< 0: another outcome of a step of its own
    NodeIndex late = 0;
    std::uint32_t certain_end = 0;  ///< the steps of `late` before this one are as they were
    std::uint64_t identity = 0;     ///< of `late` after those steps, and the one that differs
    bool differs_in_step = false;   ///< the step `certain_end` comes out otherwise, as follows
    std::uint32_t other_choice = 0;
    bool part_first = false;  ///< all of the part happens before `late`, not only what it waits for
  };

  void execute(const SchedulePlan& plan);
  std::unique_ptr<Trace> record(const SchedulePlan& plan);
  void expand(Trace& trace);
  void reverse_races(EventIndex late);
  void reverse_steps(EventIndex event);
  void reverse_withdrawal(NodeIndex withdrawn);
  bool is_hopeless(const Reversal& reversal) const;
  void pursue(const Reversal& reversal, const EventSet& part);
  bool stops_in_pursuit();
  bool was_visited(const std::vector<KnownEvents::Course>& courses, const EventSet& part) const;
  bool is_possible(const Reversal& reversal, const EventSet& part, const KnownEvents::Course& course);
  bool demand_few_choices(const Reversal& reversal, const EventSet& part,
                          std::vector<EventIndex>& conflict) const;
  bool demand_order(const Reversal& reversal, const EventSet& part);
  bool demand_part_first(const Reversal& reversal, const EventSet& part);
  bool demand_steps(const Reversal& reversal, const EventSet& part);
  void pursue_parts(const Reversal& reversal, const EventSet& part,
                    std::vector<EventIndex> conflict);
  bool leave_out_makers(const Reversal& reversal, EventSet& part) const;
  bool is_free(const Reversal& reversal, const EventSet& part, NodeIndex index) const;
  std::int64_t earliest_of(const Reversal& reversal) const;
  bool is_needed(EventIndex event, const Reversal& reversal) const;
  void plan_run(const Reversal& reversal, const EventSet& part);
  void plan_delay(NodeIndex drawn);
  void try_other_times(const Trace& trace);
  std::unique_ptr<Trace> try_other_end(std::size_t turned);
  void try_other_sums();
  std::unique_ptr<Trace> run_same_trace();
  bool can_end_otherwise(std::size_t turned);
  bool can_be_beyond(const TimedSum& sum, bool most);
  std::optional<std::int64_t> extreme_of(const TimedSum& sum, bool most, EventIndex end);
  void find_ends();
  bool demand_end(EventIndex end);
  bool demand_end_comparisons(EventIndex end, std::size_t count, std::size_t turned);
  void plan_same_trace();
  bool carried_out(const Reversal& reversal, const EventSet& part) const;
  EventSet without(const EventSet& part, EventIndex event) const;
  std::uint64_t identity_of(const EventSet& part) const;
  std::uint64_t identity_of(const Reversal& reversal, const EventSet& part) const;
  std::unique_ptr<Trace> blank();

  Subject& subject_;
  const Freedom& freedom_;
  Recorder recorder_;
  KnownEvents known_;
  IdentityMap<bool> considered_;
  Result result_;
  const Visit* visit_ = nullptr;
  const std::function<bool()>* goes_on_ = nullptr;
  bool stopped_ = false;
  std::uint32_t pursued_ = 0;  // parts since the latest execution
  std::vector<std::unique_ptr<Trace>> waiting_;  // visited, their reversals not yet
  std::vector<std::unique_ptr<Trace>> blanks_;

  // Of the run being expanded.
  const Trace* trace_ = nullptr;
  std::uint32_t choices_ = 0;  // other than the dullest
  Timing timing_;
  EventSet all_;
  std::vector<EventIndex> last_;  // that nothing happens after
  SchedulePlan plan_;
  Trace* latest_ = nullptr;  // the run executed last
  std::vector<std::uint64_t> latest_execution_;  // by the number of an event: the execution that had it last
};

}  // namespace georep
