// Regions, the links between them, and the routes that messages and bytes take: the immutable half of the network.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/network/ids.hpp"
#include "models/network/spec.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

struct NetworkPlan {
  struct Region {
    std::string name;
    Bandwidth egress;
    Bandwidth ingress;
    std::optional<Location> location;
  };
  /// One direction of a link.
  struct Link {
    RegionId from;
    RegionId to;
    Duration rtt;
    Bandwidth bandwidth;
    double loss = 0;
    LossLaw loss_law = LossLaw::mathis;
  };

  std::vector<Region> regions;
  std::vector<Link> links;
  std::vector<Bandwidth> lines;  ///< the hosts' own lines
  NetworkModel model = NetworkModel::flow;
  Duration local_rtt;
  double jitter = 0;
  std::optional<Bytes> stream_window;
  bool slow_start = false;

  /// A line of a host, as it is added to the plan.
  LineId add_line(Bandwidth bandwidth);
  /// The link that leads straight from one region to another, or nothing.
  std::optional<LinkId> direct(RegionId from, RegionId to) const;
};

/// The measured round trip between two regions of a cloud, each by its place among the preset's regions, or nothing.
using MeasuredRoundTrip = std::function<std::optional<Duration>(std::size_t from, std::size_t to)>;

/// What a spec's regions and links come to. `preset_regions` are the names of a preset's regions in order, empty without one; between
/// any two of them there is a link with the measured round trip, which the spec's own links override.
NetworkPlan compile_network(const NetworkSpec& spec, const std::vector<std::string>& preset_regions,
                            const MeasuredRoundTrip& measured);

/// The links from one region to another: the direct one, else the way of least latency, then of fewest hops, then by the names of the
/// regions on it. Empty where there is no way or the two are one. `down` marks links that are not to be taken.
std::vector<LinkId> least_latency_route(const NetworkPlan& plan, const std::vector<Duration>& rtt,
                                        const std::vector<bool>& down, RegionId from, RegionId to);

/// The spanning tree of least total latency over those regions, as pairs. Each pair's latency is that of its least-latency route.
std::vector<std::pair<RegionId, RegionId>> least_latency_tree(const NetworkPlan& plan,
                                                              const std::vector<RegionId>& regions);

}  // namespace georep
