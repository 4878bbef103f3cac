// Caches whose hit ratios are known: by lifetime, and by least recent use.
//
// Requests are Poisson, in requests per second; lifetimes are seconds; a fetch takes no time unless
// a function says otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace georep::theory {

/// One object in a cache that keeps it for `lifetime` after its fill; a hit does not renew it. The
/// ratio holds for every law of lifetimes with that mean. Source: Jung, Berger & Balakrishnan 2003.
struct LifetimeCache {
  double request_rate;
  double lifetime;

  double hit_ratio() const;
  double miss_rate() const;  ///< fetches per second
  double occupancy() const;  ///< share of the time that the object is there
};

/// The same where every hit renews the lifetime.
double renewed_hit_ratio(double request_rate, double lifetime);

/// A lifetime cache whose fetch takes `fetch` seconds; requests during a fetch wait for its end,
/// and the lifetime begins there. A cycle is fetch + lifetime + the wait for the next request.
struct DelayedFetchCache {
  double miss_ratio;
  double delayed_hit_ratio;
  double true_hit_ratio;
  double mean_added_delay;  ///< seconds per request
};
DelayedFetchCache delayed_fetch_cache(double request_rate, double lifetime, double fetch);

/// An edge cache in front of a parent cache; neither renews on hits. Source: Fofack, Nain, Neglia
/// & Towsley 2014; Berger, Gland, Singla & Ciucu 2014.
struct CacheChain {
  double edge_hit_ratio;
  double edge_miss_rate;    ///< what the parent is asked, per second
  double renewals;          ///< mean requests that one fill of the parent answers
  double parent_hit_ratio;  ///< of what the parent is asked
  double origin_rate;       ///< what passes both, per second
  double overall_hit_ratio;
};
CacheChain cache_chain(double request_rate, double edge_lifetime, double parent_lifetime);

/// Probabilities of `objects` objects asked for by Zipf's law with the given exponent.
std::vector<double> zipf(std::int64_t objects, double exponent);

/// Least-recently-used cache of `capacity` objects by Che's approximation: each object stays as if
/// for a fixed time, counted in requests, that makes the mean occupancy equal the capacity.
/// Source: Che, Tung & Wang 2002; Fricker, Robert & Roberts 2012.
struct CheApproximation {
  double characteristic_requests;
  std::vector<double> hit_ratio_of;  ///< per object
  double hit_ratio;
};
CheApproximation che_approximation(std::span<const double> popularity, double capacity);

/// The same where objects have sizes, and the capacity is in their unit: the mean size of what is held is the capacity. Each is to be
/// small beside it. Source: Berger, Sitaraman & Harchol-Balter 2017 (AdaptSize), where all are admitted.
CheApproximation che_approximation(std::span<const double> popularity, std::span<const double> sizes, double capacity);

/// The exact ratio, by a sum over all sets of objects that the cache may hold: for at most twenty
/// objects. Source: King 1971.
double lru_hit_ratio(std::span<const double> popularity, std::int64_t capacity);

/// The exact ratio of first-in-first-out eviction, which random eviction shares. Source: Gelenbe
/// 1973.
double fifo_hit_ratio(std::span<const double> popularity, std::int64_t capacity);

}  // namespace georep::theory
