// Where an increasing function crosses zero.
#pragma once

#include <functional>

namespace georep::theory {

/// The point above `low` at which `function`, which is continuous, increasing and negative at
/// `low`, crosses zero; found to the last few bits. `step` is the first guess of the distance.
double increasing_root(const std::function<double(double)>& function, double low, double step);

}  // namespace georep::theory
