#include "models/workload/draws.hpp"

#include <algorithm>
#include <cmath>

namespace georep {

std::int64_t sample_count(const CountLaw& law, Draw& draw) {
  if (law.law != Distribution::Law::uniform) return sample(law, draw);
  const double least = std::ceil(law.a);
  const double most = std::max(least, std::floor(law.b));
  const double place = std::floor(draw.uniform() * (most - least + 1));
  return static_cast<std::int64_t>(least + std::min(place, most - least));
}

}  // namespace georep
