// Weighted max-min fairness (Bertsekas & Gallager, "Data Networks", section 6.5) over classes of equal flows, solved anew only where a level moves.
// A channel's level is the share per unit of weight that it allows. A class takes the least of its channels' levels and of its own ceiling: its
// cap, and what it gets of the channels that it has to itself.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "models/network/indexed_heap.hpp"

namespace georep {

class WaterLevels {
 public:
  using Channel = std::uint32_t;
  using ClassId = std::uint32_t;
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr double unlimited = std::numeric_limits<double>::infinity();

  /// A channel of a route, and how much of it each byte of the flow takes.
  struct Hop {
    Channel channel = none;
    double consumption = 1;
    friend auto operator<=>(const Hop&, const Hop&) = default;
  };
  /// What holds a class: one of its channels, or its own ceiling (`none`).
  struct Limit {
    Channel channel = none;
    double level = unlimited;
  };

  /// Makes room for so many channels in all.
  void reserve_channels(std::size_t count);
  Channel add_channel(double capacity);
  std::size_t channels() const { return channels_.size(); }
  double capacity(Channel channel) const { return channels_[channel].capacity; }
  void set_capacity(Channel channel, double capacity);

  /// Defines a class, at the first free number or anew where it has no flows. A route names each channel once.
  void define(ClassId id, const std::vector<Hop>& route, double weight, double cap);
  void set_flows(ClassId id, std::uint32_t flows);

  /// Whether nothing has changed since the last solution.
  bool settled() const { return dirty_.empty() && queue_.empty(); }
  /// Finds the levels and what holds each class. `moved` and `touched` then tell what may be different; both stay until `forget_changes`.
  void solve();
  const std::vector<Channel>& moved() const { return moved_; }
  const std::vector<ClassId>& touched() const { return queue_; }
  void forget_changes();

  double level(Channel channel) const { return levels_[channel + 1]; }
  Limit limit(ClassId id) const {
    const Channel channel = limits_[id];
    return {channel, channel == none ? classes_[id].ceiling : level(channel)};
  }

  /// The classes that have flows over a channel.
  template <class Visit>
  void visit_classes(Channel channel, Visit visit) const {
    for (const Member& member : channels_[channel].members) visit(member.id);
  }

  /// No classes; every channel as it was added.
  void reset();

 private:
  /// A class on a channel: what filling the channel reads of it, close together.
  struct Member {
    double share = 0;    // flows x weight x consumption
    double ceiling = 0;  // of the class
    std::uint32_t other = 0;  // place in levels_ of its other contended channel; `several` if there are more
    ClassId id = none;
  };
  struct ChannelState {
    double capacity = unlimited;
    double planned = unlimited;
    double demand = 0;       // what its classes ask for at most, each at most all; to within rounding
    bool contended = false;  // shared, without room for all that its classes may ask for
    bool moved = false;
    std::vector<Member> members;
  };
  struct HopPlace {
    Channel channel = none;
    std::uint32_t place = 0;  // among the channel's members
    double consumption = 1;
  };
  struct ClassState {
    double weight = 1;
    double cap_level = unlimited;
    double ceiling = unlimited;
    std::uint32_t flows = 0;
    std::uint32_t contended_hops = 0;
    bool queued = false;
    bool stale = false;
    std::vector<HopPlace> hops;
  };
  static constexpr std::uint32_t several = none;

  static double demand_of(const Member& member, const ChannelState& state) {
    return member.share * member.ceiling < state.capacity ? member.share * member.ceiling
                                                          : state.capacity;
  }
  static void add_up_demand(ChannelState& state);
  void enter(ClassId id);
  void leave(ClassId id);
  void mark_stale(ClassId id);
  void refresh_stale();
  void refresh(ClassId id);
  void change_demand(Channel channel, double change);
  void set_contended(Channel channel, bool contended);
  void queue(ClassId id);
  void mark_dirty(Channel channel);
  double level_elsewhere(const ClassState& state, Channel channel) const;
  double fill(Channel channel);
  void spread(Channel channel, double before, double after);
  void find_limit(ClassId id);

  std::vector<ChannelState> channels_;
  std::vector<double> levels_{unlimited};  // by channel, from place 1; place 0 stands for no channel
  std::vector<ClassState> classes_;
  std::vector<Channel> limits_;  // by class
  IndexedHeap<double> dirty_;
  HeapPlaces dirty_places_;
  std::vector<ClassId> stale_;
  std::vector<ClassId> queue_;
  std::vector<Channel> moved_;
  // Of the channel that is being filled, by member: what the class may have elsewhere, and its share.
  std::vector<double> elsewhere_;
  std::vector<double> shares_;
};

}  // namespace georep
