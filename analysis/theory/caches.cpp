#include "analysis/theory/caches.hpp"

#include <bit>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numeric>

#include "analysis/theory/roots.hpp"
#include "sim/kernel/assert.hpp"

namespace georep::theory {

double LifetimeCache::hit_ratio() const {
  const double requests = request_rate * lifetime;
  return requests / (1 + requests);
}

double LifetimeCache::miss_rate() const {
  return request_rate / (1 + request_rate * lifetime);
}

// Poisson requests see time averages, so an object is there as often as it is found there.
double LifetimeCache::occupancy() const {
  return hit_ratio();
}

double renewed_hit_ratio(double request_rate, double lifetime) {
  return -std::expm1(-request_rate * lifetime);
}

DelayedFetchCache delayed_fetch_cache(double request_rate, double lifetime, double fetch) {
  const double requests_per_cycle = 1 + request_rate * (fetch + lifetime);
  const double miss = 1 / requests_per_cycle;
  const double delayed = request_rate * fetch / requests_per_cycle;
  // The miss waits for the whole fetch, a delayed hit for half of it on average.
  return {miss, delayed, request_rate * lifetime / requests_per_cycle,
          miss * fetch + delayed * fetch / 2};
}

CacheChain cache_chain(double request_rate, double edge_lifetime, double parent_lifetime) {
  const LifetimeCache edge{request_rate, edge_lifetime};
  // The edge asks again a lifetime and one exponential gap after it asked: the n-th renewal comes
  // after n lifetimes and an Erlang law of n stages.
  double renewals = 0;
  for (std::int64_t n = 1; static_cast<double>(n) * edge_lifetime < parent_lifetime; ++n) {
    const double left = parent_lifetime - static_cast<double>(n) * edge_lifetime;
    renewals += boost::math::gamma_p(static_cast<double>(n), request_rate * left);
  }
  const double parent_hit = renewals / (1 + renewals);
  const double origin_rate = edge.miss_rate() * (1 - parent_hit);
  return {edge.hit_ratio(), edge.miss_rate(), renewals,
          parent_hit,       origin_rate,      1 - origin_rate / request_rate};
}

std::vector<double> zipf(std::int64_t objects, double exponent) {
  std::vector<double> popularity;
  double sum = 0;
  for (std::int64_t i = 1; i <= objects; ++i) {
    popularity.push_back(std::pow(static_cast<double>(i), -exponent));
    sum += popularity.back();
  }
  for (double& each : popularity) each /= sum;
  return popularity;
}

CheApproximation che_approximation(std::span<const double> popularity, double capacity) {
  return che_approximation(popularity, std::vector<double>(popularity.size(), 1), capacity);
}

CheApproximation che_approximation(std::span<const double> popularity, std::span<const double> sizes, double capacity) {
  GEOREP_ASSERT(capacity > 0 && capacity < std::accumulate(sizes.begin(), sizes.end(), 0.0),
                "a cache holds something and not everything");
  const auto excess_occupancy = [&](double requests) {
    double occupancy = 0;
    for (std::size_t i = 0; i < popularity.size(); ++i) occupancy -= sizes[i] * std::expm1(-popularity[i] * requests);
    return occupancy - capacity;
  };
  CheApproximation che{increasing_root(excess_occupancy, 0, static_cast<double>(popularity.size())), {}, 0};
  for (const double each : popularity) {
    che.hit_ratio_of.push_back(-std::expm1(-each * che.characteristic_requests));
    che.hit_ratio += each * che.hit_ratio_of.back();
  }
  return che;
}

double lru_hit_ratio(std::span<const double> popularity, std::int64_t capacity) {
  GEOREP_ASSERT(popularity.size() <= 20, "the sum over all sets stays small");
  const std::size_t sets = std::size_t{1} << popularity.size();
  // reached[set]: the probability that the |set| most recently used objects are this set. A set
  // grows by the object that was used before all of those in it.
  std::vector<double> reached(sets, 0);
  std::vector<double> popularity_of(sets, 0);
  reached[0] = 1;
  double hits = 0;
  for (std::size_t set = 0; set < sets; ++set) {
    if (std::popcount(set) == capacity) {
      hits += reached[set] * popularity_of[set];
      continue;
    }
    if (std::popcount(set) > capacity) continue;
    for (std::size_t i = 0; i < popularity.size(); ++i) {
      const std::size_t grown = set | (std::size_t{1} << i);
      if (grown == set) continue;
      popularity_of[grown] = popularity_of[set] + popularity[i];
      reached[grown] += reached[set] * popularity[i] / (1 - popularity_of[set]);
    }
  }
  return hits;
}

double fifo_hit_ratio(std::span<const double> popularity, std::int64_t capacity) {
  // A set is held with probability in proportion to the product of its members' popularities, so
  // that the misses are a quotient of two elementary symmetric polynomials.
  std::vector<double> symmetric(static_cast<std::size_t>(capacity) + 2, 0);
  symmetric[0] = 1;
  for (const double each : popularity) {
    for (std::size_t k = symmetric.size() - 1; k > 0; --k) symmetric[k] += each * symmetric[k - 1];
  }
  const auto held = static_cast<std::size_t>(capacity);
  return 1 - static_cast<double>(capacity + 1) * symmetric[held + 1] / symmetric[held];
}

}  // namespace georep::theory
