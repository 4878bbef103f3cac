// Chains that move up or down by one.
#pragma once

#include <span>
#include <vector>

namespace georep::theory {

/// The stationary probabilities of states 0 … n, where births[i] is the rate from i to i + 1 and
/// deaths[i] the rate from i + 1 to i.
std::vector<double> birth_death(std::span<const double> births, std::span<const double> deaths);

/// The mean of a law over 0, 1, 2, …
double mean_state(std::span<const double> probabilities);

}  // namespace georep::theory
