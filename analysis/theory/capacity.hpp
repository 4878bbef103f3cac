// The least capacity that keeps a promise: queues read backwards.
#pragma once

#include <cstdint>

namespace georep::theory {

/// The least rate of a link that sends Poisson pushes of exponential size one after another, so
/// that the given quantile of the time from push to arrival is at most `seconds`. `mean_size` per
/// push and the result are in the same unit, the result per second.
double fifo_link_rate(double push_rate, double mean_size, double quantile, double seconds);

/// The least rate of a link that all transfers share fairly, so that the mean time is at most
/// `seconds`; for every law of sizes.
double shared_link_rate(double push_rate, double mean_size, double seconds);

/// The fewest exponential servers so that a customer waits longer than `seconds` with probability
/// at most `probability`.
std::int64_t fewest_servers(double arrival_rate, double service_rate, double seconds,
                            double probability);

}  // namespace georep::theory
