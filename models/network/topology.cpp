#include "models/network/topology.hpp"

#include <algorithm>
#include <iterator>
#include <functional>
#include <limits>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
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
  plan.links.reserve(preset_regions.size() * preset_regions.size() + 2 * spec.links.size());
  for (std::size_t a = 0; a < preset_regions.size(); ++a)
    for (std::size_t b = 0; b < preset_regions.size(); ++b) {
      if (a == b) continue;
      if (const auto rtt = measured(a, b))
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

namespace {

/// How far a region is: by latency, then hops, then the names on the way.
struct Distance {
  std::int64_t latency = 0;
  std::size_t hops = 0;
  std::vector<std::string> names;
  friend auto operator<=>(const Distance&, const Distance&) = default;
};

/// A link as a step of a way.
struct Step {
  std::size_t link = 0;
  std::int64_t latency = 0;
};

using RouteGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS,
                                         boost::no_property, Step>;
using RouteEdge = boost::graph_traits<RouteGraph>::edge_descriptor;

}  // namespace

std::vector<LinkId> least_latency_route(const NetworkPlan& plan, const std::vector<Duration>& rtt,
                                        const std::vector<bool>& down, RegionId from, RegionId to) {
  if (from == to) return {};
  if (const auto direct = plan.direct(from, to); direct && !down[index(*direct)]) return {*direct};
  RouteGraph graph{plan.regions.size()};
  for (std::size_t i = 0; i < plan.links.size(); ++i)
    if (!down[i])
      boost::add_edge(index(plan.links[i].from), index(plan.links[i].to), Step{i, rtt[i].count()},
                      graph);
  const auto further = [&plan](const Distance& distance, const Step& step) {
    Distance result = distance;
    result.latency += step.latency;
    ++result.hops;
    result.names.push_back(plan.regions[index(plan.links[step.link].to)].name);
    return result;
  };
  const Distance nowhere{std::numeric_limits<std::int64_t>::max() / 2, 0, {}};
  std::vector<Distance> distances(plan.regions.size());
  std::vector<RouteEdge> arrived_by(plan.regions.size());
  boost::dijkstra_shortest_paths(
      graph, index(from),
      boost::weight_map(boost::get(boost::edge_bundle, graph))
          .distance_map(distances.data())
          .distance_compare(std::less<Distance>{})
          .distance_combine(further)
          .distance_inf(nowhere)
          .distance_zero(Distance{})
          .visitor(boost::make_dijkstra_visitor(
              boost::record_edge_predecessors(arrived_by.data(), boost::on_edge_relaxed{}))));
  if (distances[index(to)] == nowhere) return {};
  std::vector<LinkId> route;
  for (std::size_t region = index(to); region != index(from);
       region = boost::source(arrived_by[region], graph))
    route.push_back(static_cast<LinkId>(graph[arrived_by[region]].link));
  std::reverse(route.begin(), route.end());
  return route;
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
