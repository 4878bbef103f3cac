// The greatest sum of some durations that the constraints allow. That is a linear program whose dual is a flow of least cost: a unit leaves each time at which
// a duration ends and comes to one at which one begins, along constraints, at the cost of how loose these are. Successive shortest paths with
// potentials find it (Ahuja, Magnanti & Orlin, "Network Flows", 1993, 9.7), and the potentials are the times. All of it is whole numbers, so that
// the extreme is one that a run can have.
#include <algorithm>
#include <limits>

#include "analysis/exploration/timing.hpp"
#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::int64_t Timing::extend(const std::vector<TimedSum::Span>& spans) {
  supply_.assign(times_.size(), 0);
  flow_.assign(edges_.size(), 0);
  carrying_.clear();
  for (const TimedSum::Span& span : spans) {
    ++supply_[span.to];
    --supply_[span.from];
  }
  moved_.clear();
  for (NodeIndex node = 0; node < times_.size(); ++node) moved_.push_back(node);
  while (ship()) {}
  std::int64_t sum = 0;
  for (const TimedSum::Span& span : spans) sum += times_[span.to] - times_[span.from];
  return sum;
}

std::int64_t Timing::shrink(std::vector<TimedSum::Span> spans) {
  for (TimedSum::Span& span : spans) std::swap(span.from, span.to);
  return -extend(spans);
}

// Sends one unit along a shortest way, and moves the times so that each edge of it is tight. False if none is left to be sent.
bool Timing::ship() {
  const NodeIndex sink = nearest_sink();
  if (sink == none) return false;
  const std::int64_t length = distance_[sink];
  for (NodeIndex node = 0; node < times_.size(); ++node) times_[node] -= std::min(distance_[node], length);
  NodeIndex node = sink;
  while (reached_by_[node] != none) {
    const std::uint32_t edge = reached_by_[node];
    const bool along = edges_[edge].to == node;
    if (along) {
      if (flow_[edge]++ == 0) carrying_.push_back(edge);
      node = edges_[edge].from;
    } else {
      if (--flow_[edge] == 0) std::erase(carrying_, edge);
      node = edges_[edge].to;
    }
  }
  --supply_[node];
  ++supply_[sink];
  return true;
}

void Timing::reach(NodeIndex node, std::int64_t distance, std::uint32_t edge) {
  if (distance >= distance_[node]) return;
  distance_[node] = distance;
  reached_by_[node] = edge;
  reached_.push({distance, node});
}

NodeIndex Timing::nearest_sink() {
  distance_.assign(times_.size(), never);
  reached_by_.assign(times_.size(), none);
  reached_ = {};
  for (NodeIndex node = 0; node < times_.size(); ++node)
    if (supply_[node] > 0) reach(node, 0, none);
  if (reached_.empty()) return none;
  const auto follow = [this](std::uint32_t index, std::int64_t distance) {
    const Edge& edge = edges_[index];
    reach(edge.to, distance + times_[edge.to] - times_[edge.from] - edge.gap, index);
  };
  while (!reached_.empty()) {
    const auto [distance, node] = reached_.top();
    reached_.pop();
    if (distance > distance_[node]) continue;
    if (supply_[node] < 0) return node;
    for (std::uint32_t i = first_out_[node]; i < first_out_[node + 1]; ++i)
      if (holds(edges_[i])) follow(i, distance);
    for (std::uint32_t edge = first_demand_[node]; edge != none; edge = next_demand_[edge - own_edges_])
      follow(edge, distance);
    // Against an edge that carries something, which is tight.
    for (const std::uint32_t edge : carrying_)
      if (edges_[edge].to == node) reach(edges_[edge].from, distance, edge);
  }
  GEOREP_ASSERT(false, "every time of a run is bounded from its start");
  return none;
}

}  // namespace georep
