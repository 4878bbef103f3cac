// Delta debugging: the least of some elements with which something still holds (Zeller & Hildebrandt, "Simplifying and Isolating
// Failure-Inducing Input", IEEE TSE 2002).
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace georep {

/// Numbers of elements, ascending.
using Elements = std::vector<std::size_t>;

/// Which of the elements 0 … count-1 are needed, given that it holds with all of them. Without any single one of the result it does not
/// hold, as far as `holds` answers alike whenever it is asked; nothing is said of taking out several at once.
Elements ddmin(std::size_t count, const std::function<bool(const Elements& kept)>& holds);

}  // namespace georep
