// Flows that share channels max-min fairly, weighted and with a cap for each flow, and when they end. Flows of the same route, cap and weight form
// a class: all get the same rate, so a class keeps one clock of bytes served per flow and a heap of the readings at which its flows end.
// Classes that are held by the same channel follow the channel's clock, in share per unit of weight: when its level moves, the
// order of their ends stays. A change of rates thus touches channels, never flows, and only where a level moves.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/network/indexed_heap.hpp"
#include "models/network/water_levels.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

class FairSharing {
 public:
  using Channel = WaterLevels::Channel;
  using Hop = WaterLevels::Hop;
  enum class RouteId : std::uint32_t {};
  /// Names a flow until it has ended or been removed.
  struct FlowId {
    std::uint32_t place = 0;
    std::uint32_t generation = 0;
  };

  static constexpr double unlimited = WaterLevels::unlimited;

  /// Makes room for so many channels: a cloud has thousands, and growing step by step costs a small run much of its start.
  void reserve_channels(std::size_t count);
  /// Adds a channel of so many bytes a second. All channels are there before the first flow.
  Channel add_channel(double capacity);
  /// Changes a channel's capacity from now on.
  void set_capacity(Channel channel, double capacity) { levels_.set_capacity(channel, capacity); }
  double capacity(Channel channel) const { return levels_.capacity(channel); }

  /// Names a route. Each channel stands once in it; a hop that takes less than each byte carries acknowledgements and counts no bytes. The same hops
  /// have the same name.
  RouteId route(const std::vector<Hop>& hops);
  const std::vector<Hop>& hops(RouteId route) const { return *routes_[index(route)]; }

  /// Starts a flow of `bytes` (at least 1). Its rate is at most `cap` bytes a second; its share of a channel is in proportion to `weight`. A
  /// flow that nothing limits ends within a nanosecond.
  FlowId start(RouteId route, std::int64_t bytes, double cap, double weight, std::uint64_t tag,
               Instant now);

  /// Gives a flow another cap and weight; what it has moved stays moved.
  void set_limits(FlowId flow, double cap, double weight, Instant now);

  /// Takes a flow out before its end. Yields the bytes that it has moved, rounded down.
  std::int64_t remove(FlowId flow, Instant now);

  /// When the next flow ends, on a whole nanosecond, or one before `Instant::never()` where time ends first; `never` if none moves. Solves for the
  /// rates first, where something has changed.
  Instant next_end(Instant now);

  /// Takes out the flows that have ended by now, in the order of their starts, and appends their tags.
  void take_ended(Instant now, std::vector<std::uint64_t>& tags);

  /// The rate of a flow in bytes a second, solved for if something has changed.
  double rate(FlowId flow, Instant now);
  /// What a flow has still to move, in bytes.
  double bytes_left(FlowId flow, Instant now) const;

  std::size_t flows() const { return active_flows_; }
  /// Bytes that a channel has carried so far.
  double carried(Channel channel, Instant now) const;

  /// No flows, nothing carried; channels stay with the capacities that they were added with, routes with their names.
  void reset();

 private:
  using ClassId = WaterLevels::ClassId;
  static constexpr std::uint32_t none = WaterLevels::none;

  /// A clock of what is served per unit of weight.
  struct Clock {
    double served = 0;
    double level = 0;
    Instant set_at;

    double reading(Instant now) const {
      return served + level * (now - set_at).seconds();
    }
    void advance(Instant now) {
      served = reading(now);
      set_at = now;
    }
    Instant when(double due) const;
  };
  struct ChannelClock {
    Clock clock;
    double most_weight = 0;     // of the classes that follow it
    IndexedHeap<double> dues;   // classes that follow it, by the reading at which their first flow ends
    bool stirred = false;       // its first end is to be worked out anew
    std::int64_t carried = 0;   // bytes of flows that are gone, less those that their classes still count
  };
  struct Mark {
    double end;  // the reading of the class's clock at which the flow ends
    std::uint64_t sequence;
    std::uint32_t flow;
    std::uint32_t joining;  // which joining of the flow to a class this is
    // For the heap of the standard library, whose first is the greatest.
    bool operator<(const Mark& other) const {
      return end != other.end ? end > other.end : sequence > other.sequence;
    }
  };
  struct Class {
    RouteId route{};
    double cap = unlimited;
    double weight = 1;
    std::uint32_t flows = 0;
    std::uint32_t stale = 0;     // marks of flows that have left
    Channel follows = none;      // the channel whose clock it follows; `none`: its own
    double begun = 0;            // its bytes served per flow when the clock that it follows stood at 0
    Clock own;
    std::int64_t gone_bytes = 0;  // moved by flows that are gone, since the class was last empty
    std::vector<Mark> marks;      // a heap, the earliest end first
  };
  struct Flow {
    std::int64_t bytes = 0;
    double begun = 0;  // the class's clock when it joined, less what it had moved before
    std::uint64_t sequence = 0;
    std::uint64_t tag = 0;
    ClassId owner = none;
    std::uint32_t generation = 0;
    std::uint32_t joining = 0;
  };
  struct Key {
    RouteId route;
    double cap;
    double weight;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  static constexpr std::uint32_t index(RouteId route) { return static_cast<std::uint32_t>(route); }
  std::uint32_t end_place(ClassId id) const {
    return static_cast<std::uint32_t>(channels_.size()) + id;
  }
  bool stands(const Mark& mark) const {
    const Flow& flow = flows_[mark.flow];
    return flow.joining == mark.joining && flow.owner != none;
  }
  const Clock& clock_of(const Class& group) const {
    return group.follows == none ? group.own : channels_[group.follows].clock;
  }
  double served(const Class& group, Instant now) const {
    return group.begun + group.weight * clock_of(group).reading(now);
  }

  Flow& known(FlowId id);
  ClassId class_of(RouteId route, double cap, double weight);
  void recycle_classes();
  void join(std::uint32_t place, ClassId id, double moved, Instant now);
  double leave(std::uint32_t place, Instant now);
  void release(std::uint32_t place);
  void retire(ClassId id);
  void drop_stale(Class& group);
  void set_back(Class& group, double reading);

  void settle(Instant now);
  void follow(ClassId id, Channel channel, Instant now);
  void place(ClassId id, Instant now);
  void stir(Channel channel);
  void still();
  void set_end(std::uint32_t place, Instant end);
  void set_back_clock(ChannelClock& channel);
  void end_on_channel(Channel channel, Instant now);
  void end_alone(ClassId id, Instant now);
  bool end_flows(ClassId id, bool first_is_due, Instant now);

  WaterLevels levels_;
  std::vector<ChannelClock> channels_;
  std::map<std::vector<Hop>, RouteId> route_names_;
  std::vector<const std::vector<Hop>*> routes_;  // the keys of route_names_
  std::vector<Class> classes_;
  std::unordered_map<Key, ClassId, KeyHash> class_by_key_;
  std::vector<ClassId> free_classes_;
  std::size_t idle_classes_ = 0;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> free_flows_;
  IndexedHeap<std::int64_t> ends_;  // clocks by the instant of their next end: channels, then classes that follow their own
  HeapPlaces end_places_;
  HeapPlaces due_places_;  // of classes in the heaps of the channels that they follow
  std::vector<Channel> stirred_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ended_;
  std::size_t active_flows_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace georep
