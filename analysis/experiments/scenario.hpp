// A scenario: a world, what a search may vary in it, and what must hold.
#pragma once

#include <vector>

#include "analysis/exploration/spec.hpp"
#include "analysis/verdicts/spec.hpp"
#include "models/world/spec.hpp"

namespace georep {

struct Scenario {
  WorldSpec world;
  UncertaintySpec uncertainty;
  std::vector<ExpectationSpec> expect;
  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace georep
