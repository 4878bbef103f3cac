#include "models/network/fair_sharing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

// A clock is set back before its readings lose a hundred-thousandth of a byte.
constexpr double set_back_at = 0x1p36;

// Faster than anything: an exabyte a second.
constexpr double fastest = 1e18;

// An end beyond all time is at the last instant that there is: a flow that moves is never one without an end.
constexpr Instant last_instant = Instant::at(Duration::max() - Duration::nanoseconds(1));

// What rounding may add to the nanoseconds until an end, so that an end on a whole nanosecond falls there and not on the next.
constexpr double rounding_ns = 1e-3;

// Classes that have no flows are kept for the next one, but not more of them than this, or than there are others.
constexpr std::size_t most_idle_classes = 4'096;

}  // namespace

void FairSharing::reserve_channels(std::size_t count) {
  channels_.reserve(count);
  end_places_.reserve(count);
  levels_.reserve_channels(count);
}

FairSharing::Channel FairSharing::add_channel(double capacity) {
  GEOREP_ASSERT(classes_.empty(), "channels are there before the first flow");
  channels_.emplace_back();
  end_places_.push_back(no_heap_place);
  return levels_.add_channel(capacity);
}

FairSharing::RouteId FairSharing::route(const std::vector<Hop>& hops) {
  const auto [place, added] =
      route_names_.try_emplace(hops, static_cast<RouteId>(routes_.size()));
  if (added) routes_.push_back(&place->first);
  return place->second;
}

std::size_t FairSharing::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = index(key.route);
  for (const double part : {key.cap, key.weight})
    hash = (hash ^ std::bit_cast<std::uint64_t>(part)) * 0x9E37'79B9'7F4A'7C15 + (hash >> 29);
  return hash ^ (hash >> 32);
}

FairSharing::ClassId FairSharing::class_of(RouteId route, double cap, double weight) {
  const Key key{route, cap, weight};
  if (const auto known = class_by_key_.find(key); known != class_by_key_.end())
    return known->second;
  if (free_classes_.empty() && idle_classes_ > most_idle_classes &&
      idle_classes_ > classes_.size() / 2)
    recycle_classes();
  ClassId id = static_cast<ClassId>(classes_.size());
  if (free_classes_.empty()) {
    classes_.emplace_back();
    end_places_.push_back(no_heap_place);
    due_places_.push_back(no_heap_place);
  } else {
    id = free_classes_.back();
    free_classes_.pop_back();
  }
  Class& group = classes_[id];
  group.route = route;
  group.cap = cap;
  group.weight = weight;
  levels_.define(id, hops(route), weight, cap);
  class_by_key_.emplace(key, id);
  ++idle_classes_;
  return id;
}

// Forgets the classes that have no flows.
void FairSharing::recycle_classes() {
  for (auto id = static_cast<ClassId>(classes_.size()); id-- > 0;) {
    const Class& group = classes_[id];
    if (group.flows > 0) continue;
    class_by_key_.erase(Key{group.route, group.cap, group.weight});
    free_classes_.push_back(id);
  }
  idle_classes_ = 0;
}

FairSharing::FlowId FairSharing::start(RouteId route, std::int64_t bytes, double cap,
                                       double weight, std::uint64_t tag, Instant now) {
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
  flow.bytes = bytes;
  flow.tag = tag;
  flow.sequence = sequence_++;
  ++active_flows_;
  join(place, class_of(route, cap, weight), 0, now);
  return FlowId{place, flow.generation};
}

FairSharing::Flow& FairSharing::known(FlowId id) {
  Flow& flow = flows_[id.place];
  GEOREP_ASSERT(flow.owner != none && flow.generation == id.generation,
                "a flow is known by its name while it is under way");
  return flow;
}

void FairSharing::join(std::uint32_t place, ClassId id, double moved, Instant now) {
  Class& group = classes_[id];
  if (group.flows == 0) {
    --idle_classes_;
    group.own = Clock{};
    group.own.set_at = now;
    group.begun = 0;
  }
  const double reading = served(group, now);
  if (reading > set_back_at) set_back(group, reading);
  Flow& flow = flows_[place];
  flow.owner = id;
  flow.begun = (reading > set_back_at ? 0 : reading) - moved;
  ++flow.joining;
  group.marks.push_back(Mark{flow.begun + static_cast<double>(flow.bytes), flow.sequence, place,
                             flow.joining});
  std::push_heap(group.marks.begin(), group.marks.end());
  levels_.set_flows(id, ++group.flows);
}

// The flow is in no class from now on. Yields the bytes that it has moved.
double FairSharing::leave(std::uint32_t place, Instant now) {
  Flow& flow = flows_[place];
  Class& group = classes_[flow.owner];
  const double moved =
      std::clamp(served(group, now) - flow.begun, 0.0, static_cast<double>(flow.bytes));
  const ClassId id = flow.owner;
  flow.owner = none;
  ++group.stale;
  levels_.set_flows(id, --group.flows);
  return moved;
}

void FairSharing::release(std::uint32_t place) {
  ++flows_[place].generation;
  free_flows_.push_back(place);
  --active_flows_;
}

// A class without flows begins anew with the next one.
void FairSharing::retire(ClassId id) {
  Class& group = classes_[id];
  if (group.follows != none) {
    channels_[group.follows].dues.erase(id, due_places_);
    stir(group.follows);
    group.follows = none;
  }
  ends_.erase(end_place(id), end_places_);
  for (const Hop& hop : hops(group.route))
    if (hop.consumption >= 1) channels_[hop.channel].carried += group.gone_bytes;
  group.gone_bytes = 0;
  group.marks.clear();
  group.stale = 0;
  ++idle_classes_;
}

void FairSharing::set_limits(FlowId id, double cap, double weight, Instant now) {
  const ClassId before = known(id).owner;
  if (classes_[before].cap == cap && classes_[before].weight == weight) return;
  const ClassId after = class_of(classes_[before].route, cap, weight);
  const double moved = leave(id.place, now);
  if (classes_[before].flows == 0) retire(before);
  join(id.place, after, moved, now);
}

std::int64_t FairSharing::remove(FlowId id, Instant now) {
  const ClassId owner = known(id).owner;
  const auto moved = static_cast<std::int64_t>(leave(id.place, now));
  classes_[owner].gone_bytes += moved;
  if (classes_[owner].flows == 0) retire(owner);
  release(id.place);
  return moved;
}

double FairSharing::rate(FlowId id, Instant now) {
  settle(now);
  const Class& group = classes_[known(id).owner];
  return group.weight * clock_of(group).level;
}

double FairSharing::bytes_left(FlowId id, Instant now) const {
  const Flow& flow = flows_[id.place];
  const double moved = served(classes_[flow.owner], now) - flow.begun;
  return std::clamp(static_cast<double>(flow.bytes) - moved, 0.0,
                    static_cast<double>(flow.bytes));
}

double FairSharing::carried(Channel channel, Instant now) const {
  std::int64_t gone = channels_[channel].carried;
  double moving = 0;
  levels_.visit_classes(channel, [&](ClassId id) {
    const Class& group = classes_[id];
    for (const Hop& hop : hops(group.route))
      if (hop.channel == channel && hop.consumption < 1) return;
    gone += group.gone_bytes;
    const double reading = served(group, now);
    for (const Mark& mark : group.marks) {
      if (!stands(mark)) continue;
      const Flow& flow = flows_[mark.flow];
      moving += std::clamp(reading - flow.begun, 0.0, static_cast<double>(flow.bytes));
    }
  });
  return static_cast<double>(gone) + moving;
}

void FairSharing::reset() {
  levels_.reset();
  for (ChannelClock& channel : channels_) channel = ChannelClock{};
  classes_.clear();
  class_by_key_.clear();
  free_classes_.clear();
  idle_classes_ = 0;
  flows_.clear();
  free_flows_.clear();
  ends_.clear();
  end_places_.assign(channels_.size(), no_heap_place);
  due_places_.clear();
  stirred_.clear();
  active_flows_ = 0;
  sequence_ = 0;
}

// ---- Clocks ------------------------------------------------------------------------------------------------------

// The whole nanosecond at or after the clock's reading of `due`.
Instant FairSharing::Clock::when(double due) const {
  if (due <= served) return set_at;
  if (level <= 0) return Instant::never();
  const double nanoseconds = std::ceil((due - served) / level * 1e9 - rounding_ns);
  if (nanoseconds >= 9e18) return last_instant;
  const auto whole = Duration::nanoseconds(static_cast<std::int64_t>(std::max(nanoseconds, 0.0)));
  return whole < last_instant - set_at ? set_at + whole : last_instant;
}

// The class's clock stands at 0 again.
void FairSharing::set_back(Class& group, double reading) {
  group.begun -= reading;
  for (Mark& mark : group.marks) {
    mark.end -= reading;
    if (stands(mark)) flows_[mark.flow].begun -= reading;
  }
}

// Likewise a channel's, for the classes that follow it.
void FairSharing::set_back_clock(ChannelClock& channel) {
  const double reading = channel.clock.served;
  for (const auto& entry : channel.dues.entries())
    classes_[entry.id].begun += classes_[entry.id].weight * reading;
  channel.dues.shift(reading);
  channel.clock.served = 0;
}

void FairSharing::drop_stale(Class& group) {
  if (group.stale == 0) return;
  while (!group.marks.empty() && !stands(group.marks.front())) {
    std::pop_heap(group.marks.begin(), group.marks.end());
    group.marks.pop_back();
    --group.stale;
  }
  if (group.stale <= group.flows + 16) return;
  std::erase_if(group.marks, [this](const Mark& mark) { return !stands(mark); });
  std::make_heap(group.marks.begin(), group.marks.end());
  group.stale = 0;
}

void FairSharing::stir(Channel channel) {
  if (channels_[channel].stirred) return;
  channels_[channel].stirred = true;
  stirred_.push_back(channel);
}

void FairSharing::set_end(std::uint32_t place, Instant end) {
  if (end == Instant::never()) {
    ends_.erase(place, end_places_);
  } else {
    ends_.set(place, end.count(), end_places_);
  }
}

// Works out when the next flow ends on each channel where that may have changed.
void FairSharing::still() {
  for (const Channel id : stirred_) {
    ChannelClock& channel = channels_[id];
    channel.stirred = false;
    set_end(id, channel.dues.empty() ? Instant::never()
                                     : channel.clock.when(channel.dues.top().key));
  }
  stirred_.clear();
}

// Solves for the levels, where something has changed, and lets clocks go on at the new ones from now.
void FairSharing::settle(Instant now) {
  if (!levels_.settled()) {
    levels_.solve();
    for (const Channel id : levels_.moved()) {
      ChannelClock& channel = channels_[id];
      channel.clock.advance(now);
      const double level = levels_.level(id);
      channel.clock.level = level < unlimited ? level : 0;
      if (channel.dues.empty()) {
        channel.clock.served = 0;
        channel.most_weight = 0;
      } else if (channel.clock.served * channel.most_weight > set_back_at) {
        set_back_clock(channel);
      }
      stir(id);
    }
    for (const ClassId id : levels_.touched())
      if (classes_[id].flows > 0) place(id, now);
    levels_.forget_changes();
  }
  still();
}

// The class follows another clock from now on.
void FairSharing::follow(ClassId id, Channel channel, Instant now) {
  Class& group = classes_[id];
  const double reading = served(group, now);
  if (group.follows == none) {
    ends_.erase(end_place(id), end_places_);
  } else {
    channels_[group.follows].dues.erase(id, due_places_);
    stir(group.follows);
  }
  group.follows = channel;
  if (channel == none) {
    group.own = Clock{};
    group.own.set_at = now;
    group.begun = reading;
  } else {
    ChannelClock& next = channels_[channel];
    next.most_weight = std::max(next.most_weight, group.weight);
    group.begun = reading - group.weight * next.clock.reading(now);
  }
}

// Puts a class where its first end belongs.
void FairSharing::place(ClassId id, Instant now) {
  Class& group = classes_[id];
  const WaterLevels::Limit limit = levels_.limit(id);
  if (limit.channel != group.follows) follow(id, limit.channel, now);
  drop_stale(group);
  if (limit.channel == none) {
    group.own.advance(now);
    // A flow whose last limit has gone ends within the nanosecond.
    group.own.level = std::min(limit.level, fastest / group.weight);
    const double due = (group.marks.front().end - group.begun) / group.weight;
    set_end(end_place(id), group.own.when(due));
  } else {
    const double due = (group.marks.front().end - group.begun) / group.weight;
    channels_[limit.channel].dues.set(id, due, due_places_);
    stir(limit.channel);
  }
}

Instant FairSharing::next_end(Instant now) {
  settle(now);
  return ends_.empty() ? Instant::never()
                       : Instant::at(Duration::nanoseconds(ends_.top().key));
}

void FairSharing::take_ended(Instant now, std::vector<std::uint64_t>& tags) {
  ended_.clear();
  // The ends of one instant are one change: rates are solved for once, when somebody asks for what comes next.
  settle(now);
  while (!ends_.empty() && ends_.top().key <= now.count()) {
    const std::uint32_t place = ends_.top().id;
    if (place < channels_.size()) {
      end_on_channel(place, now);
    } else {
      end_alone(place - static_cast<std::uint32_t>(channels_.size()), now);
    }
  }
  std::sort(ended_.begin(), ended_.end());
  for (const auto& [sequence, place] : ended_) {
    tags.push_back(flows_[place].tag);
    release(place);
  }
}

void FairSharing::end_on_channel(Channel id, Instant now) {
  ChannelClock& channel = channels_[id];
  channel.clock.advance(now);
  bool any = false;
  while (!channel.dues.empty()) {
    const ClassId first = channel.dues.top().id;
    // The first of all has ended by its own account, whatever rounding says.
    if (!end_flows(first, !any, now)) break;
    any = true;
    const Class& group = classes_[first];
    if (group.flows > 0)
      channel.dues.set(first, (group.marks.front().end - group.begun) / group.weight,
                       due_places_);
  }
  stir(id);
  still();
}

void FairSharing::end_alone(ClassId id, Instant now) {
  Class& group = classes_[id];
  group.own.advance(now);
  end_flows(id, true, now);
  if (group.flows > 0)
    set_end(end_place(id),
            group.own.when((group.marks.front().end - group.begun) / group.weight));
}

// Takes out the flows of a class that have ended by now, and the class from the heaps if none is left. Whether there were any.
bool FairSharing::end_flows(ClassId id, bool first_is_due, Instant now) {
  Class& group = classes_[id];
  const double rate = group.weight * clock_of(group).level;
  const double reached = served(group, now) + rate * (rounding_ns * 1e-9) + 1e-6;
  bool any = false;
  for (drop_stale(group); !group.marks.empty(); drop_stale(group)) {
    const Mark first = group.marks.front();
    if (first.end > reached && (any || !first_is_due)) break;
    any = true;
    std::pop_heap(group.marks.begin(), group.marks.end());
    group.marks.pop_back();
    ended_.emplace_back(first.sequence, first.flow);
    Flow& flow = flows_[first.flow];
    flow.owner = none;
    group.gone_bytes += flow.bytes;
    --group.flows;
  }
  if (!any) return false;
  levels_.set_flows(id, group.flows);
  if (group.flows == 0) retire(id);
  return true;
}

}  // namespace georep
