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

template <class Visit>
void for_each(const EventSet& set, Visit visit) {
  for (std::size_t word = 0; word < set.words().size(); ++word)
    for (std::uint64_t rest = set.words()[word]; rest != 0; rest &= rest - 1)
      visit(static_cast<EventIndex>(word * 64 + static_cast<std::size_t>(__builtin_ctzll(rest))));
}

}  // namespace

ExhaustiveSearch::ExhaustiveSearch(Subject& subject, const Freedom& freedom, bool every_order)
    : subject_{subject}, recorder_{subject.simulation(), freedom, every_order} {}

std::unique_ptr<Trace> ExhaustiveSearch::blank() {
  if (blanks_.empty()) return std::make_unique<Trace>();
  std::unique_ptr<Trace> result = std::move(blanks_.back());
  blanks_.pop_back();
  return result;
}

ExhaustiveSearch::Result ExhaustiveSearch::run(const Visit& visit) {
  visit_ = &visit;
  result_ = Result{};
  result_.complete = true;
  plan_.clear();
  execute(plan_);
  while (!waiting_.empty() && !stopped_) {
    std::unique_ptr<Trace> trace = std::move(waiting_.back());
    waiting_.pop_back();
    expand(*trace);
    blanks_.push_back(std::move(trace));
  }
  if (stopped_) result_.complete = false;
  return result_;
}

// One run along a plan. What is new joins those that wait for their reversals.
void ExhaustiveSearch::execute(const SchedulePlan& plan) {
  std::unique_ptr<Trace> trace = blank();
  recorder_.prepare(plan, *trace);
  const std::uint64_t outcome = subject_.execute();
  recorder_.finish();
  causality_.compute(*trace);
  trace->outcome = outcome;
  known_.learn(*trace);
  ++result_.executions;
  result_.events += trace->events.size() - 1;
  latest_events_.clear();
  for (EventIndex event = 1; event < trace->events.size(); ++event)
    latest_events_.push_back(trace->events[event].known_as);
  std::sort(latest_events_.begin(), latest_events_.end());
  latest_ = trace.get();
  if (!known_.visit(*trace)) {
    blanks_.push_back(std::move(trace));
    return;
  }
  ++result_.traces;
  if (!trace->timing_is_exact) result_.exact_timing = false;
  if (!(*visit_)(*trace, plan)) stopped_ = true;
  waiting_.push_back(std::move(trace));
}

void ExhaustiveSearch::expand(const Trace& trace) {
  trace_ = &trace;
  history_.rebuild(trace);
  timing_.build(trace);
  for (EventIndex event = 1; event < trace.events.size() && !stopped_; ++event) {
    reverse_races(event);
    reverse_steps(event);
  }
  for (NodeIndex node = 1; node < trace.nodes.size() && !stopped_; ++node)
    if (trace.nodes[node].cancelled_by != 0 && !trace.nodes[node].withdrawn_by_maker)
      reverse_withdrawal(node);
}

// A race: two dependent events with nothing between them that would have to happen first.
void ExhaustiveSearch::reverse_races(EventIndex late) {
  const std::uint32_t first = trace_->first_predecessor[late];
  const std::uint32_t end = trace_->first_predecessor[late + 1];
  for (std::uint32_t i = first; i < end && !stopped_; ++i) {
    const Predecessor& early = trace_->predecessors[i];
    bool races = early.reversible();
    for (std::uint32_t j = first; j < end && races; ++j) {
      const Predecessor& other = trace_->predecessors[j];
      if (other.event == early.event) {
        races = other.reversible() && j >= i;  // once for each pair
      } else {
        races = !trace_->happened_before(early.event, other.event);
      }
    }
    if (!races) continue;
    const EventSet part = all_but_future(*trace_, early.event);
    Reversal reversal;
    reversal.early = early.event;
    reversal.late = trace_->events[late].node;
    reversal.certain_end = early.step;
    pursue(reversal, part);
  }
}

// Another outcome of a comparison of times, or of a choice.
void ExhaustiveSearch::reverse_steps(EventIndex event) {
  const TraceEvent& entry = trace_->events[event];
  for (std::uint32_t i = entry.first_step; i < entry.first_step + entry.steps && !stopped_; ++i) {
    const Step& step = trace_->steps[i];
    Reversal reversal;
    reversal.late = entry.node;
    reversal.certain_end = i;
    reversal.differs_in_step = true;
    if (step.kind == StepKind::comparison) {
      pursue(reversal, all_but_future(*trace_, event));
    } else if (step.kind == StepKind::choice) {
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
  pursue(reversal, part);
}

void ExhaustiveSearch::pursue(const Reversal& wanted, const EventSet& part) {
  Reversal reversal = wanted;
  const TimeNode& node = trace_->nodes[reversal.late];
  if (node.event == 0) {
    reversal.identity = identity_of_child(trace_->events[node.maker].identity, node.place);
  } else {
    const Step& step = trace_->steps[reversal.certain_end];
    reversal.identity = step.identity_before;
    if (reversal.differs_in_step) {
      reversal.identity =
          step.kind == StepKind::comparison
              ? Causality::after_comparison(step.identity_before, !step.result)
              : Causality::after_choice(step.identity_before, reversal.other_choice);
    } else if (is_access(step)) {
      const bool write = step.kind == StepKind::write;
      std::uint64_t sum = 0;
      history_.visit_direct(
          history_.entry(history_.entry_of_step(reversal.certain_end)).previous, write,
          [&](EventIndex other) { return other == 0 || part.contains(other); },
          [&](EventIndex other) { sum += Causality::in_a_set(trace_->events[other].identity); });
      reversal.identity = Causality::after_access(step.identity_before, step.object, write, sum);
    }
  }
  if (!is_new(reversal, part)) return;
  if (!is_possible(reversal, part)) {
    pursue_parts(reversal, part);
    return;
  }
  plan_run(reversal, part);
  execute(plan_);
  if (!carried_out(reversal, part)) result_.complete = false;
}

bool ExhaustiveSearch::is_new(const Reversal& reversal, const EventSet& part) {
  const std::uint64_t identity =
      mix_identity(identity_of(part), reversal.identity);
  if (!considered_.insert(identity | 1).second) return false;
  found_.clear();
  known_.continuations(reversal.identity, *trace_, history_, part, found_);
  if (found_.empty()) return true;
  // The latest events of the part: those that none of it comes after.
  std::vector<KnownEvents::Number> latest;
  for_each(part, [&](EventIndex event) {
    if (event == 0) return;
    const std::uint64_t* future = &trace_->future[event * trace_->words];
    for (std::size_t word = 0; word < trace_->words; ++word)
      if ((future[word] & part.words()[word]) != 0) return;
    latest.push_back(trace_->events[event].known_as);
  });
  return std::none_of(found_.begin(), found_.end(), [&](KnownEvents::Number outcome) {
    latest.push_back(outcome);
    const bool together = known_.visited_together(latest);
    latest.pop_back();
    return together;
  });
}

std::uint64_t ExhaustiveSearch::identity_of(const EventSet& part) const {
  std::uint64_t sum = 0;
  for_each(part, [&](EventIndex event) {
    if (event != 0) sum += Causality::in_a_set(trace_->events[event].identity);
  });
  return sum;
}

// Whether the times allow it.
bool ExhaustiveSearch::is_possible(const Reversal& reversal, const EventSet& part) {
  timing_.consider(part);
  return demand_steps(reversal, part) && demand_order(reversal, part);
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
      history_.visit_direct(
          history_.entry(history_.entry_of_step(i)).previous, step.kind == StepKind::write,
          [&](EventIndex other) { return part.contains(other); },
          [&](EventIndex other) {
            possible = possible && timing_.demand(trace_->events[other].node, late, 0);
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

// Nothing that would get in its way comes before it: not the early event, and none that is known to touch first what it touches.
bool ExhaustiveSearch::demand_order(const Reversal& reversal, const EventSet& part) {
  const NodeIndex late = reversal.late;
  if (reversal.early != 0 && !timing_.demand(late, trace_->events[reversal.early].node, 0))
    return false;
  const EventIndex event = trace_->nodes[late].event;
  if (event == 0) return true;
  for (EventIndex other = 1; other < trace_->events.size(); ++other) {
    const TraceEvent& waits = trace_->events[other];
    if (other == event || part.contains(other) || waits.steps == 0 ||
        !part.contains(trace_->cause(other)))
      continue;
    const Step& touched = trace_->steps[waits.first_step];
    if (!is_access(touched)) continue;
    for (std::uint32_t i = trace_->events[event].first_step; i <= reversal.certain_end; ++i) {
      const Step& step = trace_->steps[i];
      if (!is_access(step) || step.object != touched.object) continue;
      if (step.kind == StepKind::read && touched.kind == StepKind::read) continue;
      if (!timing_.demand(late, waits.node, 0)) return false;
      break;
    }
  }
  return true;
}

// Impossible with all of the part: one of the events that stand in the way may happen otherwise, or later.
void ExhaustiveSearch::pursue_parts(const Reversal& reversal, const EventSet& part) {
  const TimeNode& node = trace_->nodes[reversal.late];
  const EventIndex needed = node.event != 0 ? node.event : node.maker;
  const std::vector<EventIndex> conflict = timing_.conflict();
  for (const EventIndex event : conflict) {
    if (!part.contains(event) || event == needed || trace_->happened_before(event, needed)) continue;
    pursue(reversal, without(part, event));
  }
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
    const NodeIndex maker = trace_->events[node.maker].node;
    plan_.delays.push_back(
        {trace_->nodes[maker].name, node.place, timing_.at(index) - timing_.at(maker)});
  }
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

// Whether the run executed last contains the part, and the late event after it.
bool ExhaustiveSearch::carried_out(const Reversal& reversal, const EventSet& part) {
  bool contained = true;
  for_each(part, [&](EventIndex event) {
    contained = contained && (event == 0 || std::binary_search(latest_events_.begin(), latest_events_.end(),
                                                               trace_->events[event].known_as));
  });
  if (!contained) return false;
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
