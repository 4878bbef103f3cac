// What the network carried, how much of it that was, and what it cost.
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
    links_.resize(world.plan().network.links.size());
    regions_.resize(world.plan().network.regions.size());
    world.before_change([this] { settle(world_.simulation().now()); });
  }

  void reset() override {
    links_.assign(links_.size(), Link{});
    regions_.assign(regions_.size(), Region{});
    clock_ = Instant{};
  }

  void warmed_up() override {
    reset();
    clock_ = world_.simulation().now();
    for (std::uint32_t i = 0; i < links_.size(); ++i)
      links_[i].before = links_[i].settled = world_.network().link_bytes(static_cast<LinkId>(i));
    for (std::uint16_t i = 0; i < regions_.size(); ++i)
      regions_[i].before = regions_[i].settled = world_.network().egress_bytes(static_cast<RegionId>(i));
  }

  void finish(Instant end) override {
    if (end < warmed_up_at_) return;
    settle(end);
    for (std::uint32_t i = 0; i < links_.size(); ++i) record_link(static_cast<LinkId>(i), links_[i], end);
    for (std::uint16_t i = 0; i < regions_.size(); ++i) {
      const Labels labels{static_cast<RegionId>(i)};
      const Region& region = regions_[i];
      add(Measure::egress_bytes, labels, region.settled - region.before);
      if (!asks_for(asked_, Measure::egress_cost)) continue;
      if (region.unpriced.empty())
        add(Measure::egress_cost, labels, region.cost);
      else
        store_.leave_unknown(Measure::egress_cost, labels, region.unpriced);
    }
  }

 private:
  struct Link {
    double before = 0;    // bytes when the warm-up was over
    double settled = 0;   // bytes until the settings that hold now began to
    double carried = 0;   // bytes, while it had a limit
    double capacity = 0;  // bytes that it could have carried meanwhile
  };
  struct Region {
    double before = 0;
    double settled = 0;
    double cost = 0;       // USD
    std::string unpriced;  // why some of what left has no price that is known; empty: all has
  };

  // A cloud has thousands of links.
  void add(Measure measure, const Labels& labels, double amount, double base = 1) {
    if (!asks_for(asked_, measure) || (amount == 0 && !store_.keeps_idle(measure))) return;
    store_.add_to_total(measure, labels, amount, base);
  }

  // All until now goes by the bandwidths and prices that hold now.
  void settle(Instant now) {
    const double window = counted(clock_, now).seconds();
    clock_ = now;
    std::vector<double> carried;
    carried.reserve(links_.size());
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      Link& link = links_[i];
      const double bytes = world_.network().link_bytes(static_cast<LinkId>(i));
      carried.push_back(bytes - std::exchange(link.settled, bytes));
      const Bandwidth bandwidth = world_.network().link_bandwidth(static_cast<LinkId>(i));
      if (bandwidth.is_unlimited()) continue;
      link.carried += carried.back();
      link.capacity += static_cast<double>(bandwidth.bits_per_second) / 8 * window;
    }
    for (std::uint16_t i = 0; i < regions_.size(); ++i) {
      const auto id = static_cast<RegionId>(i);
      Region& region = regions_[i];
      const double bytes = world_.network().egress_bytes(id);
      const double left = bytes - std::exchange(region.settled, bytes);
      if (!asks_for(asked_, Measure::egress_cost)) continue;
      if (const auto cost = cost_of(id, left, carried); cost)
        region.cost += *cost;
      else
        region.unpriced = cost.error();
    }
  }

  void record_link(LinkId id, const Link& link, Instant end) {
    const Labels labels{world_.plan().network.links[index(id)].from, TagId::none, id};
    add(Measure::link_bytes, labels, link.settled - link.before);
    // Of a link without limit any load is no share.
    const bool limited = link.capacity > 0;
    add(Measure::link_utilization, labels, limited ? link.carried : 0,
        limited ? link.capacity : counted(Instant{}, end).seconds());
  }

  // The scenario's price for all that leaves, or else the cloud's for each way that bytes took; or which price is not known.
  std::expected<double, std::string> cost_of(RegionId region, double bytes, const std::vector<double>& carried) const {
    const WorldSpec& spec = world_.settings();
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
  std::vector<Link> links_;
  std::vector<Region> regions_;
  Instant clock_;
};

}  // namespace

std::unique_ptr<MeasureRecorder> record_network(World& world, MeasureStore& store,
                                         const MeasureSet& asked) {
  return std::make_unique<NetworkRecorder>(world, store, asked);
}

}  // namespace georep
