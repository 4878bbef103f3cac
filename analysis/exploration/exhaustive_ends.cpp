// Of runs that differ only in times, those that end otherwise in the eyes of whoever judges them.
#include <utility>

#include "analysis/exploration/exhaustive.hpp"

namespace georep {

// What is judged at the end is a function of the trace and of what the comparisons of the end come to, one after another: each is turned round with
// those before it kept.
void ExhaustiveSearch::try_other_ends(const Trace& trace) {
  struct Ended {
    const Trace* trace;
    std::size_t decided;  // comparisons that were turned round or kept on the way here
  };
  std::vector<std::unique_ptr<Trace>> kept;
  std::vector<Ended> waiting{{&trace, 0}};
  while (!waiting.empty() && !stopped_) {
    const Ended ended = waiting.back();
    waiting.pop_back();
    trace_ = ended.trace;
    if (ended.decided < trace_->end_comparisons.size()) timing_.build(*trace_);
    for (std::size_t turned = ended.decided; turned < trace_->end_comparisons.size() && !stopped_; ++turned) {
      if (!can_end_otherwise(turned)) continue;
      plan_same_trace();
      std::unique_ptr<Trace> other = record(plan_);
      if (!other) break;
      if (other->identity != trace_->identity || other->end_comparisons.size() <= turned ||
          other->end_comparisons[turned].result == trace_->end_comparisons[turned].result) {
        ++result_.unsettled;
        blanks_.push_back(std::move(other));
        continue;
      }
      if (!(*visit_)(*other, plan_)) stopped_ = true;
      waiting.push_back({other.get(), turned + 1});
      kept.push_back(std::move(other));
    }
  }
  for (std::unique_ptr<Trace>& other : kept) blanks_.push_back(std::move(other));
}

// Whether the times allow the same trace to end with that comparison turned round and those before it as they are.
bool ExhaustiveSearch::can_end_otherwise(std::size_t turned) {
  EventSet all(trace_->events.size());
  EventSet waited_for(trace_->events.size());
  for (const Predecessor& before : trace_->predecessors) waited_for.insert(before.event);
  std::vector<EventIndex> last;  // that nothing happens after
  for (EventIndex event = 0; event < trace_->events.size(); ++event) {
    all.insert(event);
    if (!waited_for.contains(event)) last.push_back(event);
  }
  for (const EventIndex end : last) {
    timing_.consider(all);
    if (demand_end(end, last, turned)) return true;
  }
  return false;
}

bool ExhaustiveSearch::demand_end(EventIndex end, const std::vector<EventIndex>& last, std::size_t turned) {
  const NodeIndex end_node = trace_->events[end].node;
  for (const EventIndex event : last)
    if (event != end && !timing_.demand(trace_->events[event].node, end_node, 0)) return false;
  // What was left to happen in the background is left again.
  for (NodeIndex index = 1; index < trace_->nodes.size(); ++index) {
    const TimeNode& node = trace_->nodes[index];
    if (!node.drawn && node.event == 0 && node.cancelled_by == 0 && !node.withdrawn_by_maker &&
        !timing_.demand(end_node, index, 0))
      return false;
  }
  for (std::size_t i = 0; i <= turned; ++i) {
    const EndComparison& comparison = trace_->end_comparisons[i];
    const NodeIndex later = comparison.later == EndComparison::end ? end_node : comparison.later;
    const bool possible = comparison.result != (i == turned)
                              ? timing_.demand(comparison.earlier, later, comparison.gap)
                              : timing_.demand(later, comparison.earlier, 1 - comparison.gap);
    if (!possible) return false;
  }
  return true;
}

// The trace once more, at the times that were found.
void ExhaustiveSearch::plan_same_trace() {
  plan_.clear();
  for (EventIndex event = 1; event < trace_->events.size(); ++event)
    plan_.order.push_back(trace_->nodes[trace_->events[event].node].name);
  for (NodeIndex index = 1; index < trace_->nodes.size(); ++index)
    if (trace_->nodes[index].drawn) plan_delay(index);
  for (EventIndex event = 0; event < trace_->events.size(); ++event) {
    const TraceEvent& entry = trace_->events[event];
    std::uint32_t place = 0;
    for (std::uint32_t i = entry.first_step; i < entry.first_step + entry.steps; ++i) {
      const Step& step = trace_->steps[i];
      if (step.kind == StepKind::choice) plan_.choices.push_back({trace_->nodes[entry.node].name, place++, step.value});
    }
  }
}

}  // namespace georep
