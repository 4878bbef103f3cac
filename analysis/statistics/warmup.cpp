#include "analysis/statistics/warmup.hpp"

#include <vector>

namespace georep {

std::optional<std::size_t> suggested_warmup(std::span<const double> sequence) {
  constexpr std::size_t batch = 5;
  std::vector<double> means;
  for (std::size_t i = 0; i + batch <= sequence.size(); i += batch) {
    double sum = 0;
    for (const double sample : sequence.subspan(i, batch)) sum += sample;
    means.push_back(sum / batch);
  }
  // The last few means alone are close to one another by chance.
  if (means.size() < 2 * batch) return std::nullopt;

  // From the back, so that mean and squared deviations of what is kept are updated one at a time.
  double kept = 0;
  double mean = 0;
  double squares = 0;
  std::optional<double> least;
  std::size_t cut = 0;
  for (std::size_t i = means.size(); i-- > 0;) {
    kept += 1;
    const double apart = means[i] - mean;
    mean += apart / kept;
    squares += apart * (means[i] - mean);
    if (kept < static_cast<double>(batch)) continue;
    const double error = squares / (kept * kept);
    if (!least || error <= *least) {
      least = error;
      cut = i;
    }
  }
  if (cut * 2 > means.size()) return std::nullopt;
  return cut * batch;
}

}  // namespace georep
