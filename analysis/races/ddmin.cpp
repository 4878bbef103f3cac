#include "analysis/races/ddmin.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace georep {

namespace {

// Takes out parts of that size, from the end, where it holds without: what comes later mostly needs what comes before. Whether any went.
bool take_out(std::size_t size, Elements& elements, const std::function<bool(const Elements& kept)>& holds) {
  bool any = false;
  for (std::size_t end = elements.size(); end > 0;) {
    const std::size_t first = end - std::min(end, size);
    Elements kept = elements;
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(first), kept.begin() + static_cast<std::ptrdiff_t>(end));
    if (holds(kept)) {
      elements = std::move(kept);
      any = true;
    }
    end = first;
  }
  return any;
}

}  // namespace

// The paper tries parts alone as well. That is left out: what is left after everything else went piece by piece is such a part.
Elements ddmin(std::size_t count, const std::function<bool(const Elements& kept)>& holds) {
  Elements elements(count);
  std::iota(elements.begin(), elements.end(), std::size_t{0});
  for (std::size_t size = count; size > 1; size = (size + 1) / 2) take_out(size, elements, holds);
  while (take_out(1, elements, holds)) {
  }
  return elements;
}

}  // namespace georep
