// The nearest increasing sequence to noisy values.
#pragma once

#include <span>
#include <vector>

namespace georep {

/// The non-decreasing values that have the least weighted sum of squared distances from `values`:
/// isotonic regression, by pooling neighbours that are out of order. Weights are positive.
/// Source: Ayer, Brunk, Ewing, Reid & Silverman 1955.
std::vector<double> non_decreasing_fit(std::span<const double> values,
                                       std::span<const double> weights);

/// The same for values that fall.
std::vector<double> non_increasing_fit(std::span<const double> values,
                                       std::span<const double> weights);

}  // namespace georep
