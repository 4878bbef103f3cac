#include "models/network/fair_sharing.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

// Levels that differ by less are the same: what is left of rounding after a fixed point has been reached.
constexpr double same = 1e-12;
// A clock is set back before its readings lose the fraction of a byte.
constexpr double rebase_at = 8'796'093'022'208.0;  // 2^43 bytes

// Faster than anything: an exabyte a second.
constexpr double fastest = 1e18;

bool differs(double a, double b) {
  if (std::isinf(a) || std::isinf(b)) return a != b;
  return std::abs(a - b) > same * std::abs(b);
}

}  // namespace

FairSharing::Channel FairSharing::add_channel(double capacity) {
  GEOREP_ASSERT(capacity > 0, "a channel carries something");
  ChannelState state;
  state.capacity = state.planned = capacity;
  channels_.push_back(std::move(state));
  levels_.push_back(unlimited);
  return static_cast<Channel>(channels_.size() - 1);
}

void FairSharing::set_capacity(Channel channel, double capacity, Instant) {
  GEOREP_ASSERT(capacity > 0, "a channel carries something");
  channels_[channel].capacity = capacity;
  mark_dirty(channel);
}

FairSharing::ClassId FairSharing::class_of(const std::vector<Channel>& route, double cap,
                                           double weight) {
  const auto [place, added] =
      class_by_key_.try_emplace({route, {cap, weight}}, static_cast<ClassId>(classes_.size()));
  if (added) {
    Class group;
    group.route = route;
    group.cap = cap;
    group.weight = weight;
    Demand demand;
    demand.cap_level = cap / weight;
    // The key's copy of the route stays where it is.
    demand.route = place->first.first.data();
    demand.hops = static_cast<std::uint32_t>(route.size());
    classes_.push_back(std::move(group));
    demands_.push_back(demand);
    for (const Channel channel : route) channels_[channel].ever_used.push_back(place->second);
  }
  return place->second;
}

FairSharing::FlowId FairSharing::start(const std::vector<Channel>& route, std::int64_t bytes,
                                       double cap, double weight, std::uint64_t tag,
                                       Instant now) {
  GEOREP_ASSERT(bytes > 0 && weight > 0 && cap > 0, "a flow has bytes to move and may move them");
  std::uint32_t place = 0;
  if (free_flows_.empty()) {
    place = static_cast<std::uint32_t>(flows_.size());
    flows_.emplace_back();
  } else {
    place = free_flows_.back();
    free_flows_.pop_back();
  }
  Flow& flow = flows_[place];
  flow.active = true;
  flow.bytes = bytes;
  flow.tag = tag;
  flow.sequence = sequence_++;
  ++active_flows_;
  join(place, class_of(route, cap, weight), 0, now);
  return FlowId{place, flow.generation};
}

void FairSharing::join(std::uint32_t place, ClassId id, double moved, Instant now) {
  Class& group = classes_[id];
  move_clock(group, now);
  if (group.flows == 0) {
    group.clock = 0;
    group.marks.clear();
    for (const Channel channel : group.route) channels_[channel].classes.push_back(id);
  } else if (group.clock > rebase_at) {
    rebase(group);
  }
  ++group.flows;
  Flow& flow = flows_[place];
  flow.owner = id;
  flow.begun = group.clock - moved;
  flow.joining = ++joinings_;
  group.marks.push_back(
      Mark{flow.begun + static_cast<double>(flow.bytes), flow.sequence, flow.joining, place});
  std::push_heap(group.marks.begin(), group.marks.end());
  population_changed(id);
}

// The flow is in no class from now on. Yields the bytes that it has moved.
double FairSharing::leave(std::uint32_t place, Instant now) {
  Flow& flow = flows_[place];
  Class& group = classes_[flow.owner];
  move_clock(group, now);
  const double moved = group.clock - flow.begun;
  const ClassId id = flow.owner;
  flow.owner = none;
  --group.flows;
  population_changed(id);
  if (group.flows == 0) {
    group.marks.clear();
    group.rate = 0;
    for (const Channel channel : group.route) std::erase(channels_[channel].classes, id);
    heap_update(id, Instant::never());
  }
  return std::clamp(moved, 0.0, static_cast<double>(flow.bytes));
}

void FairSharing::set_cap(FlowId flow, double cap, Instant now) {
  GEOREP_ASSERT(flows_[flow.place].active && flows_[flow.place].generation == flow.generation,
                "only a flow that is under way gets another cap");
  const Class& before = classes_[flows_[flow.place].owner];
  if (before.cap == cap) return;
  const std::vector<Channel> route = before.route;
  const double weight = before.weight;
  const double moved = leave(flow.place, now);
  join(flow.place, class_of(route, cap, weight), moved, now);
}

std::int64_t FairSharing::remove(FlowId id, Instant now) {
  Flow& flow = flows_[id.place];
  GEOREP_ASSERT(flow.active && flow.generation == id.generation, "a flow is removed once");
  const ClassId owner = flow.owner;
  const double moved = leave(id.place, now);
  classes_[owner].removed_bytes += moved;
  flow.active = false;
  ++flow.generation;
  free_flows_.push_back(id.place);
  --active_flows_;
  return static_cast<std::int64_t>(moved);
}

void FairSharing::move_clock(Class& group, Instant now) {
  if (group.set_at == now) return;
  group.clock += group.rate * (now - group.set_at).seconds();
  group.set_at = now;
}

void FairSharing::rebase(Class& group) {
  const double shift = group.clock;
  group.clock = 0;
  for (Mark& mark : group.marks) mark.end -= shift;
  for (const Mark& mark : group.marks)
    if (stands(mark)) flows_[mark.flow].begun -= shift;
}

void FairSharing::mark_dirty(Channel channel) {
  ChannelState& state = channels_[channel];
  if (state.dirty || (state.capacity == unlimited && levels_[channel] == unlimited)) return;
  state.dirty = true;
  dirty_.emplace_back(levels_[channel], channel);
  std::push_heap(dirty_.begin(), dirty_.end(), std::greater<>{});
}

void FairSharing::mark_changed(ClassId id) {
  if (classes_[id].changed) return;
  classes_[id].changed = true;
  changed_.push_back(id);
}

void FairSharing::population_changed(ClassId id) {
  mark_changed(id);
  demands_[id].share = classes_[id].flows * classes_[id].weight;
  for (const Channel channel : classes_[id].route) mark_dirty(channel);
}

// What a class may have per unit of weight by its cap and by its other channels.
double FairSharing::level_elsewhere(const Demand& demand, Channel channel) const {
  double level = demand.cap_level;
  for (std::uint32_t hop = 0; hop < demand.hops; ++hop) {
    const Channel other = demand.route[hop];
    if (other != channel && levels_[other] < level) level = levels_[other];
  }
  return level;
}

// The level at which a channel is full when no class takes more than it may have elsewhere. Rises to its fixed point from
// below, usually in two or three passes. Classes are visited in a fixed order.
double FairSharing::fill(Channel channel) {
  const ChannelState& state = channels_[channel];
  double weight = 0;
  filling_.clear();
  for (const ClassId id : state.classes) {
    const Demand& demand = demands_[id];
    weight += demand.share;
    filling_.emplace_back(level_elsewhere(demand, channel), demand.share);
  }
  if (weight <= 0) return unlimited;
  double level = state.capacity / weight;
  // With one class alone the level is no business of other channels: it allows what it carries, wanted or not.
  if (state.classes.size() == 1) return level;
  while (true) {
    double held = 0;
    double open = 0;
    for (const auto& [elsewhere, share] : filling_) {
      if (elsewhere <= level) {
        held += share * elsewhere;
      } else {
        open += share;
      }
    }
    if (open <= 0) return unlimited;
    const double next = (state.capacity - held) / open;
    if (!(next > level * (1 + same))) return level;
    level = next;
  }
}

// Channels are filled anew from the lowest level up, each time that what its classes may have elsewhere has moved across its own level.
void FairSharing::solve(Instant now) {
  std::uint64_t fills = 0;
  while (!dirty_.empty()) {
    std::pop_heap(dirty_.begin(), dirty_.end(), std::greater<>{});
    const Channel channel = dirty_.back().second;
    dirty_.pop_back();
    ChannelState& state = channels_[channel];
    state.dirty = false;
    const double old_level = levels_[channel];
    const double level = fill(channel);
    if (!differs(level, old_level)) continue;
    levels_[channel] = level;
    GEOREP_ASSERT(++fills < 10'000'000, "fair shares reach their fixed point");
    for (const ClassId id : state.classes) {
      const Demand& demand = demands_[id];
      const double elsewhere = level_elsewhere(demand, channel);
      const double before = std::min(elsewhere, old_level);
      const double after = std::min(elsewhere, level);
      if (before == after) continue;
      mark_changed(id);
      // Another channel notices only if the class took less than that channel allows, before or after, and others share it.
      for (std::uint32_t hop = 0; hop < demand.hops; ++hop) {
        const Channel other = demand.route[hop];
        if (other != channel && std::min(before, after) < levels_[other] &&
            channels_[other].classes.size() > 1)
          mark_dirty(other);
      }
    }
  }
  apply_levels(now);
}

void FairSharing::apply_levels(Instant now) {
  for (const ClassId id : changed_) {
    Class& group = classes_[id];
    group.changed = false;
    if (group.flows == 0) continue;
    move_clock(group, now);
    group.level = level_elsewhere(demands_[id], none);
    // A flow whose last limit has gone ends within the nanosecond.
    group.rate = std::min(group.level * group.weight, fastest);
    GEOREP_ASSERT(group.rate > 0, "every flow moves");
    heap_update(id, end_of_first(group));
  }
  changed_.clear();
}

void FairSharing::drop_removed(Class& group) {
  while (!group.marks.empty() && !stands(group.marks.front())) {
    std::pop_heap(group.marks.begin(), group.marks.end());
    group.marks.pop_back();
  }
}

// When the first flow of a class ends: on the next whole nanosecond.
Instant FairSharing::end_of_first(Class& group) {
  drop_removed(group);
  const double left = std::max(0.0, group.marks.front().end - group.clock);
  const double nanoseconds = std::ceil(left / group.rate * 1e9 * (1 - 1e-15));
  if (nanoseconds >= 9e18) return Instant::never();
  return group.set_at + Duration::nanoseconds(static_cast<std::int64_t>(nanoseconds));
}

Instant FairSharing::next_end(Instant now) {
  if (!dirty_.empty() || !changed_.empty()) solve(now);
  return heap_.empty() ? Instant::never() : classes_[heap_.front()].ends_at;
}

void FairSharing::take_ended(Instant now, std::vector<std::uint64_t>& tags) {
  ended_.clear();
  // The ends of one instant are one change: rates are solved for once, when somebody asks for what comes next.
  next_end(now);
  while (!heap_.empty() && classes_[heap_.front()].ends_at <= now) {
    const ClassId id = heap_.front();
    Class& group = classes_[id];
    move_clock(group, now);
    const double reached = group.clock + group.rate * 1e-13 + 1e-6;
    bool any = false;
    for (drop_removed(group); !group.marks.empty(); drop_removed(group)) {
      const Mark first = group.marks.front();
      // The first of the heap has ended by its own account, whatever rounding says.
      if (any && first.end > reached) break;
      any = true;
      ended_.emplace_back(first.sequence, first.flow);
      std::pop_heap(group.marks.begin(), group.marks.end());
      group.marks.pop_back();
      group.ended_bytes += static_cast<double>(flows_[first.flow].bytes);
      Flow& flow = flows_[first.flow];
      leave(first.flow, now);
      flow.active = false;
      ++flow.generation;
      --active_flows_;
    }
    if (group.flows > 0) heap_update(id, end_of_first(group));
  }
  std::sort(ended_.begin(), ended_.end());
  for (const auto& [sequence, place] : ended_) {
    tags.push_back(flows_[place].tag);
    free_flows_.push_back(place);
  }
}

double FairSharing::rate(FlowId flow, Instant now) {
  if (!dirty_.empty() || !changed_.empty()) solve(now);
  return classes_[flows_[flow.place].owner].rate;
}

double FairSharing::carried(Channel channel, Instant now) const {
  double bytes = 0;
  for (const ClassId id : channels_[channel].ever_used) {
    const Class& group = classes_[id];
    bytes += group.ended_bytes + group.removed_bytes;
    const double clock = group.clock + group.rate * (now - group.set_at).seconds();
    for (const Mark& mark : group.marks) {
      if (!stands(mark)) continue;
      const Flow& flow = flows_[mark.flow];
      bytes += std::clamp(clock - flow.begun, 0.0, static_cast<double>(flow.bytes));
    }
  }
  return bytes;
}

void FairSharing::reset() {
  for (ChannelState& state : channels_) {
    state.capacity = state.planned;
    state.dirty = false;
    state.classes.clear();
    state.ever_used.clear();
  }
  std::fill(levels_.begin(), levels_.end(), unlimited);
  classes_.clear();
  demands_.clear();
  class_by_key_.clear();
  flows_.clear();
  free_flows_.clear();
  dirty_.clear();
  changed_.clear();
  heap_.clear();
  active_flows_ = 0;
  sequence_ = 0;
  joinings_ = 0;
}

bool FairSharing::ends_before(ClassId a, ClassId b) const {
  return classes_[a].ends_at != classes_[b].ends_at ? classes_[a].ends_at < classes_[b].ends_at
                                                    : a < b;
}

void FairSharing::heap_update(ClassId id, Instant ends_at) {
  Class& group = classes_[id];
  group.ends_at = ends_at;
  if (ends_at == Instant::never()) {
    if (group.heap_place == none) return;
    const std::uint32_t place = group.heap_place;
    group.heap_place = none;
    const ClassId last = heap_.back();
    heap_.pop_back();
    if (last == id) return;
    heap_[place] = last;
    classes_[last].heap_place = place;
    heap_up(place);
    heap_down(classes_[last].heap_place);
    return;
  }
  if (group.heap_place == none) {
    group.heap_place = static_cast<std::uint32_t>(heap_.size());
    heap_.push_back(id);
  }
  heap_up(group.heap_place);
  heap_down(group.heap_place);
}

void FairSharing::heap_up(std::uint32_t place) {
  while (place > 0) {
    const std::uint32_t parent = (place - 1) / 2;
    if (!ends_before(heap_[place], heap_[parent])) return;
    std::swap(heap_[place], heap_[parent]);
    classes_[heap_[place]].heap_place = place;
    classes_[heap_[parent]].heap_place = parent;
    place = parent;
  }
}

void FairSharing::heap_down(std::uint32_t place) {
  while (true) {
    std::uint32_t least = place;
    for (std::uint32_t child = 2 * place + 1; child <= 2 * place + 2; ++child)
      if (child < heap_.size() && ends_before(heap_[child], heap_[least])) least = child;
    if (least == place) return;
    std::swap(heap_[place], heap_[least]);
    classes_[heap_[place]].heap_place = place;
    classes_[heap_[least]].heap_place = least;
    place = least;
  }
}

}  // namespace georep
