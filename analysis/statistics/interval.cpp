#include "analysis/statistics/interval.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/kernel/assert.hpp"
#include "sim/kernel/elementary.hpp"

namespace georep {
namespace {

double mean_of(std::span<const double> samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample;
  return sum / static_cast<double>(samples.size());
}

double squares_around(std::span<const double> samples, double mean) {
  double squares = 0;
  for (const double sample : samples) squares += (sample - mean) * (sample - mean);
  return squares;
}

}  // namespace

Estimate mean_interval(std::span<const double> samples, double confidence) {
  GEOREP_ASSERT(!samples.empty(), "a mean has samples");
  const double mean = mean_of(samples);
  const auto count = static_cast<std::int64_t>(samples.size());
  if (count == 1) {
    constexpr double endless = std::numeric_limits<double>::infinity();
    return {mean, -endless, endless, count};
  }
  const auto degrees = static_cast<double>(count - 1);
  const double error =
      std::sqrt(squares_around(samples, mean) / degrees / static_cast<double>(count));
  const boost::math::students_t student(degrees);
  const double half_width = error * boost::math::quantile(student, (1 + confidence) / 2);
  return {mean, mean - half_width, mean + half_width, count};
}

Estimate skewed_mean_interval(std::span<const double> samples, double confidence) {
  Estimate plain = mean_interval(samples, confidence);
  const auto count = static_cast<double>(samples.size());
  const double half_width = plain.half_width();
  if (samples.size() < 3 || half_width == 0) return plain;
  const double deviation = std::sqrt(squares_around(samples, plain.value) / (count - 1));
  double cubes = 0;
  for (const double sample : samples) cubes += std::pow((sample - plain.value) / deviation, 3);
  const double skewness = cubes * count / ((count - 1) * (count - 2));
  const double a = skewness / std::sqrt(count);
  // Nothing to move, but digits to lose.
  if (std::abs(a) < 1e-6) return plain;
  const double error = deviation / std::sqrt(count);
  const double student = half_width / error;
  // The inverse of t + a t²/3 + a² t³/27 + a/6, which is as good as normal.
  const auto moved = [a](double quantile) { return 3 / a * (std::cbrt(1 + a * (quantile - a / 6)) - 1); };
  return {plain.value, plain.value - error * moved(student), plain.value - error * moved(-student), plain.samples};
}

Estimate paired_difference(std::span<const double> first, std::span<const double> second,
                           double confidence) {
  GEOREP_ASSERT(first.size() == second.size(), "each sample has its partner");
  std::vector<double> differences;
  for (std::size_t i = 0; i < first.size(); ++i) differences.push_back(first[i] - second[i]);
  return mean_interval(differences, confidence);
}

std::optional<Estimate> quantile_interval(std::span<const double> samples, double probability,
                                          double confidence) {
  const auto count = static_cast<std::int64_t>(samples.size());
  if (count == 0) return std::nullopt;
  // The number of samples below the quantile is binomial. The interval from the low-th to the
  // high-th smallest covers it if at least low and fewer than high samples lie below; each side
  // may miss with half of what the confidence leaves.
  const boost::math::binomial below(static_cast<double>(count), probability);
  const double miss = (1 - confidence) / 2;
  std::int64_t low = 0;
  while (low < count && boost::math::cdf(below, static_cast<double>(low)) <= miss) ++low;
  std::int64_t high = count;
  while (high > 0 &&
         boost::math::cdf(boost::math::complement(below, static_cast<double>(high - 1))) <= miss) {
    --high;
  }
  ++high;
  if (low < 1 || high > count) return std::nullopt;
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  const auto ranked = [&](std::int64_t rank) { return sorted[static_cast<std::size_t>(rank - 1)]; };
  const auto nearest =
      static_cast<std::int64_t>(std::ceil(probability * static_cast<double>(count)));
  return Estimate{ranked(std::clamp<std::int64_t>(nearest, 1, count)), ranked(low), ranked(high),
                  count};
}

Estimate share_interval(std::int64_t successes, std::int64_t trials, double confidence) {
  GEOREP_ASSERT(trials > 0 && successes >= 0 && successes <= trials, "a share is of some trials");
  const auto count = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / count;
  const double z = elementary::normal_quantile((1 + confidence) / 2);
  const double scale = 1 + z * z / count;
  const double middle = (share + z * z / (2 * count)) / scale;
  const double half_width =
      z / scale * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count));
  // Rounding must not leave an end outside of what shares can be, nor past the share itself.
  return {share, std::clamp(middle - half_width, 0.0, share),
          std::clamp(middle + half_width, share, 1.0), trials};
}

BatchMeans batch_means(std::span<const double> sequence, std::size_t batches, double confidence) {
  GEOREP_ASSERT(batches >= 3 && sequence.size() >= batches, "each batch has something in it");
  const std::size_t length = sequence.size() / batches;
  // What does not fill a batch is left out at the start, where the sequence is least settled.
  const std::span<const double> used = sequence.last(length * batches);
  std::vector<double> means;
  for (std::size_t i = 0; i < batches; ++i)
    means.push_back(mean_of(used.subspan(i * length, length)));

  BatchMeans result;
  result.mean = mean_interval(means, confidence);
  double products = 0;
  double steps = 0;
  for (std::size_t i = 0; i + 1 < batches; ++i) {
    products += (means[i] - result.mean.value) * (means[i + 1] - result.mean.value);
    steps += (means[i + 1] - means[i]) * (means[i + 1] - means[i]);
  }
  const double squares = squares_around(means, result.mean.value);
  if (squares == 0) return result;
  result.lag_one_correlation = products / squares;
  // von Neumann's ratio has mean 2 and nearly this variance for independent normal values.
  const auto count = static_cast<double>(batches);
  const double variance = 4 * (count - 2) / ((count - 1) * (count + 1));
  result.independent =
      (2 - steps / squares) / std::sqrt(variance) < elementary::normal_quantile(0.99);
  return result;
}

}  // namespace georep
