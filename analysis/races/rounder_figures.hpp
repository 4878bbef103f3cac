// Figures that say less: what a scenario says with them is easier to take in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace georep {

/// Simpler figures near one as it is written (`1930 ms`, `37`, `3 MB`), the simplest first: with fewer digits other than trailing zeros, of
/// which for a count or a size also smaller ones. None for what is no figure, or as simple as can be; so that taking one after the other ends.
std::vector<std::string> rounder_figures(std::string_view text);

}  // namespace georep
