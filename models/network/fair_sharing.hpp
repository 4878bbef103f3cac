// Max-min fair sharing of channels by flows (Bertsekas & Gallager, "Data Networks", section 6.5), weighted and with a cap for each flow.
// Flows of the same route, cap and weight form a class: all get the same rate, so a class keeps one clock of bytes served per flow and a heap
// of the readings at which its flows end. A change of rates touches classes, never flows, and only where a level moves.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "sim/kernel/time.hpp"

namespace georep {

class FairSharing {
 public:
  using Channel = std::uint32_t;
  /// Names a flow until it has ended or been removed.
  struct FlowId {
    std::uint32_t place = 0;
    std::uint32_t generation = 0;
  };

  static constexpr double unlimited = std::numeric_limits<double>::infinity();

  /// Adds a channel of so many bytes a second.
  Channel add_channel(double capacity);
  /// Changes a channel's capacity from now on.
  void set_capacity(Channel channel, double capacity, Instant now);
  double capacity(Channel channel) const { return channels_[channel].capacity; }

  /// Starts a flow of `bytes` (at least 1) over the channels of `route`, each named once. Its rate is at most `cap` bytes a second; its share of a
  /// channel is in proportion to `weight`. A flow that nothing limits is not for this class: route and cap may not both be without limit.
  FlowId start(const std::vector<Channel>& route, std::int64_t bytes, double cap, double weight,
               std::uint64_t tag, Instant now);

  /// Gives a flow another cap; what it has moved stays moved.
  void set_cap(FlowId flow, double cap, Instant now);

  /// Takes a flow out before its end. Yields the bytes that it has moved, rounded down.
  std::int64_t remove(FlowId flow, Instant now);

  /// When the next flow ends, on a whole nanosecond; `Instant::never()` if none does. Solves for the rates first, where something has changed.
  Instant next_end(Instant now);

  /// Takes out the flows that have ended by now, in the order of their starts, and appends their tags.
  void take_ended(Instant now, std::vector<std::uint64_t>& tags);

  /// The rate of a flow in bytes a second, as of the last solution.
  double rate(FlowId flow, Instant now);

  std::size_t flows() const { return active_flows_; }
  /// Bytes that a channel has carried so far.
  double carried(Channel channel, Instant now) const;

  /// No flows, nothing carried; channels stay with the capacities that they were added with.
  void reset();

 private:
  using ClassId = std::uint32_t;
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  struct ChannelState {
    double capacity = unlimited;
    double planned = unlimited;
    bool dirty = false;
    std::vector<ClassId> classes;     // those with flows
    std::vector<ClassId> ever_used;   // those whose flows were ever carried
  };
  struct Mark {
    double end;  // the reading of the class's clock at which the flow ends
    std::uint64_t sequence;
    std::uint64_t joining;  // which joining of the flow to a class this is
    std::uint32_t flow;
    bool operator<(const Mark& other) const {
      return end != other.end ? end > other.end : sequence > other.sequence;
    }
  };
  /// What filling a channel reads of a class, close together.
  struct Demand {
    double share = 0;          // flows x weight
    double cap_level = unlimited;
    const Channel* route = nullptr;
    std::uint32_t hops = 0;
  };
  struct Class {
    std::vector<Channel> route;
    double weight = 1;
    double cap = unlimited;
    std::uint32_t flows = 0;
    double level = 0;  // share per unit of weight
    double rate = 0;   // of each flow
    double clock = 0;  // bytes served per flow since the class was last empty
    Instant set_at;    // when the clock was last moved
    double ended_bytes = 0;
    double removed_bytes = 0;
    bool changed = false;
    std::vector<Mark> marks;  // a heap, the earliest end first; entries of removed flows are passed over
    std::uint32_t heap_place = none;
    Instant ends_at = Instant::never();
  };
  struct Flow {
    ClassId owner = none;
    std::uint32_t generation = 0;
    bool active = false;
    std::int64_t bytes = 0;
    double begun = 0;  // the class's clock when it joined, less what it had moved before
    std::uint64_t sequence = 0;
    std::uint64_t joining = 0;
    std::uint64_t tag = 0;
  };
  bool stands(const Mark& mark) const {
    const Flow& flow = flows_[mark.flow];
    return flow.active && flow.joining == mark.joining && flow.owner != none;
  }

  ClassId class_of(const std::vector<Channel>& route, double cap, double weight);
  void join(std::uint32_t flow, ClassId id, double moved, Instant now);
  double leave(std::uint32_t flow, Instant now);
  void move_clock(Class& group, Instant now);
  void rebase(Class& group);
  void mark_dirty(Channel channel);
  void mark_changed(ClassId id);
  void population_changed(ClassId id);
  double level_elsewhere(const Demand& demand, Channel channel) const;
  double fill(Channel channel);
  void solve(Instant now);
  void apply_levels(Instant now);
  Instant end_of_first(Class& group);
  void drop_removed(Class& group);

  // A heap of classes by the time of their next end.
  void heap_update(ClassId id, Instant ends_at);
  void heap_up(std::uint32_t place);
  void heap_down(std::uint32_t place);
  bool ends_before(ClassId a, ClassId b) const;

  std::vector<ChannelState> channels_;
  std::vector<double> levels_;  // by channel: the share per unit of weight that it allows
  std::vector<Class> classes_;
  std::vector<Demand> demands_;  // by class
  std::vector<std::pair<double, double>> filling_;  // of the channel being filled: what a class may have elsewhere, and its share
  std::map<std::pair<std::vector<Channel>, std::pair<double, double>>, ClassId> class_by_key_;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> free_flows_;
  std::vector<std::pair<double, Channel>> dirty_;  // a heap, the lowest level first
  std::vector<ClassId> changed_;
  std::vector<ClassId> heap_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ended_;
  std::size_t active_flows_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t joinings_ = 0;
};

}  // namespace georep
