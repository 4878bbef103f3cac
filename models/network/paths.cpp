// What a network knows of the ways through it: channels, paths, and what a path makes of one stream.
#include <algorithm>
#include <cmath>

#include "models/network/network.hpp"
#include "models/network/sharing_model.hpp"
#include "models/network/tcp.hpp"

namespace georep {

namespace {

// The wait before a lost segment is sent again, beyond the round trip: the least that Linux allows itself.
constexpr double least_timeout_variation = 0.2;

}  // namespace

// ---- Channels: the links, then each region's egress, then each one's ingress, then the hosts' lines --------------------

double Network::channel_capacity(Bandwidth bandwidth) const {
  if (bandwidth.is_unlimited()) return FairSharing::unlimited;
  return sharing_model(plan_->model).bandwidth_factor *
         static_cast<double>(bandwidth.bits_per_second) / 8;
}

void Network::add_channels() {
  direct_.assign(plan_->regions.size() * plan_->regions.size(), LinkId::none);
  for (std::size_t i = plan_->links.size(); i-- > 0;)
    direct_[pair(plan_->links[i].from, plan_->links[i].to)] = static_cast<LinkId>(i);
  const std::vector<Bandwidth> bandwidths = channel_bandwidths();
  sharing_.reserve_channels(bandwidths.size());
  for (const Bandwidth bandwidth : bandwidths) sharing_.add_channel(channel_capacity(bandwidth));
}

std::vector<Bandwidth> Network::channel_bandwidths() const {
  std::vector<Bandwidth> result;
  result.reserve(plan_->links.size() + 2 * plan_->regions.size() + plan_->lines.size());
  for (const auto& link : plan_->links) result.push_back(link.bandwidth);
  for (const auto& region : plan_->regions) result.push_back(region.egress);
  for (const auto& region : plan_->regions) result.push_back(region.ingress);
  for (const Bandwidth line : plan_->lines) result.push_back(line);
  return result;
}

FairSharing::Channel Network::egress_channel(RegionId region) const {
  return static_cast<FairSharing::Channel>(plan_->links.size()) + index(region);
}

FairSharing::Channel Network::ingress_channel(RegionId region) const {
  return static_cast<FairSharing::Channel>(plan_->links.size() + plan_->regions.size()) +
         index(region);
}

FairSharing::Channel Network::line_channel(LineId line) const {
  return static_cast<FairSharing::Channel>(plan_->links.size() + 2 * plan_->regions.size()) +
         index(line);
}

// ---- Paths ---------------------------------------------------------------------------------------------------------

std::size_t Network::PathKeyHash::operator()(const PathKey& key) const {
  std::uint64_t hash = index(key.from);
  for (const std::uint64_t part :
       {std::uint64_t{index(key.to)}, std::uint64_t{index(key.upload)}, std::uint64_t{index(key.download)}})
    hash = (hash ^ part) * 0x9E37'79B9'7F4A'7C15 + (hash >> 29);
  return hash ^ (hash >> 32);
}

void Network::forget_paths() {
  paths_.clear();
  path_between_.assign(direct_.size(), unknown_path);
  path_over_lines_.clear();
}

const Network::Path& Network::path(RegionId from, RegionId to) const {
  std::uint32_t& known = path_between_[pair(from, to)];
  if (known == unknown_path) known = find_path({from, to, LineId::none, LineId::none});
  return paths_[known];
}

const Network::Path& Network::path(const PathKey& key) const {
  if (key.upload == LineId::none && key.download == LineId::none) return path(key.from, key.to);
  if (const auto known = path_over_lines_.find(key); known != path_over_lines_.end())
    return paths_[known->second];
  const std::uint32_t found = find_path(key);
  path_over_lines_.emplace(key, found);
  return paths_[found];
}

std::vector<LinkId> Network::find_links(RegionId from, RegionId to) const {
  const LinkId direct = direct_[pair(from, to)];
  if (direct != LinkId::none && !down_[index(direct)]) return {direct};
  return least_latency_route(*plan_, rtt_, down_, from, to);
}

std::uint32_t Network::find_path(const PathKey& key) const {
  Path result;
  const std::vector<LinkId> links = find_links(key.from, key.to);
  result.reachable = key.from == key.to || !links.empty();
  if (result.reachable) {
    const std::vector<FairSharing::Hop> way = hops(key, links);
    result.route = sharing_.route(way);
    result.rule = rule_of(way);
    result.rtt = result.rule.rtt;
    const std::int64_t half = (result.rtt.count() + 1) / 2;
    const double factor = sharing_model(plan_->model).latency_factor;
    result.latency = Duration::nanoseconds(
        factor == 1 ? half
                    : static_cast<std::int64_t>(std::ceil(static_cast<double>(half) * factor)));
  }
  paths_.push_back(result);
  return static_cast<std::uint32_t>(paths_.size() - 1);
}

std::vector<FairSharing::Hop> Network::hops(const PathKey& key,
                                            const std::vector<LinkId>& links) const {
  std::vector<FairSharing::Hop> result;
  for (const LinkId link : links) result.push_back({index(link)});
  if (key.from != key.to) {
    result.push_back({egress_channel(key.from)});
    result.push_back({ingress_channel(key.to)});
  }
  if (key.upload != LineId::none) result.push_back({line_channel(key.upload)});
  if (key.download != LineId::none) result.push_back({line_channel(key.download)});
  const double acknowledgements = sharing_model(plan_->model).acknowledgements;
  if (acknowledgements > 0 && key.from != key.to) {
    for (const LinkId link : find_links(key.to, key.from))
      result.push_back({index(link), acknowledgements});
    result.push_back({egress_channel(key.to), acknowledgements});
    result.push_back({ingress_channel(key.from), acknowledgements});
  }
  return result;
}

Network::StreamRule Network::rule_of(const std::vector<FairSharing::Hop>& hops) const {
  const SharingModel model = sharing_model(plan_->model);
  StreamRule result;
  double inverse_bandwidth = 0;
  bool local = true;
  for (const FairSharing::Hop& hop : hops) {
    const double capacity = sharing_.capacity(hop.channel);
    result.limited = result.limited || capacity < FairSharing::unlimited;
    if (hop.consumption < 1) continue;
    inverse_bandwidth += model.bandwidth_factor / capacity;
    if (hop.channel >= links_.size()) continue;
    local = false;
    result.rtt += rtt_[hop.channel];
  }
  if (local) result.rtt = plan_->local_rtt;
  const double rtt = result.rtt.seconds();
  if (rtt <= 0) return result;
  if (plan_->stream_window) result.cap = static_cast<double>(plan_->stream_window->count) / rtt;
  if (model.window_bytes > 0)
    result.cap = std::min(result.cap, model.bandwidth_factor * model.window_bytes / rtt);
  if (model.by_latency) result.weight = 1 / (rtt / 2 + model.weight_bytes * inverse_bandwidth);
  result.cap = std::min(result.cap, loss_cap(hops, result.rtt));
  result.limited = result.limited || result.cap < FairSharing::unlimited;
  return result;
}

// What the loss on the way leaves of a stream, by the law of the link that loses most.
double Network::loss_cap(const std::vector<FairSharing::Hop>& hops, Duration rtt) const {
  double delivered = 1;
  double most = 0;
  LossLaw law = LossLaw::mathis;
  for (const FairSharing::Hop& hop : hops) {
    if (hop.channel >= links_.size() || hop.consumption < 1) continue;
    const NetworkPlan::Link& link = links_[hop.channel];
    delivered *= 1 - link.loss;
    if (link.loss <= most) continue;
    most = link.loss;
    law = link.loss_law;
  }
  if (most <= 0) return FairSharing::unlimited;
  tcp::LossyStream stream;
  stream.round_trip = rtt.seconds();
  stream.loss = 1 - delivered;
  stream.retransmit_timeout = stream.round_trip + least_timeout_variation;
  if (plan_->stream_window)
    stream.most_segments = static_cast<double>(plan_->stream_window->count) / tcp::segment_bytes;
  switch (law) {
    case LossLaw::mathis: return tcp::mathis_rate(stream);
    case LossLaw::pftk: return tcp::pftk_rate(stream);
    case LossLaw::cubic: return tcp::cubic_rate(stream);
  }
  return FairSharing::unlimited;
}

}  // namespace georep
