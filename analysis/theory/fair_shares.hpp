// Max-min fair sharing by progressive filling, flow by flow: the slow and plain algorithm that the
// network's own is held against.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace georep::theory {

/// A flow and the links that it crosses, by index.
struct SharedFlow {
  std::vector<std::size_t> route;
  double weight = 1;
  std::optional<double> rate_cap;
};

/// The rate of each flow: all rates over weights rise together, and a flow stops where one of its
/// links is full or its cap is reached. Source: Bertsekas & Gallager, Data Networks, sec. 6.5.
std::vector<double> max_min_rates(std::span<const double> capacities,
                                  std::span<const SharedFlow> flows);

/// A transfer that begins at `start` and has `size` to move, in the units of the capacities.
struct FluidTransfer {
  double start;
  double size;
  std::vector<std::size_t> route;
};

/// When each transfer ends, if at every moment those in progress share max-min fairly.
std::vector<double> fluid_completions(std::span<const double> capacities,
                                      std::span<const FluidTransfer> transfers);

}  // namespace georep::theory
