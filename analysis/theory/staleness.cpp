#include "analysis/theory/staleness.hpp"

#include <algorithm>
#include <boost/math/special_functions/binomial.hpp>
#include <cmath>

#include "analysis/theory/caches.hpp"
#include "analysis/theory/delays.hpp"
#include "analysis/theory/roots.hpp"

namespace georep::theory {
namespace {

// Sums term(j) over the non-empty subsets of the blobs by inclusion and exclusion, j being the size
// of the subset: "some blob is late" from "these j blobs are late".
template <typename Term>
double over_subsets(std::int64_t blobs, Term term) {
  double sum = 0;
  for (std::int64_t j = 1; j <= blobs; ++j) {
    const double subsets = boost::math::binomial_coefficient<double>(static_cast<unsigned>(blobs),
                                                                     static_cast<unsigned>(j));
    sum += (j % 2 == 1 ? 1 : -1) * subsets * term(static_cast<double>(j));
  }
  return sum;
}

// Whether a Poisson number whose mean lies between these two is next to never that count.
bool far_from(double count, double least_mean, double most_mean) {
  constexpr double deviations = 12;
  return count + deviations * (std::sqrt(least_mean) + 1) < least_mean || count - deviations * (std::sqrt(count) + 1) > most_mean;
}

double positive_square(double value) {
  return value > 0 ? value * value : 0;
}

}  // namespace

double StaleTag::cached_probability() const {
  return LifetimeCache{poll_rate, lifetime}.occupancy();
}

double StaleTag::mean_window() const {
  return cached_probability() * lifetime / 2;
}

double StaleTag::window_quantile(double probability) const {
  const double cached = cached_probability();
  return std::max(0.0, lifetime * (probability - (1 - cached)) / cached);
}

double StaleTag::mean_stale_reads() const {
  return poll_rate * mean_window();
}

double StaleTag::any_stale_read_probability() const {
  const double polls = poll_rate * lifetime;
  return cached_probability() * (1 + std::expm1(-polls) / polls);
}

double StaleTag::mean_time_to_fresh_read() const {
  return 1 / poll_rate + mean_window();
}

double BlobRace::window_probability() const {
  // The manifest outlasts the blobs one after another, the k-th of those left at k blob rates.
  double manifest_last = 1;
  for (std::int64_t i = 1; i <= blobs; ++i) {
    const auto left = static_cast<double>(i);
    manifest_last *= left / (left + manifest_rate / blob_rate);
  }
  return 1 - manifest_last;
}

double BlobRace::mean_window() const {
  return over_subsets(blobs, [&](double j) {
    return manifest_rate / (manifest_rate + j * blob_rate) / (j * blob_rate);
  });
}

double BlobRace::any_failed_pull_probability(double pull_rate) const {
  return over_subsets(blobs, [&](double j) {
    return manifest_rate / (manifest_rate + j * blob_rate) * pull_rate /
           (pull_rate + j * blob_rate);
  });
}

double uniform_exceeds(std::array<double, 2> a, std::array<double, 2> b) {
  // The area of {a > b} in the rectangle, by the four corners of the triangle that a = b cuts off.
  const double area = positive_square(a[1] - b[0]) - positive_square(a[0] - b[0]) -
                      positive_square(a[1] - b[1]) + positive_square(a[0] - b[1]);
  return area / (2 * (a[1] - a[0]) * (b[1] - b[0]));
}

double kept_answer_left(double use_rate, double lifetime, double instant) {
  // The n-th answer is had at n lifetimes and n + 1 waits for a use, and stands at `instant` if it was had less than a lifetime before.
  double left = 0;
  for (std::int64_t n = 0; static_cast<double>(n) * lifetime < instant; ++n) {
    const double last = instant - static_cast<double>(n) * lifetime;
    const double first = std::max(0.0, last - lifetime);
    const double waits_wanted = static_cast<double>(n + 1);
    if (far_from(waits_wanted, use_rate * first, use_rate * last)) continue;
    const auto within = [&](std::int64_t waits) {
      return erlang_tail(waits, use_rate * first) - erlang_tail(waits, use_rate * last);
    };
    // The mean of the waits where they end between `first` and `last` is that of one wait more, by their number.
    left += waits_wanted / use_rate * within(n + 2) - (last - lifetime) * within(n + 1);
  }
  return left;
}

double Failover::least() const {
  return static_cast<double>(probes_to_fail - 1) * probe_interval + probe_timeout;
}

double Failover::most() const {
  return least() + probe_interval + dns_ttl;
}

double Failover::mean_detection() const {
  return least() + probe_interval / 2;
}

double Failover::mean() const {
  return mean_detection() + dns_ttl / 2;
}

double Failover::cdf(double seconds) const {
  const double beyond = seconds - least();
  return (positive_square(beyond) - positive_square(beyond - probe_interval) -
          positive_square(beyond - dns_ttl) + positive_square(beyond - probe_interval - dns_ttl)) /
         (2 * probe_interval * dns_ttl);
}

double Failover::quantile(double probability) const {
  return increasing_root([&](double seconds) { return cdf(seconds) - probability; }, least(),
                         probe_interval + dns_ttl);
}

}  // namespace georep::theory
