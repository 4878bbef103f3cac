#include "analysis/exploration/exhaustive.hpp"

#include <algorithm>
#include <utility>

namespace georep {

namespace {

bool is_access(const Step& step) {
  return step.kind == StepKind::read || step.kind == StepKind::write;
}

/// Every event of the run but those that are `event` or happened after it.
EventSet all_but_future(const Trace& trace, EventIndex event) {
  EventSet result(trace.events.size());
  std::vector<std::uint64_t>& words = result.words();
  const std::uint64_t* future = &trace.future[event * trace.words];
  for (std::size_t word = 0; word < trace.words; ++word) words[word] = ~future[word];
  result.erase(event);
  const std::size_t rest = trace.events.size() % 64;
  if (rest != 0) words.back() &= (std::uint64_t{1} << rest) - 1;
  return result;
}

std::optional<Recorder::Common> read_by_all(Subject& subject) {
  const std::optional<SharedObject> conditions = subject.conditions();
  return conditions ? std::optional{Recorder::Common{*conditions, Access::read}} : std::nullopt;
}

template <class Visit>
void for_each(const EventSet& set, Visit visit) {
  for (std::size_t word = 0; word < set.words().size(); ++word)
    for (std::uint64_t rest = set.words()[word]; rest != 0; rest &= rest - 1)
      visit(static_cast<EventIndex>(word * 64 + static_cast<std::size_t>(__builtin_ctzll(rest))));
}

}  // namespace

ExhaustiveSearch::ExhaustiveSearch(Subject& subject, const Freedom& freedom, bool every_order)
    : subject_{subject},
      freedom_{freedom},
      recorder_{subject.simulation(), freedom, every_order ? std::optional{Recorder::every_order} : read_by_all(subject)} {}

std::unique_ptr<Trace> ExhaustiveSearch::blank() {
  if (blanks_.empty()) return std::make_unique<Trace>();
  std::unique_ptr<Trace> result = std::move(blanks_.back());
  blanks_.pop_back();
  return result;
}

ExhaustiveSearch::Result ExhaustiveSearch::run(const Visit& visit,
                                               const std::function<bool()>& goes_on) {
  visit_ = &visit;
  goes_on_ = &goes_on;
  result_ = Result{};
  recorder_.cut_runs([this] { return !(*goes_on_)(); }, most_events);
  latest_execution_.clear();
  trace_ = nullptr;
  plan_.clear();
  execute(plan_);
  while (!waiting_.empty() && !stopped_) {
    std::unique_ptr<Trace> trace = std::move(waiting_.back());
    waiting_.pop_back();
    expand(*trace);
    if (stopped_) ++result_.unexpanded;
    blanks_.push_back(std::move(trace));
  }
  result_.unexpanded += waiting_.size();
  result_.complete = !stopped_ && result_.unsettled == 0;
  return result_;
}

// One run along a plan; null if it did not come to its end, and nothing more is to be run.
std::unique_ptr<Trace> ExhaustiveSearch::record(const SchedulePlan& plan) {
  std::unique_ptr<Trace> trace = blank();
  recorder_.prepare(plan, *trace);
  const std::uint64_t outcome = subject_.execute();
  recorder_.note_sums(subject_.sums());
  recorder_.finish();
  if (recorder_.was_cut()) {
    stopped_ = true;
    result_.too_long = trace->events.size() > most_events;
    return nullptr;
  }
  const EventIndex known = Causality::compute(*trace, trace_);
  trace->outcome = outcome;
  known_.learn(*trace, known);
  ++result_.executions;
  pursued_ = 0;
  result_.events += trace->events.size() - 1;
  if (!(*goes_on_)()) stopped_ = true;
  return trace;
}

// Runs along a plan. What is new joins those that wait for their reversals.
void ExhaustiveSearch::execute(const SchedulePlan& plan) {
  std::unique_ptr<Trace> trace = record(plan);
  if (!trace) return;
  latest_execution_.resize(std::max(latest_execution_.size(), known_.events()));
  for (EventIndex event = 1; event < trace->events.size(); ++event)
    latest_execution_[trace->events[event].known_as] = result_.executions;
  latest_ = trace.get();
  if (!known_.visit(*trace)) {
    blanks_.push_back(std::move(trace));
    return;
  }
  ++result_.traces;
  if (!trace->all_noted) result_.all_noted = false;
  if (!(*visit_)(*trace, plan)) stopped_ = true;
  waiting_.push_back(std::move(trace));
}

void ExhaustiveSearch::expand(Trace& trace) {
  Causality::look_ahead(trace);
  trace_ = &trace;
  timing_.build(trace);
  choices_ = trace.choices == 0 ? 0
                                : static_cast<std::uint32_t>(std::count_if(
                                      trace.steps.begin(), trace.steps.end(), [](const Step& step) {
                                        return step.kind == StepKind::choice && step.value != 0;
                                      }));
  for (EventIndex event = 1; event < trace.events.size() && !stopped_; ++event) {
    reverse_races(event);
    reverse_steps(event);
  }
  for (NodeIndex node = 1; node < trace.nodes.size() && !stopped_; ++node)
    if (trace.nodes[node].cancelled_by != 0 && !trace.nodes[node].withdrawn_by_maker)
      reverse_withdrawal(node);
  try_other_times(trace);
}

// A race: an event touched something after another one had, and up to then nothing had made it wait for that one.
void ExhaustiveSearch::reverse_races(EventIndex late) {
  const std::uint32_t first = trace_->first_predecessor[late];
  const std::uint32_t end = trace_->first_predecessor[late + 1];
  for (std::uint32_t i = first; i < end && !stopped_; ++i) {
    const Predecessor& early = trace_->predecessors[i];
    if (!early.reversible()) continue;
    bool races = true;
    for (std::uint32_t j = first; j < end && races; ++j) {
      const Predecessor& other = trace_->predecessors[j];
      if (other.reversible() && other.step > early.step) break;
      races = j == i || (other.event != early.event &&
                         !trace_->happened_before(early.event, other.event));
    }
    if (!races) continue;
    Reversal reversal;
    reversal.early = early.event;
    reversal.late = trace_->events[late].node;
    reversal.certain_end = early.step;
    if (!is_hopeless(reversal)) pursue(reversal, all_but_future(*trace_, early.event));
  }
}

// Another outcome of a comparison of times, or of a choice.
void ExhaustiveSearch::reverse_steps(EventIndex event) {
  const TraceEvent& entry = trace_->events[event];
  for (std::uint32_t i = entry.first_step; i < entry.first_step + entry.steps && !stopped_; ++i) {
    const Step& step = trace_->steps[i];
    if (step.kind != StepKind::comparison && step.kind != StepKind::choice) continue;
    Reversal reversal;
    reversal.late = entry.node;
    reversal.certain_end = i;
    reversal.differs_in_step = true;
    if (step.kind == StepKind::comparison) {
      if (!is_hopeless(reversal)) pursue(reversal, all_but_future(*trace_, event));
    } else {
      for (std::uint32_t value = 0; value < step.count && !stopped_; ++value) {
        reversal.other_choice = value;
        if (value != step.value) pursue(reversal, all_but_future(*trace_, event));
      }
    }
  }
}

// What was withdrawn happens first.
void ExhaustiveSearch::reverse_withdrawal(NodeIndex withdrawn) {
  const TimeNode& node = trace_->nodes[withdrawn];
  const EventSet part = all_but_future(*trace_, node.cancelled_by);
  if (!part.contains(node.maker)) return;
  Reversal reversal;
  reversal.early = node.cancelled_by;
  reversal.late = withdrawn;
  if (!is_hopeless(reversal)) pursue(reversal, part);
}

// Whether the bounds of single times rule it out after every part. Whatever the part, the late event comes before one of those that lead to
// the early one by cause, and so before the latest time at which the early one could be; and it comes no earlier than all that it needs.
bool ExhaustiveSearch::is_hopeless(const Reversal& reversal) const {
  if (reversal.differs_in_step) {
    const Step& step = trace_->steps[reversal.certain_end];
    return step.result ? timing_.latest(step.earlier) < timing_.earliest(step.later) + 1 - step.gap
                       : timing_.latest(step.later) < timing_.earliest(step.earlier) + step.gap;
  }
  return timing_.latest(trace_->events[reversal.early].node) < earliest_of(reversal);
}

// Of the late event, whatever else happens.
std::int64_t ExhaustiveSearch::earliest_of(const Reversal& reversal) const {
  const EventIndex late = trace_->nodes[reversal.late].event;
  return late == 0 ? timing_.earliest(reversal.late) : timing_.earliest(late, reversal.certain_end);
}

// There may be as many parts to look at as subsets of the events of a run, all of them impossible.
bool ExhaustiveSearch::stops_in_pursuit() {
  constexpr std::uint32_t look_every = 256;
  if (++pursued_ % look_every == 0 && !(*goes_on_)()) stopped_ = true;
  return stopped_;
}

void ExhaustiveSearch::pursue(const Reversal& wanted, const EventSet& part) {
  Reversal reversal = wanted;
  reversal.identity = identity_of(reversal, part);
  const std::uint64_t identity =
      mix_identity(identity_of(part), reversal.identity + (reversal.part_first ? 1 : 0));
  if (!considered_.insert(identity | 1).second || stops_in_pursuit()) return;
  // Each run teaches what the late event comes to here, so that a second look knows more than the first.
  std::vector<std::uint64_t> tried;
  while (!stopped_) {
    std::vector<KnownEvents::Course> courses;
    known_.courses(reversal.identity, *trace_, part, courses);
    if (was_visited(courses, part)) return;
    std::vector<EventIndex> conflict;
    if (!demand_few_choices(reversal, part, conflict)) {
      pursue_parts(reversal, part, conflict);
      return;
    }
    const KnownEvents::Course* possible = nullptr;
    bool in_vain = false;
    for (const KnownEvents::Course& course : courses) {
      if (std::find(tried.begin(), tried.end(), course.reaches) != tried.end()) {
        in_vain = true;
      } else if (is_possible(reversal, part, course)) {
        possible = &course;
        break;
      } else {
        conflict.insert(conflict.end(), timing_.conflict().begin(), timing_.conflict().end());
      }
    }
    if (possible == nullptr && in_vain && !reversal.part_first) {
      // What comes after the late event got in the way of the part.
      Reversal after_part = reversal;
      after_part.part_first = true;
      pursue(after_part, part);
      return;
    }
    if (possible == nullptr) {
      if (in_vain) ++result_.unsettled;
      pursue_parts(reversal, part, conflict);
      return;
    }
    tried.push_back(possible->reaches);
    plan_run(reversal, part);
    execute(plan_);
    if (stopped_ || carried_out(reversal, part)) return;
  }
}

// The identity of the late event up to where it is certain, and over the step that differs, if it goes on after the part.
std::uint64_t ExhaustiveSearch::identity_of(const Reversal& reversal, const EventSet& part) const {
  const TimeNode& node = trace_->nodes[reversal.late];
  if (node.event == 0) return identity_of_child(trace_->events[node.maker].identity, node.place);
  const Step& step = trace_->steps[reversal.certain_end];
  if (reversal.differs_in_step)
    return step.kind == StepKind::comparison
               ? Causality::after_comparison(step.identity_before, !step.result)
               : Causality::after_choice(step.identity_before, reversal.other_choice);
  if (!is_access(step)) return step.identity_before;
  const bool write = step.kind == StepKind::write;
  std::uint64_t sum = 0;
  trace_->accesses.visit_direct(
      trace_->accesses.entry(AccessHistory::entry_of_step(reversal.certain_end)).previous, write,
      [&](EventIndex other) { return other == 0 || part.contains(other); },
      [&](EventIndex other) { sum += trace_->events[other].in_a_set; });
  return Causality::after_access(step.identity_before, step.object, write, sum);
}

// Whether a run was visited that contains the part, and the late event after it in one of its courses.
bool ExhaustiveSearch::was_visited(const std::vector<KnownEvents::Course>& courses,
                                   const EventSet& part) const {
  if (std::none_of(courses.begin(), courses.end(), [](const auto& course) { return course.known; }))
    return false;
  // The latest events of the part: those that none of it comes after.
  std::vector<KnownEvents::Number> latest;
  for_each(part, [&](EventIndex event) {
    if (event == 0) return;
    const std::uint64_t* future = &trace_->future[event * trace_->words];
    for (std::size_t word = 0; word < trace_->words; ++word)
      if ((future[word] & part.words()[word]) != 0) return;
    latest.push_back(trace_->events[event].known_as);
  });
  return std::any_of(courses.begin(), courses.end(), [&](const KnownEvents::Course& course) {
    if (!course.known) return false;
    latest.push_back(course.number);
    const bool together = known_.visited_together(latest);
    latest.pop_back();
    return together;
  });
}

std::uint64_t ExhaustiveSearch::identity_of(const EventSet& part) const {
  std::uint64_t sum = 0;
  for_each(part, [&](EventIndex event) {
    if (event != 0) sum += trace_->events[event].in_a_set;
  });
  return sum;
}

// Whether the times allow it, if the late event takes that course.
bool ExhaustiveSearch::is_possible(const Reversal& reversal, const EventSet& part,
                                   const KnownEvents::Course& course) {
  timing_.consider(part);
  return demand_steps(reversal, part) && demand_order(reversal, part) &&
         demand_part_first(reversal, part) &&
         std::all_of(course.waits_for.begin(), course.waits_for.end(), [&](EventIndex event) {
           return timing_.demand(trace_->events[event].node, reversal.late, 0, event);
         });
}

// There are no more choices other than the dullest than there may be. If there are, `conflict` has the events that made them.
bool ExhaustiveSearch::demand_few_choices(const Reversal& reversal, const EventSet& part,
                                          std::vector<EventIndex>& conflict) const {
  std::uint32_t left = freedom_.most_choices();
  const Step* differing =
      reversal.differs_in_step ? &trace_->steps[reversal.certain_end] : nullptr;
  const bool chooses = differing != nullptr && differing->kind == StepKind::choice;
  if (choices_ < left || (choices_ == left && !chooses)) return true;
  bool few = true;
  const auto count = [&](std::uint32_t value) {
    if (value == 0) return;
    if (left == 0) few = false;
    if (left > 0) --left;
  };
  const EventIndex late = trace_->nodes[reversal.late].event;
  for_each(part, [&](EventIndex event) {
    const TraceEvent& entry = trace_->events[event];
    for (std::uint32_t i = entry.first_step; i < entry.first_step + entry.steps; ++i) {
      const Step& step = trace_->steps[i];
      if (step.kind != StepKind::choice || step.value == 0) continue;
      count(step.value);
      conflict.push_back(event);
    }
  });
  for (std::uint32_t i = trace_->events[late].first_step; late != 0 && i < reversal.certain_end; ++i)
    if (trace_->steps[i].kind == StepKind::choice) count(trace_->steps[i].value);
  if (chooses) count(reversal.other_choice);
  if (few) conflict.clear();
  return few;
}

// The late event, after all of the part that it waits for, does again what it is certain to do.
bool ExhaustiveSearch::demand_steps(const Reversal& reversal, const EventSet& part) {
  const NodeIndex late = reversal.late;
  const EventIndex event = trace_->nodes[late].event;
  if (event == 0) return true;
  const NodeIndex fixed = trace_->steps[reversal.certain_end].nodes_before;
  for (NodeIndex index = late + 1; index < fixed; ++index) {
    const TimeNode& node = trace_->nodes[index];
    if (node.maker != event || !node.drawn) continue;
    if (!timing_.demand(node.base, index, node.least) ||
        !timing_.demand(index, node.base, -node.most) ||
        ((node.floor != 0 || node.floor_offset != 0) &&
         !timing_.demand(node.floor, index, node.floor_offset)))
      return false;
  }
  for (std::uint32_t i = trace_->events[event].first_step; i <= reversal.certain_end; ++i) {
    const Step& step = trace_->steps[i];
    bool possible = true;
    if (is_access(step)) {
      trace_->accesses.visit_direct(
          trace_->accesses.entry(AccessHistory::entry_of_step(i)).previous, step.kind == StepKind::write,
          [&](EventIndex other) { return part.contains(other); },
          [&](EventIndex other) {
            possible = possible && timing_.demand(trace_->events[other].node, late, 0, other);
          });
    } else if (step.kind == StepKind::comparison) {
      const bool result = step.result != (reversal.differs_in_step && i == reversal.certain_end);
      possible = result ? timing_.demand(step.earlier, step.later, step.gap)
                        : timing_.demand(step.later, step.earlier, 1 - step.gap);
    } else if (step.kind == StepKind::withdrawal && i < reversal.certain_end) {
      possible = timing_.demand(late, step.later, 0);
    }
    if (!possible) return false;
  }
  return true;
}

// Nothing comes before it that is neither of the part nor has to wait for it: what is not of the part happens otherwise than it did, and
// nothing has happened otherwise by then.
bool ExhaustiveSearch::demand_order(const Reversal& reversal, const EventSet& part) {
  for (NodeIndex index = 1; index < trace_->nodes.size(); ++index)
    if (!is_free(reversal, part, index) && !timing_.demand(reversal.late, index, 0, trace_->nodes[index].maker)) return false;
  return true;
}

// If it is to be so, nothing of the part comes after the late event: then nothing that follows from that one can disturb the part.
bool ExhaustiveSearch::demand_part_first(const Reversal& reversal, const EventSet& part) {
  if (!reversal.part_first) return true;
  bool possible = true;
  for_each(part, [&](EventIndex event) {
    possible = possible && timing_.demand(trace_->events[event].node, reversal.late, 0, event);
  });
  return possible;
}

// Impossible with all of the part: one of the events that stand in the way happens otherwise, or later. So may one of those that the late
// event would touch something after.
void ExhaustiveSearch::pursue_parts(const Reversal& reversal, const EventSet& part,
                                    std::vector<EventIndex> conflict) {
  const TimeNode& node = trace_->nodes[reversal.late];
  if (node.event != 0 && !reversal.differs_in_step && is_access(trace_->steps[reversal.certain_end]))
    trace_->accesses.visit_direct(
        trace_->accesses.entry(AccessHistory::entry_of_step(reversal.certain_end)).previous,
        trace_->steps[reversal.certain_end].kind == StepKind::write,
        [&](EventIndex other) { return part.contains(other); },
        [&](EventIndex other) { conflict.push_back(other); });
  std::sort(conflict.begin(), conflict.end());
  conflict.erase(std::unique(conflict.begin(), conflict.end()), conflict.end());
  std::erase_if(conflict, [&](EventIndex event) {
    return event == 0 || !part.contains(event) || is_needed(event, reversal);
  });
  // Without an event there is none of those that happen after it either.
  for (const EventIndex event : conflict) {
    if (stopped_ || std::any_of(conflict.begin(), conflict.end(),
                                [&](EventIndex other) { return trace_->happened_before(event, other); }))
      continue;
    EventSet smaller = without(part, event);
    if (leave_out_makers(reversal, smaller)) pursue(reversal, smaller);
  }
}

// What a part leaves out has to come after the late event. Where it cannot, whatever else happens, the event that leads to it is left out as well;
// false if that one is needed, so that nothing is possible without the event.
bool ExhaustiveSearch::leave_out_makers(const Reversal& reversal, EventSet& part) const {
  const std::int64_t earliest = earliest_of(reversal);
  for (NodeIndex index = static_cast<NodeIndex>(trace_->nodes.size()); index-- > 1;) {
    const TimeNode& node = trace_->nodes[index];
    if (timing_.latest(index) >= earliest || is_free(reversal, part, index)) continue;
    if (node.maker == 0 || is_needed(node.maker, reversal)) return false;
    part = without(part, node.maker);
    index = static_cast<NodeIndex>(trace_->nodes.size());
  }
  return true;
}

// Whether nothing demands of a time that it comes after the late event.
bool ExhaustiveSearch::is_free(const Reversal& reversal, const EventSet& part, NodeIndex index) const {
  const TimeNode& node = trace_->nodes[index];
  return node.drawn || index == reversal.late || !part.contains(node.maker) ||
         (node.event != 0 && part.contains(node.event)) || node.withdrawn_by_maker ||
         (node.cancelled_by != 0 && part.contains(node.cancelled_by));
}

// Whether the late event would not be what it is certain to be without that one.
bool ExhaustiveSearch::is_needed(EventIndex event, const Reversal& reversal) const {
  const TimeNode& node = trace_->nodes[reversal.late];
  if (event == node.maker || trace_->happened_before(event, node.maker)) return true;
  if (node.event == 0) return false;
  for (std::uint32_t i = trace_->first_predecessor[node.event];
       i < trace_->first_predecessor[node.event + 1]; ++i) {
    const Predecessor& before = trace_->predecessors[i];
    if (before.reversible() && before.step >= reversal.certain_end) break;
    if (event == before.event || trace_->happened_before(event, before.event)) return true;
  }
  return false;
}

EventSet ExhaustiveSearch::without(const EventSet& part, EventIndex event) const {
  EventSet result = part;
  const std::uint64_t* future = &trace_->future[event * trace_->words];
  for (std::size_t word = 0; word < trace_->words; ++word) result.words()[word] &= ~future[word];
  result.erase(event);
  return result;
}

void ExhaustiveSearch::plan_run(const Reversal& reversal, const EventSet& part) {
  plan_.clear();
  const EventIndex late = trace_->nodes[reversal.late].event;
  const NodeIndex fixed = late == 0 ? 0 : trace_->steps[reversal.certain_end].nodes_before;
  for_each(part, [&](EventIndex event) {
    if (event != 0) plan_.order.push_back(trace_->nodes[trace_->events[event].node].name);
  });
  plan_.order.push_back(trace_->nodes[reversal.late].name);
  for (NodeIndex index = 1; index < trace_->nodes.size(); ++index) {
    const TimeNode& node = trace_->nodes[index];
    if (!node.drawn || !(part.contains(node.maker) || (node.maker == late && index < fixed)))
      continue;
    plan_delay(index);
  }
  if (trace_->choices == 0) return;
  for (EventIndex event = 0; event < trace_->events.size(); ++event) {
    if (!part.contains(event) && event != late) continue;
    const TraceEvent& entry = trace_->events[event];
    std::uint32_t place = 0;
    for (std::uint32_t i = entry.first_step; i < entry.first_step + entry.steps; ++i) {
      const Step& step = trace_->steps[i];
      if (event == late && i > reversal.certain_end) break;
      if (step.kind != StepKind::choice) continue;
      const bool differs = event == late && late != 0 && i == reversal.certain_end;
      const std::uint32_t value = differs ? reversal.other_choice : step.value;
      plan_.choices.push_back({trace_->nodes[entry.node].name, place++, value});
    }
  }
}

// The length of a drawn delay that the times allow.
void ExhaustiveSearch::plan_delay(NodeIndex drawn) {
  const TimeNode& node = trace_->nodes[drawn];
  const NodeIndex maker = trace_->events[node.maker].node;
  plan_.delays.push_back({trace_->nodes[maker].name, node.place, timing_.at(drawn) - timing_.at(maker)});
}

// Whether the run executed last contains the part, and the late event after it.
bool ExhaustiveSearch::carried_out(const Reversal& reversal, const EventSet& part) const {
  bool undisturbed = true;
  for_each(part, [&](EventIndex event) {
    undisturbed = undisturbed &&
                  (event == 0 ||
                   latest_execution_[trace_->events[event].known_as] == result_.executions);
  });
  if (!undisturbed) return false;
  const EventName name = trace_->nodes[reversal.late].name;
  for (EventIndex event = 1; event < latest_->events.size(); ++event) {
    const TraceEvent& entry = latest_->events[event];
    const TimeNode& node = latest_->nodes[entry.node];
    if (node.name != name) continue;
    if (entry.identity == reversal.identity ||
        identity_of_child(latest_->events[node.maker].identity, node.place) == reversal.identity)
      return true;
    for (std::uint32_t i = entry.first_step; i < entry.first_step + entry.steps; ++i)
      if (latest_->steps[i].identity_before == reversal.identity) return true;
  }
  return false;
}

}  // namespace georep
