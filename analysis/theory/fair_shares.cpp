#include "analysis/theory/fair_shares.hpp"

#include <algorithm>
#include <limits>

#include "sim/kernel/assert.hpp"

namespace georep::theory {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
// What rounding leaves of a full link or a finished transfer, relative to its capacity or size.
constexpr double rounding = 1e-12;

class ProgressiveFilling {
 public:
  ProgressiveFilling(std::span<const double> capacities, std::span<const SharedFlow> flows)
      : capacities_(capacities),
        flows_(flows),
        left_(capacities.begin(), capacities.end()),
        rates_(flows.size(), 0),
        rising_(flows.size(), true) {}

  std::vector<double> fill() {
    while (std::find(rising_.begin(), rising_.end(), true) != rising_.end()) {
      const double rise = least_rise();
      GEOREP_ASSERT(rise < endless, "every flow is held by a link or a cap");
      raise_by(rise);
      freeze();
    }
    return rates_;
  }

 private:
  double rising_weight(std::size_t link) const {
    double weight = 0;
    for (std::size_t flow = 0; flow < flows_.size(); ++flow) {
      if (rising_[flow] && crosses(flow, link)) weight += flows_[flow].weight;
    }
    return weight;
  }

  bool crosses(std::size_t flow, std::size_t link) const {
    return std::find(flows_[flow].route.begin(), flows_[flow].route.end(), link) !=
           flows_[flow].route.end();
  }

  // How far the level of rate over weight can rise before a link is full or a cap is reached.
  double least_rise() const {
    double rise = endless;
    for (std::size_t link = 0; link < capacities_.size(); ++link) {
      const double weight = rising_weight(link);
      if (weight > 0) rise = std::min(rise, left_[link] / weight);
    }
    for (std::size_t flow = 0; flow < flows_.size(); ++flow) {
      if (!rising_[flow] || !flows_[flow].rate_cap) continue;
      rise = std::min(rise, (*flows_[flow].rate_cap - rates_[flow]) / flows_[flow].weight);
    }
    return rise;
  }

  void raise_by(double rise) {
    for (std::size_t flow = 0; flow < flows_.size(); ++flow) {
      if (!rising_[flow]) continue;
      rates_[flow] += rise * flows_[flow].weight;
      for (const std::size_t link : flows_[flow].route) left_[link] -= rise * flows_[flow].weight;
    }
  }

  void freeze() {
    for (std::size_t flow = 0; flow < flows_.size(); ++flow) {
      const auto full = [&](std::size_t link) {
        return left_[link] <= rounding * capacities_[link];
      };
      const auto& cap = flows_[flow].rate_cap;
      if (std::any_of(flows_[flow].route.begin(), flows_[flow].route.end(), full) ||
          (cap && rates_[flow] >= *cap * (1 - rounding))) {
        rising_[flow] = false;
      }
    }
  }

  std::span<const double> capacities_;
  std::span<const SharedFlow> flows_;
  std::vector<double> left_;
  std::vector<double> rates_;
  std::vector<bool> rising_;
};

}  // namespace

std::vector<double> max_min_rates(std::span<const double> capacities,
                                  std::span<const SharedFlow> flows) {
  return ProgressiveFilling(capacities, flows).fill();
}

std::vector<double> fluid_completions(std::span<const double> capacities,
                                      std::span<const FluidTransfer> transfers) {
  std::vector<double> left;
  for (const FluidTransfer& transfer : transfers) left.push_back(transfer.size);
  std::vector<double> ends(transfers.size(), endless);
  double now = 0;
  while (std::find(ends.begin(), ends.end(), endless) != ends.end()) {
    std::vector<std::size_t> active;
    std::vector<SharedFlow> flows;
    double next = endless;
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      if (ends[i] < endless) continue;
      if (transfers[i].start > now) {
        next = std::min(next, transfers[i].start);
      } else {
        active.push_back(i);
        flows.push_back({transfers[i].route, 1, {}});
      }
    }
    const std::vector<double> rates = max_min_rates(capacities, flows);
    for (std::size_t k = 0; k < active.size(); ++k) {
      next = std::min(next, now + left[active[k]] / rates[k]);
    }
    for (std::size_t k = 0; k < active.size(); ++k) {
      const std::size_t i = active[k];
      left[i] -= rates[k] * (next - now);
      if (left[i] <= rounding * transfers[i].size) ends[i] = next;
    }
    now = next;
  }
  return ends;
}

}  // namespace georep::theory
