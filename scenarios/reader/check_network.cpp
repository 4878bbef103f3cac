// The network: links between regions that there are, and a way between any two replicas.
#include <map>
#include <set>

#include "models/data/clouds.hpp"
#include "models/network/fields.hpp"
#include "scenarios/reader/checks.hpp"

namespace georep {
namespace {

using Ways = std::map<std::string, std::vector<std::string>>;

std::string link_end_path(const LinkSpec& link, std::size_t i, std::size_t end) {
  if (!link.one_way()) return path_of("network", "links", i, "between", end);
  return path_of("network", "links", i, end == 0 ? "from" : "to");
}

// Gives whether the link can be a way.
bool check_link(const Checked& checked, std::size_t i,
                std::set<std::pair<std::string, std::string>>& seen) {
  const NetworkSpec& network = checked.scenario.world.network;
  const LinkSpec& link = network.links[i];
  const std::string path = path_of("network", "links", i);
  const bool from_known =
      checked.require(checked.known.regions, link.from(), link_end_path(link, i, 0));
  const bool to_known = checked.require(checked.known.regions, link.to(), link_end_path(link, i, 1));
  if (link.from().empty() || link.to().empty() || !from_known || !to_known) return false;
  if (link.from() == link.to()) {
    checked.findings.report(Code::bad_link, link_end_path(link, i, 1),
                            "the link leads from '" + link.from() + "' to itself",
                            "inside a region, 'local_rtt' is the round trip");
    return false;
  }
  const bool measured =
      network.preset &&
      find_cloud(text(*network.preset))->round_trip(link.from(), link.to()).has_value();
  if (!link.rtt && !measured && !checked.findings.has_unknown_key(path))
    checked.findings.report(Code::missing_key, path,
                            "'rtt' is missing in network.links[" + std::to_string(i) + "]",
                            network.preset ? "the preset has no round trip between these regions"
                                           : "without a preset, each link says its round trip");
  const bool twice = !seen.insert({link.from(), link.to()}).second ||
                     (!link.one_way() && !seen.insert({link.to(), link.from()}).second);
  if (twice)
    checked.findings.report(
        Code::repeated, path,
        "there is a link from '" + link.from() + "' to '" + link.to() + "' above already");
  return true;
}

Ways ways_between_regions(const Checked& checked) {
  const NetworkSpec& network = checked.scenario.world.network;
  Ways ways;
  if (network.preset) {
    // All regions of a preset have a link to each other, so one of them stands in for the rest.
    const auto& regions = find_cloud(text(*network.preset))->regions();
    const std::string hub{regions.front().name};
    for (const CloudRegion& region : regions) {
      ways[hub].emplace_back(region.name);
      ways[std::string{region.name}].push_back(hub);
    }
  }
  for (const LinkSpec& link : network.links) {
    ways[link.from()].push_back(link.to());
    if (!link.one_way()) ways[link.to()].push_back(link.from());
  }
  return ways;
}

std::set<std::string> reachable_from(const std::string& start, const Ways& ways) {
  std::set<std::string> reached{start};
  std::vector<std::string> open{start};
  while (!open.empty()) {
    const std::string region = std::move(open.back());
    open.pop_back();
    const auto found = ways.find(region);
    if (found == ways.end()) continue;
    for (const std::string& next : found->second)
      if (reached.insert(next).second) open.push_back(next);
  }
  return reached;
}

// Any two replicas reach each other exactly if the first reaches, and is reached by, each other one.
void check_reach(const Checked& checked) {
  const auto& replicas = checked.known.replicas.names();
  if (replicas.size() < 2 || checked.findings.is_unread("network.links")) return;
  const Ways ways = ways_between_regions(checked);
  Ways back;
  for (const auto& [from, all] : ways)
    for (const std::string& to : all) back[to].push_back(from);
  const std::string& first = replicas.front();
  const std::set<std::string> there = reachable_from(first, ways);
  const std::set<std::string> here = reachable_from(first, back);
  const auto& listed = checked.scenario.world.registry.replicas;
  for (std::size_t i = 1; i < replicas.size(); ++i) {
    const std::string& replica = replicas[i];
    const bool reached = there.contains(replica);
    if (!checked.known.regions.contains(replica) || (reached && here.contains(replica))) continue;
    const std::string path =
        i < listed.size() ? path_of("registry", "replicas", i) : path_of("network", "links");
    checked.findings.report(Code::bad_link, path,
                            "no link leads from the replica in '" + (reached ? replica : first) +
                                "' to the one in '" + (reached ? first : replica) + "'",
                            "every replica has to reach every other one, over others if need be");
  }
}

}  // namespace

void check_network(const Checked& checked) {
  const NetworkSpec& network = checked.scenario.world.network;
  if (checked.known.regions.empty() && !checked.findings.is_unread("network"))
    checked.findings.report(Code::missing_key, "network", "there is no region",
                            "expected 'preset: azure', aws or gcp in 'network', or its 'regions'");
  for (const RegionSpec& region : network.regions)
    if (region.location && (region.location->latitude < -90 || region.location->latitude > 90))
      checked.findings.report(Code::out_of_bounds,
                              path_of("network", "regions", region.name, "location", 0),
                              "a latitude lies between -90 and 90", "latitude first, then longitude");
  std::set<std::pair<std::string, std::string>> seen;
  bool good = true;
  for (std::size_t i = 0; i < network.links.size(); ++i)
    if (!check_link(checked, i, seen)) good = false;
  if (good) check_reach(checked);
}

}  // namespace georep
