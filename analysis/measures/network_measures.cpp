// What the network carried, how much of it that was, and what it cost.
#include <expected>
#include <optional>
#include <string>

#include "analysis/measures/recorders.hpp"
#include "models/data/prices.hpp"

namespace georep {

namespace {

std::string_view name_of(NetworkPreset preset) {
  switch (preset) {
    case NetworkPreset::azure: return "azure";
    case NetworkPreset::aws: return "aws";
    case NetworkPreset::gcp: return "gcp";
  }
  return "";
}

class NetworkRecorder final : public MeasureRecorder {
 public:
  NetworkRecorder(World& world, MeasureStore& store, const MeasureSet& asked)
      : MeasureRecorder{world, store}, asked_{asked} {
    links_before_.resize(world.plan().network.links.size());
    regions_before_.resize(world.plan().network.regions.size());
  }

  void reset() override {
    links_before_.assign(links_before_.size(), 0);
    regions_before_.assign(regions_before_.size(), 0);
  }

  void warmed_up() override {
    for (std::uint32_t i = 0; i < links_before_.size(); ++i)
      links_before_[i] = world_.network().link_bytes(static_cast<LinkId>(i));
    for (std::uint16_t i = 0; i < regions_before_.size(); ++i)
      regions_before_[i] = world_.network().egress_bytes(static_cast<RegionId>(i));
  }

  void finish(Instant end) override {
    if (end < warmed_up_at_) return;
    const NetworkPlan& network = world_.plan().network;
    std::vector<double> carried;
    carried.reserve(network.links.size());
    for (std::uint32_t i = 0; i < network.links.size(); ++i) {
      carried.push_back(world_.network().link_bytes(static_cast<LinkId>(i)) -
                        links_before_[i]);
      record_link(static_cast<LinkId>(i), carried.back(), end);
    }
    for (std::uint16_t i = 0; i < network.regions.size(); ++i) {
      const auto region = static_cast<RegionId>(i);
      const double bytes = world_.network().egress_bytes(region) - regions_before_[i];
      add(Measure::egress_bytes, Labels{region}, bytes);
      if (!asks_for(asked_, Measure::egress_cost)) continue;
      if (const auto cost = cost_of(region, bytes, carried); cost)
        add(Measure::egress_cost, Labels{region}, *cost);
      else
        store_.leave_unknown(Measure::egress_cost, Labels{region}, cost.error());
    }
  }

 private:
  // A cloud has thousands of links.
  void add(Measure measure, const Labels& labels, double amount, double base = 1) {
    if (!asks_for(asked_, measure) || (amount == 0 && !store_.keeps_idle(measure))) return;
    store_.add_to_total(measure, labels, amount, base);
  }

  void record_link(LinkId link, double bytes, Instant end) {
    const NetworkPlan::Link& plan = world_.plan().network.links[index(link)];
    const Labels labels{plan.from, TagId::none, link};
    add(Measure::link_bytes, labels, bytes);
    // Of a link without limit any load is no share.
    const double window = counted(Instant{}, end).seconds();
    const bool limited = !plan.bandwidth.is_unlimited();
    const double carries =
        limited ? static_cast<double>(plan.bandwidth.bits_per_second) / 8 * window : window;
    add(Measure::link_utilization, labels, limited ? bytes : 0, carries);
  }

  // The scenario's price for all that leaves, or else the cloud's for each way that bytes took; or which price is not known.
  std::expected<double, std::string> cost_of(RegionId region, double bytes, const std::vector<double>& carried) const {
    const WorldSpec& spec = world_.plan().spec;
    if (spec.network.price.egress) return bytes / 1e9 * spec.network.price.egress->usd_per_gb;
    if (bytes <= 0) return 0;
    if (!spec.network.preset) return std::unexpected{std::string{"no price of egress is known; network.price.egress sets one"}};
    const NetworkPlan& network = world_.plan().network;
    double cost = 0;
    for (std::size_t i = 0; i < network.links.size(); ++i) {
      const NetworkPlan::Link& link = network.links[i];
      if (link.from != region || carried[i] <= 0) continue;
      const std::string& from = world_.plan().region_name(link.from);
      const std::string& to = world_.plan().region_name(link.to);
      const std::optional<Price> price = egress_price(name_of(*spec.network.preset), from, to);
      if (!price)
        return std::unexpected{"no list price of egress from " + from + " to " + to + " is known; network.price.egress sets one"};
      cost += carried[i] / 1e9 * price->usd_per_gb;
    }
    return cost;
  }

  MeasureSet asked_;
  std::vector<double> links_before_;    // what had been carried when the warm-up was over
  std::vector<double> regions_before_;
};

}  // namespace

std::unique_ptr<MeasureRecorder> record_network(World& world, MeasureStore& store,
                                         const MeasureSet& asked) {
  return std::make_unique<NetworkRecorder>(world, store, asked);
}

}  // namespace georep
