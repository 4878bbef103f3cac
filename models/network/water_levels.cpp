#include "models/network/water_levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

// Levels that differ by less are the same: what is left of rounding after a fixed point has been reached.
constexpr double same = 1e-12;

// A channel is contended when its classes may ask for this much of it, and again uncontended when they ask for less than that. The first leaves
// room for rounding, the second keeps a channel from going to and fro.
constexpr double contended_from = 1 - 1e-6;
constexpr double uncontended_below = 0.75;

bool differs(double a, double b) {
  if (a == b) return false;
  return std::isinf(a) || std::isinf(b) || std::abs(a - b) > same * std::abs(b);
}

// Sums run in four lanes, added in one fixed order, so that they are quick and yet the same whatever the compiler makes of them.
constexpr std::size_t lanes = 4;
double folded(const std::array<double, lanes>& sums) {
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

void WaterLevels::reserve_channels(std::size_t count) {
  channels_.reserve(count);
  levels_.reserve(count + 1);
  dirty_places_.reserve(count);
}

WaterLevels::Channel WaterLevels::add_channel(double capacity) {
  GEOREP_ASSERT(capacity > 0, "a channel carries something");
  ChannelState state;
  state.capacity = state.planned = capacity;
  channels_.push_back(std::move(state));
  levels_.push_back(unlimited);
  dirty_places_.push_back(no_heap_place);
  return static_cast<Channel>(channels_.size() - 1);
}

void WaterLevels::set_capacity(Channel channel, double capacity) {
  GEOREP_ASSERT(capacity > 0, "a channel carries something");
  ChannelState& state = channels_[channel];
  if (state.capacity == capacity) return;
  state.capacity = capacity;
  if (capacity == unlimited && state.contended) set_contended(channel, false);
  add_up_demand(state);
  for (const Member& member : state.members) mark_stale(member.id);
  refresh_stale();
  mark_dirty(channel);
}

void WaterLevels::add_up_demand(ChannelState& state) {
  state.demand = 0;
  if (state.capacity == unlimited) return;
  for (const Member& member : state.members) state.demand += demand_of(member, state);
}

void WaterLevels::define(ClassId id, const std::vector<Hop>& route, double weight, double cap) {
  if (id == classes_.size()) {
    classes_.emplace_back();
    limits_.push_back(none);
  }
  ClassState& state = classes_[id];
  GEOREP_ASSERT(state.flows == 0, "a class is defined while it has no flows");
  state.weight = weight;
  state.cap_level = cap / weight;
  state.hops.clear();
  for (const Hop& hop : route) state.hops.push_back({hop.channel, 0, hop.consumption});
}

void WaterLevels::set_flows(ClassId id, std::uint32_t flows) {
  ClassState& state = classes_[id];
  const std::uint32_t before = state.flows;
  if (flows == before) return;
  state.flows = flows;
  if (before == 0) enter(id);
  if (flows > 0) {
    mark_stale(id);
  } else {
    leave(id);
  }
  refresh_stale();
}

void WaterLevels::enter(ClassId id) {
  limits_[id] = none;
  for (HopPlace& hop : classes_[id].hops) {
    ChannelState& channel = channels_[hop.channel];
    hop.place = static_cast<std::uint32_t>(channel.members.size());
    Member member;
    member.id = id;
    channel.members.push_back(member);
    // Whoever had the channel alone shares it now: it may have been what limits the class.
    if (channel.members.size() == 2 && channel.demand >= channel.capacity * contended_from)
      mark_stale(channel.members[0].id);
  }
}

void WaterLevels::leave(ClassId id) {
  for (const HopPlace& hop : classes_[id].hops) {
    ChannelState& channel = channels_[hop.channel];
    const Member gone = channel.members[hop.place];
    const Member last = channel.members.back();
    channel.members[hop.place] = last;
    channel.members.pop_back();
    if (last.id != id) {
      for (HopPlace& moved : classes_[last.id].hops)
        if (moved.channel == hop.channel) moved.place = hop.place;
    }
    if (channel.capacity == unlimited) continue;
    change_demand(hop.channel, -demand_of(gone, channel));
    if (channel.members.empty()) channel.demand = 0;
    mark_dirty(hop.channel);
  }
  queue(id);
}

void WaterLevels::mark_stale(ClassId id) {
  if (classes_[id].stale) return;
  classes_[id].stale = true;
  stale_.push_back(id);
}

void WaterLevels::refresh_stale() {
  for (std::size_t i = 0; i < stale_.size(); ++i) {
    classes_[stale_[i]].stale = false;
    refresh(stale_[i]);
  }
  stale_.clear();
}

// Works out what filling reads of a class. Its channels are to be filled anew.
void WaterLevels::refresh(ClassId id) {
  ClassState& state = classes_[id];
  const double share = state.flows * state.weight;
  double ceiling = state.cap_level;
  std::array<Channel, 2> contended{none, none};
  std::uint32_t count = 0;
  for (const HopPlace& hop : state.hops) {
    const ChannelState& channel = channels_[hop.channel];
    if (channel.contended) {
      if (count < contended.size()) contended[count] = hop.channel;
      ++count;
    } else if (channel.members.size() == 1 && channel.capacity < unlimited) {
      ceiling = std::min(ceiling, channel.capacity / (share * hop.consumption));
    }
  }
  state.ceiling = ceiling;
  state.contended_hops = count;
  for (const HopPlace& hop : state.hops) {
    ChannelState& channel = channels_[hop.channel];
    if (channel.capacity == unlimited) continue;
    Member& member = channel.members[hop.place];
    const double before = demand_of(member, channel);
    member.share = share * hop.consumption;
    member.ceiling = ceiling;
    member.other = 0;
    if (count > 2) {
      member.other = several;
    } else if (count == 2) {
      member.other = (hop.channel == contended[0] ? contended[1] : contended[0]) + 1;
    }
    change_demand(hop.channel, demand_of(member, channel) - before);
    mark_dirty(hop.channel);
  }
  queue(id);
}

void WaterLevels::change_demand(Channel channel, double change) {
  ChannelState& state = channels_[channel];
  state.demand += change;
  if (!state.contended) {
    if (state.members.size() > 1 && state.demand >= state.capacity * contended_from)
      set_contended(channel, true);
  } else if (state.members.size() < 2 || state.demand < state.capacity * uncontended_below) {
    set_contended(channel, false);
  }
}

// What filling reads of the classes is no longer so. An uncontended channel limits none of several classes, whatever other channels do.
void WaterLevels::set_contended(Channel channel, bool contended) {
  ChannelState& state = channels_[channel];
  state.contended = contended;
  if (!contended) levels_[channel + 1] = unlimited;
  for (const Member& member : state.members) mark_stale(member.id);
}

void WaterLevels::queue(ClassId id) {
  if (classes_[id].queued) return;
  classes_[id].queued = true;
  queue_.push_back(id);
}

void WaterLevels::mark_dirty(Channel channel) {
  if (channels_[channel].contended && dirty_places_[channel] == no_heap_place)
    dirty_.set(channel, level(channel), dirty_places_);
}

double WaterLevels::level_elsewhere(const ClassState& state, Channel channel) const {
  double result = state.ceiling;
  for (const HopPlace& hop : state.hops)
    if (hop.channel != channel) result = std::min(result, level(hop.channel));
  return result;
}

// The level at which a channel is full when no class takes more than it may have elsewhere; none if it is never full. What classes take
// together is a concave function of the level, so that Newton's method reaches the level from below in a few steps, usually in one: when a
// step puts no class on the other side.
double WaterLevels::fill(Channel channel) {
  ChannelState& state = channels_[channel];
  const std::size_t count = state.members.size();
  elsewhere_.resize(count + lanes);
  shares_.resize(count + lanes);
  std::array<double, lanes> sums{};
  std::array<double, lanes> demands{};
  for (std::size_t i = 0; i < count; ++i) {
    const Member& member = state.members[i];
    elsewhere_[i] = member.other == several
                        ? level_elsewhere(classes_[member.id], channel)
                        : std::min(member.ceiling, levels_[member.other]);
    shares_[i] = member.share;
    sums[i % lanes] += member.share;
    demands[i % lanes] += demand_of(member, state);
  }
  state.demand = folded(demands);
  const std::size_t padded = (count + lanes - 1) / lanes * lanes;
  for (std::size_t i = count; i < padded; ++i) elsewhere_[i] = shares_[i] = 0;
  const double even = state.capacity / folded(sums);
  double level = levels_[channel + 1];
  if (!(level < unlimited)) level = even;
  for (bool rising = level == even;;) {
    std::array<double, lanes> held{};
    std::array<double, lanes> open{};
    std::array<double, lanes> most_held{};
    std::array<double, lanes> least_open{unlimited, unlimited, unlimited, unlimited};
    for (std::size_t i = 0; i < padded; i += lanes) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double may = elsewhere_[i + lane];
        const double share = shares_[i + lane];
        const bool holds = may <= level;
        held[lane] += holds ? share * may : 0.0;
        open[lane] += holds ? 0.0 : share;
        most_held[lane] = holds ? std::max(most_held[lane], may) : most_held[lane];
        least_open[lane] = holds ? least_open[lane] : std::min(least_open[lane], may);
      }
    }
    const double open_share = folded(open);
    if (!(open_share > 0)) {
      if (rising || folded(held) <= state.capacity) return unlimited;
      level = even;
      rising = true;
      continue;
    }
    const double next = (state.capacity - folded(held)) / open_share;
    const double above = *std::max_element(most_held.begin(), most_held.end());
    const double below = *std::min_element(least_open.begin(), least_open.end());
    if ((next >= above && next < below) || (rising && next <= level)) return next;
    level = std::max(next, even);
    rising = true;
  }
}

// What follows from a channel's new level for its classes and for their other channels.
void WaterLevels::spread(Channel channel, double before, double after) {
  const std::vector<Member>& members = channels_[channel].members;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    const double elsewhere = elsewhere_[i];
    if (limits_[member.id] == channel ? elsewhere < after : after < elsewhere) queue(member.id);
    const double took = std::min(elsewhere, before);
    const double takes = std::min(elsewhere, after);
    if (took == takes) continue;
    // Another channel notices only if the class took less than that channel allows, before or after.
    const double least = std::min(took, takes);
    if (member.other != several) {
      if (least < levels_[member.other] && member.other != 0) mark_dirty(member.other - 1);
      continue;
    }
    for (const HopPlace& hop : classes_[member.id].hops)
      if (hop.channel != channel && least < level(hop.channel)) mark_dirty(hop.channel);
  }
}

void WaterLevels::solve() {
  std::uint64_t fills = 0;
  while (!dirty_.empty()) {
    const Channel channel = dirty_.top().id;
    dirty_.erase(channel, dirty_places_);
    if (!channels_[channel].contended) continue;
    GEOREP_ASSERT(++fills < 100'000'000, "fair shares reach their fixed point");
    const double before = level(channel);
    const double after = fill(channel);
    if (!differs(after, before)) continue;
    levels_[channel + 1] = after;
    if (!channels_[channel].moved) {
      channels_[channel].moved = true;
      moved_.push_back(channel);
    }
    spread(channel, before, after);
  }
  for (const ClassId id : queue_)
    if (classes_[id].flows > 0) find_limit(id);
}

// A class stays with the channel that holds it while no other limit is lower.
void WaterLevels::find_limit(ClassId id) {
  const ClassState& state = classes_[id];
  if (state.contended_hops == 0) {
    limits_[id] = none;
    return;
  }
  Limit lowest{none, state.ceiling};
  for (const HopPlace& hop : state.hops)
    if (level(hop.channel) < lowest.level) lowest = {hop.channel, level(hop.channel)};
  const Limit present = limit(id);
  if (differs(present.level, lowest.level)) limits_[id] = lowest.channel;
}

void WaterLevels::forget_changes() {
  for (const Channel channel : moved_) channels_[channel].moved = false;
  for (const ClassId id : queue_) classes_[id].queued = false;
  moved_.clear();
  queue_.clear();
}

void WaterLevels::reset() {
  for (ChannelState& state : channels_) {
    state.capacity = state.planned;
    state.moved = false;
    state.contended = false;
    state.demand = 0;
    state.members.clear();
  }
  std::fill(levels_.begin(), levels_.end(), unlimited);
  std::fill(dirty_places_.begin(), dirty_places_.end(), no_heap_place);
  dirty_.clear();
  classes_.clear();
  limits_.clear();
  stale_.clear();
  queue_.clear();
  moved_.clear();
}

}  // namespace georep
