#include "analysis/exploration/timing.hpp"

#include <algorithm>

namespace georep {

void Timing::add(NodeIndex from, NodeIndex to, std::int64_t gap, EventIndex needs,
                 EventIndex needs_also) {
  edges_.push_back({from, to, gap, needs, needs_also});
}

void Timing::build(const Trace& trace) {
  trace_ = &trace;
  built_ = false;
  bound_times();
}

void Timing::build_edges() {
  const Trace& trace = *trace_;
  built_ = true;
  edges_.clear();
  for (NodeIndex index = 1; index < trace.nodes.size(); ++index) {
    const TimeNode& node = trace.nodes[index];
    add(node.base, index, node.least, node.maker, 0);
    add(index, node.base, -node.most, node.maker, 0);
    if (node.floor != 0 || node.floor_offset != 0)
      add(node.floor, index, node.floor_offset, node.maker, 0);
    if (!node.drawn && node.base != trace.events[node.maker].node)
      add(trace.events[node.maker].node, index, 0, node.maker, 0);
    // Withdrawn before its time came.
    if (node.cancelled_by != 0)
      add(trace.events[node.cancelled_by].node, index, 0, node.cancelled_by, 0);
  }
  for (EventIndex event = 1; event < trace.events.size(); ++event) {
    const TraceEvent& entry = trace.events[event];
    // What an event touches first it touches whenever it happens; what it touches later may depend on what it found.
    const std::uint32_t certain = trace.first_touch(event);
    for (std::uint32_t i = trace.first_predecessor[event]; i < trace.first_predecessor[event + 1]; ++i) {
      const Predecessor& before = trace.predecessors[i];
      if (before.step == Predecessor::cause) continue;
      add(trace.events[before.event].node, entry.node, 0, before.event,
          before.step <= certain ? trace.cause(event) : event);
    }
    for (std::uint32_t place = entry.first_step; place < entry.first_step + entry.steps; ++place) {
      const Step& step = trace.steps[place];
      if (step.kind != StepKind::comparison) continue;
      if (step.result) {
        add(step.earlier, step.later, step.gap, event, 0);
      } else {
        add(step.later, step.earlier, 1 - step.gap, event, 0);
      }
    }
  }
  sort_edges();
  times_.resize(trace.nodes.size());
  for (NodeIndex node = 0; node < trace.nodes.size(); ++node) times_[node] = trace.nodes[node].at;
  moved_.clear();
  rise_.assign(trace.nodes.size(), 0);
  because_.assign(trace.nodes.size(), none);
  settled_.assign(trace.nodes.size(), 0);
  first_demand_.assign(trace.nodes.size(), none);
  next_demand_.clear();
}

// By the time that they leave, and in the order in which they were added.
void Timing::sort_edges() {
  own_edges_ = edges_.size();
  first_out_.assign(trace_->nodes.size() + 1, 0);
  for (const Edge& edge : edges_) ++first_out_[edge.from + 1];
  for (std::size_t i = 1; i < first_out_.size(); ++i) first_out_[i] += first_out_[i - 1];
  next_out_.assign(first_out_.begin(), first_out_.end() - 1);
  sorted_.resize(own_edges_);
  for (const Edge& edge : edges_) sorted_[next_out_[edge.from]++] = edge;
  edges_.swap(sorted_);
}

// Of a time, not counting what its event had to wait for.
std::int64_t Timing::earliest_by_itself(NodeIndex index) const {
  const TimeNode& node = trace_->nodes[index];
  std::int64_t result = earliest_[node.base] + node.least;
  if (node.floor != 0 || node.floor_offset != 0)
    result = std::max(result, earliest_[node.floor] + node.floor_offset);
  if (!node.drawn) result = std::max(result, earliest_[trace_->events[node.maker].node]);
  return result;
}

// An event fixes times only when it happens, so that all that its own time hangs on is bounded by then.
void Timing::bound_times() {
  const Trace& trace = *trace_;
  earliest_.assign(trace.nodes.size(), 0);
  latest_.assign(trace.nodes.size(), 0);
  NodeIndex index = 1;
  for (EventIndex event = 0; event < trace.events.size(); ++event) {
    std::int64_t& own = earliest_[trace.events[event].node];
    for (std::uint32_t i = trace.first_predecessor[event]; i < trace.first_predecessor[event + 1]; ++i)
      own = std::max(own, earliest_[trace.events[trace.predecessors[i].event].node]);
    for (; index < trace.nodes.size() && trace.nodes[index].maker == event; ++index) {
      earliest_[index] = earliest_by_itself(index);
      latest_[index] = latest_[trace.nodes[index].base] + trace.nodes[index].most;
    }
  }
}

std::int64_t Timing::earliest(EventIndex event, std::uint32_t steps) const {
  std::int64_t result = earliest_by_itself(trace_->events[event].node);
  for (std::uint32_t i = trace_->first_predecessor[event]; i < trace_->first_predecessor[event + 1]; ++i) {
    const Predecessor& before = trace_->predecessors[i];
    if (before.reversible() && before.step >= steps) break;
    result = std::max(result, earliest_[trace_->events[before.event].node]);
  }
  return result;
}

void Timing::consider(const EventSet& part) {
  if (!built_) build_edges();
  part_ = &part;
  for (std::size_t edge = own_edges_; edge < edges_.size(); ++edge)
    first_demand_[edges_[edge].from] = none;
  edges_.resize(own_edges_);
  next_demand_.clear();
  for (const NodeIndex node : moved_) times_[node] = trace_->nodes[node].at;
  moved_.clear();
}

// Whether one time can rise as an edge that holds makes it; not if that would raise `source`.
bool Timing::raise(std::uint32_t index, std::int64_t rise, NodeIndex source) {
  const NodeIndex node = edges_[index].to;
  if (settled_[node] != 0) return true;
  if (node == source) return false;
  if (rise_[node] == 0) {
    touched_.push_back(node);
    open_.push_back(node);
  }
  rise_[node] = rise;
  because_[node] = index;
  return true;
}

// What follows from the rise of one time. Yields the edge that closes a circle which cannot be, or `none`.
std::uint32_t Timing::settle(NodeIndex node, NodeIndex source) {
  settled_[node] = 1;
  const std::int64_t at = times_[node] + rise_[node];
  const auto follow = [&](std::uint32_t index) {
    const Edge& edge = edges_[index];
    const std::int64_t rise = at + edge.gap - times_[edge.to];
    return rise <= rise_[edge.to] || !holds(edge) || raise(index, rise, source);
  };
  for (std::uint32_t edge = first_out_[node]; edge < first_out_[node + 1]; ++edge)
    if (!follow(edge)) return edge;
  for (std::uint32_t edge = first_demand_[node]; edge != none; edge = next_demand_[edge - own_edges_])
    if (!follow(edge)) return edge;
  return none;
}

bool Timing::demand(NodeIndex from, NodeIndex to, std::int64_t gap, EventIndex on_account_of) {
  const auto demanded = static_cast<std::uint32_t>(edges_.size());
  edges_.push_back({from, to, gap, on_account_of, 0});
  next_demand_.push_back(first_demand_[from]);
  first_demand_[from] = demanded;
  const std::int64_t rise = times_[from] + gap - times_[to];
  if (rise <= 0) return true;
  touched_.clear();
  open_.clear();
  std::uint32_t contradiction = raise(demanded, rise, from) ? none : demanded;
  // The greatest rise first: every time is then settled once, and a rise that comes back to `from` closes a circle that cannot be.
  while (contradiction == none && !open_.empty()) {
    const auto greatest = std::max_element(
        open_.begin(), open_.end(), [this](NodeIndex a, NodeIndex b) { return rise_[a] < rise_[b]; });
    const NodeIndex node = *greatest;
    *greatest = open_.back();
    open_.pop_back();
    contradiction = settle(node, from);
  }
  const bool possible = contradiction == none;
  if (!possible) explain(contradiction, demanded);
  for (const NodeIndex node : touched_) {
    if (possible) {
      times_[node] += rise_[node];
      moved_.push_back(node);
    }
    rise_[node] = 0;
    settled_[node] = 0;
    because_[node] = none;
  }
  return possible;
}

void Timing::explain(std::uint32_t last_edge, std::uint32_t new_edge) {
  conflict_.clear();
  for (std::uint32_t edge = last_edge;; edge = because_[edges_[edge].from]) {
    if (edges_[edge].needs != 0) conflict_.push_back(edges_[edge].needs);
    if (edges_[edge].needs_also != 0) conflict_.push_back(edges_[edge].needs_also);
    if (edge == new_edge) break;
  }
  std::sort(conflict_.begin(), conflict_.end());
  conflict_.erase(std::unique(conflict_.begin(), conflict_.end()), conflict_.end());
}

}  // namespace georep
