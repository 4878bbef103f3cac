// Of runs that differ only in times, those that come to something else in the eyes of whoever judges them.
#include <optional>
#include <utility>

#include "analysis/exploration/exhaustive.hpp"

namespace georep {

namespace {

constexpr std::size_t no_comparison = ~std::size_t{0};

std::int64_t sum_in(const Trace& trace, const TimedSum& sum) {
  std::int64_t result = 0;
  for (const TimedSum::Span& span : sum.spans) result += trace.nodes[span.to].at - trace.nodes[span.from].at;
  return result;
}

}  // namespace

// What is judged at the end is a function of the trace, of what the comparisons of the end come to, one after another, and of sums of its times. Each
// comparison is turned round with those before it kept; each sum is taken to its extremes with all comparisons kept.
void ExhaustiveSearch::try_other_times(const Trace& trace) {
  if (trace.end_comparisons.empty() && trace.sums.empty()) return;
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
    if (ended.decided == trace_->end_comparisons.size() && trace_->sums.empty()) continue;
    timing_.build(*trace_);
    find_ends();
    for (std::size_t turned = ended.decided; turned < trace_->end_comparisons.size() && !stopped_; ++turned) {
      std::unique_ptr<Trace> other = try_other_end(turned);
      if (!other) continue;
      waiting.push_back({other.get(), turned + 1});
      kept.push_back(std::move(other));
    }
    try_other_sums();
  }
  for (std::unique_ptr<Trace>& other : kept) blanks_.push_back(std::move(other));
}

// Null if the times do not allow it, or nothing more is to be run.
std::unique_ptr<Trace> ExhaustiveSearch::try_other_end(std::size_t turned) {
  if (!can_end_otherwise(turned)) return nullptr;
  std::unique_ptr<Trace> other = run_same_trace();
  if (!other) return nullptr;
  if (other->end_comparisons.size() <= turned ||
      other->end_comparisons[turned].result == trace_->end_comparisons[turned].result) {
    ++result_.unsettled;
    blanks_.push_back(std::move(other));
    return nullptr;
  }
  if (!(*visit_)(*other, plan_)) stopped_ = true;
  return other;
}

void ExhaustiveSearch::try_other_sums() {
  for (std::size_t i = 0; i < trace_->sums.size(); ++i)
    for (const bool most : {true, false}) {
      if (stopped_ || !can_be_beyond(trace_->sums[i], most)) continue;
      std::int64_t wanted = 0;
      for (const TimedSum::Span& span : trace_->sums[i].spans) wanted += timing_.at(span.to) - timing_.at(span.from);
      std::unique_ptr<Trace> other = run_same_trace();
      if (!other) continue;
      if (other->sums.size() <= i || sum_in(*other, other->sums[i]) != wanted) {
        ++result_.unsettled;
      } else if (!(*visit_)(*other, plan_)) {
        stopped_ = true;
      }
      blanks_.push_back(std::move(other));
    }
}

// The trace once more, at the times that were found. Null if nothing more is to be run, or if the run was another one.
std::unique_ptr<Trace> ExhaustiveSearch::run_same_trace() {
  plan_same_trace();
  std::unique_ptr<Trace> other = record(plan_);
  if (!other || other->identity == trace_->identity) return other;
  ++result_.unsettled;
  blanks_.push_back(std::move(other));
  return nullptr;
}

void ExhaustiveSearch::find_ends() {
  all_.resize(trace_->events.size());
  last_.clear();
  EventSet waited_for(trace_->events.size());
  for (const Predecessor& before : trace_->predecessors) waited_for.insert(before.event);
  for (EventIndex event = 0; event < trace_->events.size(); ++event) {
    all_.insert(event);
    if (!waited_for.contains(event)) last_.push_back(event);
  }
}

// Whether the times allow the same trace to end with that comparison turned round and those before it as they are.
bool ExhaustiveSearch::can_end_otherwise(std::size_t turned) {
  for (const EventIndex end : last_) {
    timing_.consider(all_);
    if (demand_end(end) && demand_end_comparisons(end, turned + 1, turned)) return true;
  }
  return false;
}

// Whether the times allow the same trace, with all comparisons of the end as they are, to have the sum above its bounds, or below. If so, they are
// those of the greatest, or least, that is possible.
bool ExhaustiveSearch::can_be_beyond(const TimedSum& sum, bool most) {
  const std::int64_t now = sum_in(*trace_, sum);
  const auto is_beyond = [&](std::int64_t extreme) {
    return extreme != now && (most ? extreme > sum.most : extreme < sum.least);
  };
  std::int64_t roughly = 0;
  for (const auto& [from, to] : sum.spans)
    roughly += most ? timing_.latest(to) - timing_.earliest(from) : timing_.earliest(to) - timing_.latest(from);
  if (!is_beyond(roughly)) return false;
  std::int64_t farthest = now;
  EventIndex farthest_end = 0;
  for (const EventIndex end : last_) {
    const std::optional<std::int64_t> extreme = extreme_of(sum, most, end);
    if (!extreme || (most ? *extreme <= farthest : *extreme >= farthest)) continue;
    farthest = *extreme;
    farthest_end = end;
  }
  return is_beyond(farthest) && extreme_of(sum, most, farthest_end).has_value();
}

// With that event as the last.
std::optional<std::int64_t> ExhaustiveSearch::extreme_of(const TimedSum& sum, bool most, EventIndex end) {
  timing_.consider(all_);
  if (!demand_end(end) || !demand_end_comparisons(end, trace_->end_comparisons.size(), no_comparison)) return std::nullopt;
  return most ? timing_.extend(sum.spans) : timing_.shrink(sum.spans);
}

// That event is the last.
bool ExhaustiveSearch::demand_end(EventIndex end) {
  const NodeIndex end_node = trace_->events[end].node;
  for (const EventIndex event : last_)
    if (event != end && !timing_.demand(trace_->events[event].node, end_node, 0)) return false;
  // What was left to happen in the background is left again.
  for (NodeIndex index = 1; index < trace_->nodes.size(); ++index) {
    const TimeNode& node = trace_->nodes[index];
    if (!node.drawn && node.event == 0 && node.cancelled_by == 0 && !node.withdrawn_by_maker &&
        !timing_.demand(end_node, index, 0))
      return false;
  }
  return true;
}

// The first comparisons of the end come out as they did, but for one.
bool ExhaustiveSearch::demand_end_comparisons(EventIndex end, std::size_t count, std::size_t turned) {
  const NodeIndex end_node = trace_->events[end].node;
  for (std::size_t i = 0; i < count; ++i) {
    const EndComparison& comparison = trace_->end_comparisons[i];
    const NodeIndex later = comparison.later == EndComparison::end ? end_node : comparison.later;
    const bool possible = comparison.result != (i == turned)
                              ? timing_.demand(comparison.earlier, later, comparison.gap)
                              : timing_.demand(later, comparison.earlier, 1 - comparison.gap);
    if (!possible) return false;
  }
  return true;
}

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
