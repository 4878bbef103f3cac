// The network in a run: messages that take half a round trip, transfers that share links max-min fairly, links that fail and degrade.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "models/network/ids.hpp"
#include "models/network/topology.hpp"
#include "sim/kernel/signal.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace georep {

enum class TransferOutcome : std::uint8_t {
  complete,
  broken,  ///< a link of its route failed on the way, or there was no route
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
  Instant last_arrival_;
};

struct TransferRequest {
  RegionId from = RegionId::none;
  RegionId to = RegionId::none;
  std::int64_t bytes = 0;
  LineId upload = LineId::none;
  LineId download = LineId::none;
  std::uint64_t name = 0;  ///< a stable number of this transfer
};

class Network {
 public:
  Network(Simulation& simulation, const NetworkPlan& plan);
  ~Network();

  /// Back to the plan, for the next run.
  void reset();

  bool reachable(RegionId from, RegionId to) const;
  /// The least round trip now; inside a region the local one. The regions must be reachable.
  Duration round_trip(RegionId from, RegionId to) const;

  /// When a message that is sent now arrives: half a round trip, with jitter, never before what the connection carried earlier.
  Instant arrival(Connection& connection, RegionId from, RegionId to);

  /// Moves bytes; done when the last one has left. No latency. Unlimited everywhere: done at this instant.
  Task<TransferOutcome> transfer(TransferRequest request);

  void fail_link(RegionId a, RegionId b);
  void restore_link(RegionId a, RegionId b);
  /// Changes what is given of a link, in both directions.
  void degrade_link(RegionId a, RegionId b, std::optional<Bandwidth> bandwidth,
                    std::optional<Duration> rtt, std::optional<Ratio> loss);
  /// Back to what the plan says of a link.
  void restore_link_quality(RegionId a, RegionId b);

  /// Transfers under way.
  std::size_t transfers() const { return flows_.size(); }
  /// Bytes that have been carried by a link so far.
  double link_bytes(LinkId link) const { return link_bytes_[index(link)]; }
  /// Bytes that have left a region for others so far.
  double egress_bytes(RegionId region) const { return egress_bytes_[index(region)]; }

 private:
  struct Flow;
  struct Route {
    bool known = false;
    bool reachable = false;
    Duration rtt;
    std::vector<LinkId> links;
  };
  class CompletionEvent : public Event {
   public:
    explicit CompletionEvent(Network& network) : Event{&on_time}, network_{network} {}

   private:
    static void on_time(Simulation&, Event& event) {
      static_cast<CompletionEvent&>(event).network_.finish_due();
    }
    Network& network_;
  };

  const Route& route(RegionId from, RegionId to) const;
  void forget_routes();
  void set_link(RegionId a, RegionId b, const std::function<void(std::size_t)>& change);
  std::vector<std::size_t> channels(const TransferRequest& request) const;
  double capacity(std::size_t channel) const;
  double cap(const TransferRequest& request) const;
  void remove(Flow& flow);
  void advance();
  void share();
  void finish_due();
  void break_flows_over(LinkId link);

  Simulation& simulation_;
  const NetworkPlan& plan_;
  std::vector<NetworkPlan::Link> links_;  // as they are now
  std::vector<Duration> rtt_;
  std::vector<bool> down_;
  mutable std::vector<Route> routes_;  // by from, then to; computed when asked for
  std::vector<Flow*> flows_;           // in start order
  Instant advanced_to_;
  std::vector<double> link_bytes_;
  std::vector<double> egress_bytes_;
  CompletionEvent completion_;
};

}  // namespace georep
