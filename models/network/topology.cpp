#include "models/network/topology.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/kruskal_min_spanning_tree.hpp>

namespace georep {

LineId NetworkPlan::add_line(Bandwidth bandwidth) {
  if (bandwidth.is_unlimited()) return LineId::none;
  lines.push_back(bandwidth);
  return static_cast<LineId>(lines.size() - 1);
}

std::optional<LinkId> NetworkPlan::direct(RegionId from, RegionId to) const {
  for (std::size_t i = 0; i < links.size(); ++i)
    if (links[i].from == from && links[i].to == to) return static_cast<LinkId>(i);
  return std::nullopt;
}

namespace {

RegionId find_region(const NetworkPlan& plan, const std::string& name) {
  for (std::size_t i = 0; i < plan.regions.size(); ++i)
    if (plan.regions[i].name == name) return static_cast<RegionId>(i);
  return RegionId::none;
}

void add_regions(NetworkPlan& plan, const NetworkSpec& spec,
                 const std::vector<std::string>& preset_regions) {
  for (const std::string& name : preset_regions)
    plan.regions.push_back({name, spec.egress, spec.ingress, std::nullopt});
  for (const RegionSpec& region : spec.regions) {
    RegionId id = find_region(plan, region.name);
    if (id == RegionId::none) {
      id = static_cast<RegionId>(plan.regions.size());
      plan.regions.push_back({region.name, spec.egress, spec.ingress, std::nullopt});
    }
    NetworkPlan::Region& planned = plan.regions[index(id)];
    if (region.egress) planned.egress = *region.egress;
    if (region.ingress) planned.ingress = *region.ingress;
    planned.location = region.location;
  }
}

void add_link(NetworkPlan& plan, const NetworkSpec& spec, RegionId from, RegionId to,
              const LinkSpec& link) {
  NetworkPlan::Link* planned = nullptr;
  if (const auto known = plan.direct(from, to)) {
    planned = &plan.links[index(*known)];
  } else {
    plan.links.push_back({from, to, Duration{}, spec.bandwidth});
    planned = &plan.links.back();
  }
  if (link.rtt) planned->rtt = *link.rtt;
  if (link.bandwidth) planned->bandwidth = *link.bandwidth;
  if (link.loss) planned->loss = link.loss->value;
  planned->loss_law = link.loss_law;
}

}  // namespace

NetworkPlan compile_network(const NetworkSpec& spec, const std::vector<std::string>& preset_regions,
                            const MeasuredRoundTrip& measured) {
  NetworkPlan plan;
  plan.model = spec.model;
  plan.local_rtt = spec.local_rtt;
  plan.jitter = spec.jitter.value;
  plan.stream_window = spec.stream_window;
  plan.slow_start = spec.slow_start;
  add_regions(plan, spec, preset_regions);
  for (std::size_t a = 0; a < preset_regions.size(); ++a)
    for (std::size_t b = 0; b < preset_regions.size(); ++b) {
      if (a == b) continue;
      if (const auto rtt = measured(preset_regions[a], preset_regions[b]))
        plan.links.push_back(
            {static_cast<RegionId>(a), static_cast<RegionId>(b), *rtt, spec.bandwidth});
    }
  for (const LinkSpec& link : spec.links) {
    const RegionId from = find_region(plan, link.from());
    const RegionId to = find_region(plan, link.to());
    add_link(plan, spec, from, to, link);
    if (!link.one_way()) add_link(plan, spec, to, from, link);
  }
  return plan;
}

std::vector<LinkId> least_latency_route(const NetworkPlan& plan, const std::vector<Duration>& rtt,
                                        const std::vector<bool>& down, RegionId from, RegionId to) {
  if (from == to) return {};
  if (const auto direct = plan.direct(from, to); direct && !down[index(*direct)]) return {*direct};
  // Ways in order of latency, then hops, then the names on them; the first that reaches a region is the best to it.
  using Names = std::vector<std::string>;
  using Way = std::tuple<Duration, std::size_t, Names, std::vector<LinkId>, RegionId>;
  std::vector<Way> open{{Duration{}, 0, {}, {}, from}};
  std::vector<bool> reached(plan.regions.size());
  while (!open.empty()) {
    const auto best = std::min_element(open.begin(), open.end());
    const Way way = *best;
    open.erase(best);
    const auto& [latency, hops, names, links, region] = way;
    if (region == to) return links;
    if (reached[index(region)]) continue;
    reached[index(region)] = true;
    for (std::size_t i = 0; i < plan.links.size(); ++i) {
      if (plan.links[i].from != region || down[i]) continue;
      Names further = names;
      further.push_back(plan.regions[index(plan.links[i].to)].name);
      std::vector<LinkId> taken = links;
      taken.push_back(static_cast<LinkId>(i));
      open.emplace_back(latency + rtt[i], hops + 1, std::move(further), std::move(taken),
                        plan.links[i].to);
    }
  }
  return {};
}

std::vector<std::pair<RegionId, RegionId>> least_latency_tree(
    const NetworkPlan& plan, const std::vector<RegionId>& regions) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                      boost::no_property,
                                      boost::property<boost::edge_weight_t, std::int64_t>>;
  std::vector<Duration> rtt;
  for (const auto& link : plan.links) rtt.push_back(link.rtt);
  const std::vector<bool> down(plan.links.size());
  Graph graph{regions.size()};
  for (std::size_t a = 0; a < regions.size(); ++a) {
    for (std::size_t b = a + 1; b < regions.size(); ++b) {
      const auto route = least_latency_route(plan, rtt, down, regions[a], regions[b]);
      if (route.empty()) continue;
      std::int64_t latency = 0;
      for (const LinkId link : route) latency += rtt[index(link)].count();
      boost::add_edge(a, b, latency, graph);
    }
  }
  std::vector<boost::graph_traits<Graph>::edge_descriptor> tree;
  boost::kruskal_minimum_spanning_tree(graph, std::back_inserter(tree));
  std::vector<std::pair<RegionId, RegionId>> result;
  for (const auto& edge : tree)
    result.emplace_back(regions[boost::source(edge, graph)], regions[boost::target(edge, graph)]);
  return result;
}

}  // namespace georep
