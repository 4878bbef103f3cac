// How something is tried again after a failure: by replication, hosts, workloads and webhooks
// alike.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/kernel/time.hpp"

namespace georep {

/// The k-th wait is min(first * factor^(k-1), most), or the k-th of `waits` where these are given
/// (then there is one attempt more than waits). A wait begins at the failure. Where a spec holds an
/// optional RetrySpec, empty (`none`) means one attempt.
struct RetrySpec {
  Duration first = 1_s;
  double factor = 2;
  Duration most = 5_min;
  std::optional<std::int64_t> attempts;  ///< counting the first, at least 1; empty: unlimited
  std::vector<Duration> waits;

  /// One attempt: what a scenario writes as `retry: none`.
  static RetrySpec none() {
    RetrySpec spec;
    spec.attempts = 1;
    return spec;
  }
  friend bool operator==(const RetrySpec&, const RetrySpec&) = default;
};

}  // namespace georep
