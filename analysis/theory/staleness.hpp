// How long clients see the wrong thing: stale tags, polling, content that is not there yet,
// failover. Times are seconds, rates per second.
#pragma once

#include <array>
#include <cstdint>

namespace georep::theory {

/// A tag moves at a random instant under a lifetime cache that Poisson polls keep filled and that
/// nothing invalidates.
struct StaleTag {
  double poll_rate;
  double lifetime;

  double cached_probability() const;  ///< that the old answer is cached when the tag moves
  double mean_window() const;         ///< how long the old answer may be given
  double window_quantile(double probability) const;
  double mean_stale_reads() const;
  double any_stale_read_probability() const;
  double mean_time_to_fresh_read() const;
};

/// A client polls every `period` at a random phase for a change that takes an exponential time of
/// mean `replication_mean` to arrive: the delay from the change to the poll that sees it.
struct PolledChange {
  double period;
  double replication_mean;

  double mean() const { return replication_mean + period / 2; }
  double variance() const { return replication_mean * replication_mean + period * period / 12; }
  /// Where the change arrives at once.
  double instant_quantile(double probability) const { return probability * period; }
};

/// A manifest becomes visible after an exponential time of rate `manifest_rate`, each of `blobs`
/// blobs after one of rate `blob_rate`, all independent. In between a pull is answered
/// blob-unknown.
struct BlobRace {
  double manifest_rate;
  double blob_rate;
  std::int64_t blobs;

  double window_probability() const;  ///< that a blob is later than the manifest
  double mean_window() const;
  double mean_failed_pulls(double pull_rate) const { return pull_rate * mean_window(); }
  double any_failed_pull_probability(double pull_rate) const;
};

/// P(a > b) for a uniform on `a` and b uniform on `b`.
double uniform_exceeds(std::array<double, 2> a, std::array<double, 2> b);

/// Seconds for which a name server's answer that a client has at `instant` goes on being used, on average: it is kept for
/// `lifetime`, and the first use after that asks anew. Uses are Poisson and begin at 0, when there is no answer.
double kept_answer_left(double use_rate, double lifetime, double instant);

/// An endpoint dies at a random instant. It is probed every `probe_interval`, a failing probe takes
/// `probe_timeout`, and the `probes_to_fail`-th in a row takes it out of routing; a client's
/// resolver then keeps the old answer for what is left of `dns_ttl`, uniformly.
struct Failover {
  double probe_interval;
  double probe_timeout;
  std::int64_t probes_to_fail;  ///< tolerated failures + 1
  double dns_ttl;

  double mean_detection() const;
  double mean() const;
  double least() const;
  double most() const;
  double cdf(double seconds) const;  ///< P(delay <= seconds)
  double quantile(double probability) const;
};

}  // namespace georep::theory
