// The network in a run: messages that take half a round trip, transfers that share links max-min fairly, links that fail and degrade.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "models/facts/event_kinds.hpp"
#include "models/network/fair_sharing.hpp"
#include "models/network/ids.hpp"
#include "models/network/topology.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace georep {

enum class TransferOutcome : std::uint8_t {
  complete,
  broken,  ///< a link of its route failed on the way, or there was no route, or it was cancelled
};

/// What travels on one connection arrives in order.
class Connection {
 public:
  Connection() = default;
  /// `name`: a stable number, the key of the connection's random draws.
  explicit Connection(std::uint64_t name) : name_{name} {}
  std::uint64_t name() const { return name_; }

 private:
  friend class Network;
  std::uint64_t name_ = 0;
  std::uint64_t messages_ = 0;
  Deadline last_arrival_;
};

class TransferCanceller;

struct TransferRequest {
  RegionId from = RegionId::none;
  RegionId to = RegionId::none;
  std::int64_t bytes = 0;
  LineId upload = LineId::none;
  LineId download = LineId::none;
  std::uint64_t name = 0;  ///< a stable number of this transfer
  TransferCanceller* canceller = nullptr;  ///< there when the transfer begins; null: nobody's
};

class Network {
 public:
  Network(Simulation& simulation, const NetworkPlan& plan);
  ~Network();

  /// Back to the plan, for the next run.
  void reset();

  /// Whether any transfer has taken time in this run that depended on the others.
  bool had_transfers() const { return !transfers_.empty() || (altered_ && took_any_share_); }

  /// For a search that looks at all timings: from the next run on a transfer takes any time between that of being alone, and that of sharing each channel
  /// with all transfers that use it in the run, whenever they do. It is certain to get that much of a max-min fair share. Does
  /// nothing where sharing is not of that kind: with slow start, unequal weights, or links that change in the run.
  void take_any_share() { any_share_ = true; }
  /// Whether a channel had more transfers in this run than in any before, so that bounds that were drawn earlier are too narrow.
  bool had_more_transfers() const { return more_transfers_; }

  bool reachable(RegionId from, RegionId to) const;
  /// The least round trip now; inside a region the local one. The regions must be reachable.
  Duration round_trip(RegionId from, RegionId to) const;

  /// When a message that is sent now arrives: half a round trip, with jitter, never before what the connection carried earlier.
  Deadline arrival(Connection& connection, RegionId from, RegionId to);

  /// Moves bytes from now on, and is to be awaited at once; done when the last one has left. No latency. Unlimited everywhere: done
  /// at this instant.
  Task<TransferOutcome> transfer(const TransferRequest& request);

  /// Goes by another plan from now on, of the same regions, links and lines. It must outlive the run. Degraded links are as it says.
  void follow(const NetworkPlan& plan);

  void fail_link(RegionId a, RegionId b);
  void restore_link(RegionId a, RegionId b);
  /// Changes what is given of a link, in both directions.
  void degrade_link(RegionId a, RegionId b, std::optional<Bandwidth> bandwidth,
                    std::optional<Duration> rtt, std::optional<Ratio> loss);
  /// Back to what the plan says of a link.
  void restore_link_quality(RegionId a, RegionId b);

  const std::string& region_name(RegionId region) const {
    return plan_->regions[index(region)].name;
  }
  /// Transfers under way.
  std::size_t transfers() const { return sharing_.flows(); }
  Bandwidth link_bandwidth(LinkId link) const { return links_[index(link)].bandwidth; }
  /// Bytes that have been carried by a link so far.
  double link_bytes(LinkId link) const;
  /// Bytes that have left a region for others so far.
  double egress_bytes(RegionId region) const;

 private:
  friend class TransferCanceller;
  struct Transfer;
  /// What the links of a route and its model make of one stream.
  struct StreamRule {
    Duration rtt;
    double cap = FairSharing::unlimited;  // bytes a second
    double weight = 1;
    bool limited = false;  // by its cap or by a channel
  };
  struct Path {
    bool reachable = false;
    Duration rtt;
    Duration latency;  // of a message, one way
    FairSharing::RouteId route{};
    StreamRule rule;
  };
  struct PathKey {
    RegionId from;
    RegionId to;
    LineId upload;
    LineId download;
    bool operator==(const PathKey&) const = default;
  };
  struct PathKeyHash {
    std::size_t operator()(const PathKey& key) const;
  };
  /// Calls a member function when it comes.
  template <void (Network::*happen)()>
  class NetworkEvent : public Event {
   public:
    explicit NetworkEvent(Network& network)
        : Event{&on_time, event_kind::transfer}, network_{network} {}

   private:
    static void on_time(Simulation&, Event& event) {
      (static_cast<NetworkEvent&>(event).network_.*happen)();
    }
    Network& network_;
  };

  void withdraw_events();
  void add_channels();
  std::vector<Bandwidth> channel_bandwidths() const;
  double channel_capacity(Bandwidth bandwidth) const;
  FairSharing::Channel egress_channel(RegionId region) const;
  FairSharing::Channel ingress_channel(RegionId region) const;
  FairSharing::Channel line_channel(LineId line) const;

  const Path& path(const PathKey& key) const;
  const Path& path(RegionId from, RegionId to) const;
  std::uint32_t find_path(const PathKey& key) const;
  std::vector<LinkId> find_links(RegionId from, RegionId to) const;
  std::size_t pair(RegionId from, RegionId to) const {
    return index(from) * plan_->regions.size() + index(to);
  }
  std::vector<FairSharing::Hop> hops(const PathKey& key, const std::vector<LinkId>& links) const;
  StreamRule rule_of(const std::vector<FairSharing::Hop>& hops) const;
  double loss_cap(const std::vector<FairSharing::Hop>& hops, Duration rtt) const;
  void forget_paths();

  void set_link(RegionId a, RegionId b, const std::function<void(std::size_t)>& change);
  void apply_rules_again();
  void apply_rule(Transfer& transfer);
  bool starts_slowly(const TransferRequest& request, const Path& way) const;
  bool may_take_any_share(const TransferRequest& request, const Path& way) const;
  Deadline end_of_any_share(const TransferRequest& request, const Path& way);
  std::int64_t bytes_to_move(const TransferRequest& request, const Path& way);
  Task<TransferOutcome> ended(TransferOutcome outcome);
  Task<TransferOutcome> complete_at(Deadline end);
  Task<TransferOutcome> move(const Path& way, std::int64_t bytes, bool slow_start,
                             TransferCanceller* canceller);
  Task<void> grow_window(Transfer& transfer);
  void enter(Transfer& transfer);
  bool knows(const Transfer& transfer) const;
  void leave(Transfer& transfer);
  void changed();
  void share();
  void end_transfers();
  void break_off(Transfer& transfer);
  void cancel(Transfer& transfer);
  void break_transfers_over(LinkId link);

  Simulation& simulation_;
  const NetworkPlan* plan_;     // what it goes by now
  const NetworkPlan* planned_;  // what it went by at the start
  std::vector<NetworkPlan::Link> links_;  // as they are now
  std::vector<Duration> rtt_;
  std::vector<bool> down_;
  std::vector<LinkId> direct_;  // by from, then to
  bool altered_ = false;  // whether a link is or was other than planned
  // Sharing names the routes, the rest remembers paths; none of it can be seen from outside.
  mutable FairSharing sharing_;
  mutable std::vector<Path> paths_;
  mutable std::vector<std::uint32_t> path_between_;  // by from, then to; `unknown_path` until it is asked for
  mutable std::unordered_map<PathKey, std::uint32_t, PathKeyHash> path_over_lines_;
  static constexpr std::uint32_t unknown_path = 0xFFFF'FFFF;
  std::vector<Transfer*> transfers_;  // by the tag of the flow; null where free
  std::vector<std::size_t> free_tags_;
  std::vector<std::int64_t> instant_bytes_;   // of transfers that nothing limited, by link
  std::vector<std::int64_t> instant_egress_;  // likewise, by region
  std::vector<std::uint64_t> ended_;
  bool any_share_ = false;
  bool took_any_share_ = false;  // in this run
  bool more_transfers_ = false;  // in this run
  std::vector<std::uint32_t> users_;       // by channel: transfers in this run
  std::vector<std::uint32_t> most_users_;  // by channel: in any run
  NetworkEvent<&Network::share> change_event_;  // at the instant of a change, so that all changes of an event are solved as one
  NetworkEvent<&Network::end_transfers> end_event_;  // when the next transfer ends
  Instant next_end_;                                 // when that is, while it is pending
};

/// Belongs to whoever wants what a transfer brings, where somebody else waits for it to end: the transfer breaks off when this goes.
class TransferCanceller {
 public:
  TransferCanceller() = default;
  ~TransferCanceller();
  TransferCanceller(const TransferCanceller&) = delete;
  TransferCanceller& operator=(const TransferCanceller&) = delete;

 private:
  friend class Network;
  Network::Transfer* transfer_ = nullptr;  // while it is under way
};

}  // namespace georep
