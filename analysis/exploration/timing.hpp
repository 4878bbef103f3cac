// Which orders of events are possible in time: difference constraints between the times of a run.
// Every set of constraints t_to >= t_from + gap has a solution unless the gaps around some circle sum to more than 0; adding one constraint to a
// set with a known solution costs a search of the neighbourhood only (Cotton & Maler, "Fast and Flexible Difference Constraint Propagation for
// DPLL(T)", SAT 2006).
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "analysis/exploration/trace.hpp"

namespace georep {

class Timing {
 public:
  /// All that the run says about its own times. The run must live as long as questions are asked.
  void build(const Trace& trace);

  /// No run in which all happens that happened before an event has it earlier than this, if it waits for no more than the events that its
  /// first `steps` steps wait for: in any order of all else, and with whatever delays.
  std::int64_t earliest(EventIndex event, std::uint32_t steps) const;
  /// Bounds of a time in every run that fixes it as this one did.
  std::int64_t earliest(NodeIndex node) const { return earliest_[node]; }
  std::int64_t latest(NodeIndex node) const { return latest_[node]; }

  /// Forgets what was asked of the run before, and considers the given part of it: the constraints among the times that the events of `part`
  /// fixed. What happens after `part` is open, except that nothing overtakes an event of it that it is known to wait for.
  void consider(const EventSet& part);

  /// Demands t_to >= t_from + gap as well, on account of an event (0: in any case). False if that is impossible; then `conflict` has the
  /// events whose demands contradict one another, and nothing more may be demanded until the next `consider`.
  bool demand(NodeIndex from, NodeIndex to, std::int64_t gap, EventIndex on_account_of = 0);

  const std::vector<EventIndex>& conflict() const { return conflict_; }

  /// Moves the times, within all demands, to where the sum of the spans is the greatest, or the least; yields that sum. Every time has to be bounded.
  std::int64_t extend(const std::vector<TimedSum::Span>& spans);
  std::int64_t shrink(std::vector<TimedSum::Span> spans);

  /// A time that meets all demands; 0 is the start.
  std::int64_t at(NodeIndex node) const { return times_[node] - times_[0]; }

 private:
  struct Edge {
    NodeIndex from;
    NodeIndex to;
    std::int64_t gap;
    EventIndex needs;       // holds while these two events are considered
    EventIndex needs_also;
  };
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  void add(NodeIndex from, NodeIndex to, std::int64_t gap, EventIndex needs, EventIndex needs_also);
  bool holds(const Edge& edge) const {
    return part_->contains(edge.needs) && part_->contains(edge.needs_also);
  }
  void build_edges();
  void sort_edges();
  void bound_times();
  std::int64_t earliest_by_itself(NodeIndex index) const;
  bool raise(std::uint32_t edge, std::int64_t rise, NodeIndex source);
  std::uint32_t settle(NodeIndex node, NodeIndex source);
  void explain(std::uint32_t last_edge, std::uint32_t new_edge);
  bool ship();
  NodeIndex nearest_sink();
  void reach(NodeIndex node, std::int64_t distance, std::uint32_t edge);

  const Trace* trace_ = nullptr;
  const EventSet* part_ = nullptr;
  std::vector<Edge> edges_;               // of the run, by the time that they leave; then those demanded
  std::size_t own_edges_ = 0;
  std::vector<std::uint32_t> first_out_;  // by node, into edges_
  std::vector<Edge> sorted_;              // this and the next while edges are built
  std::vector<std::uint32_t> next_out_;
  bool built_ = false;
  std::vector<std::int64_t> times_;
  std::vector<NodeIndex> moved_;  // whose times differ from the run's
  std::vector<std::int64_t> earliest_;
  std::vector<std::int64_t> latest_;
  std::vector<std::uint32_t> first_demand_;  // by node, of the demanded edges that leave it
  std::vector<std::uint32_t> next_demand_;   // by demanded edge

  // Of the demand that is being met: by how much each time must rise, and which edge says so.
  std::vector<std::int64_t> rise_;
  std::vector<std::uint32_t> because_;
  std::vector<std::uint8_t> settled_;
  std::vector<NodeIndex> touched_;
  std::vector<NodeIndex> open_;
  std::vector<EventIndex> conflict_;

  // Of the sum that is being extended: a flow along edges, from where spans end to where they begin.
  struct Reached {
    std::int64_t distance;
    NodeIndex node;
    bool operator<(const Reached& other) const { return distance > other.distance; }
  };
  std::vector<std::int64_t> supply_;         // by node: how much of the flow is still to leave it
  std::vector<std::uint32_t> flow_;          // by edge
  std::vector<std::uint32_t> carrying_;      // the edges with flow
  std::vector<std::int64_t> distance_;       // by node, from the sources that are left
  std::vector<std::uint32_t> reached_by_;    // by node: the edge, along it or against
  std::priority_queue<Reached> reached_;
};

}  // namespace georep
