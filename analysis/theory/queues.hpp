// Queues with Poisson arrivals whose steady state is known in closed form.
//
// Rates are per second, times are seconds, counts are customers. Every function requires a stable
// queue: a load of one or more has no steady state and is a fault of the caller.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace georep::theory {

/// The means of a queue in steady state, tied to one another by Little's law.
struct QueueMeans {
  double utilization;  ///< busy share of one server
  double wait;         ///< seconds before service
  double sojourn;      ///< seconds from arrival to departure
  double waiting;      ///< customers that wait
  double in_system;    ///< customers that wait or are served
};

/// M/M/c: exponential service by `servers` servers, first come first served. One server is M/M/1.
/// Source: Gross & Harris, Fundamentals of Queueing Theory, ch. 2.
struct ExponentialServers {
  double arrival_rate;
  double service_rate;
  std::int64_t servers = 1;

  double offered_load() const { return arrival_rate / service_rate; }
  double utilization() const { return offered_load() / static_cast<double>(servers); }
  double wait_probability() const;            ///< Erlang C
  double wait_tail(double seconds) const;     ///< P(wait > seconds)
  double sojourn_tail(double seconds) const;  ///< P(sojourn > seconds)
  double wait_quantile(double probability) const;
  double sojourn_quantile(double probability) const;
  QueueMeans means() const;
};

/// Erlang B: the share of arrivals lost where `servers` serve `offered_load` erlangs without a
/// queue, for every law of service of that mean. Source: Erlang 1917; Sevastyanov 1957.
double erlang_b(double offered_load, std::int64_t servers);

/// M/M/1/K: at most `capacity` customers in the system, the rest are turned away.
struct BoundedQueue {
  double loss_probability;
  double in_system;
  double throughput;
  double sojourn;  ///< of those let in
};
BoundedQueue bounded_queue(double arrival_rate, double service_rate, std::int64_t capacity);

/// The first two moments of a service time.
struct ServiceMoments {
  double mean;
  double second;
};
ServiceMoments constant_service(double seconds);
ServiceMoments exponential_service(double mean);
ServiceMoments lognormal_service(double mean, double coefficient_of_variation);
/// One of several exponentials, chosen with the given probabilities.
ServiceMoments hyperexponential_service(std::span<const double> probabilities,
                                        std::span<const double> means);

/// M/G/1, first come first served, by Pollaczek and Khinchine.
QueueMeans single_server(double arrival_rate, ServiceMoments service);

/// P(wait <= seconds) in M/D/1. Sums positive terms only, so that long waits lose no digits.
/// Source: Franx, A simple solution for the M/D/c waiting time distribution, 2001.
double constant_service_wait_cdf(double arrival_rate, double service, double seconds);
double constant_service_wait_quantile(double arrival_rate, double service, double probability);

/// M^[k]/M/1: batches of `batch` customers arrive at once. Source: Gross & Harris ch. 3.
QueueMeans batch_arrivals(double batch_rate, std::int64_t batch, double mean_service);

/// M/G/1 with processor sharing: all customers served at once at equal rates. Its means and its law
/// of the number present do not depend on the law of sizes. Source: Kleinrock, vol. 2, sec. 4.4.
struct ProcessorSharing {
  double arrival_rate;
  double mean_service;  ///< seconds that a mean customer needs alone

  double utilization() const { return arrival_rate * mean_service; }
  double empty_probability() const { return 1 - utilization(); }
  double mean_sojourn() const { return mean_sojourn_of(mean_service); }
  double mean_sojourn_of(double service) const { return service / (1 - utilization()); }
  double in_system() const { return utilization() / (1 - utilization()); }
};

/// The mean wait of each class of an M/G/1 queue that serves the earlier class first and never
/// breaks a service off. Source: Cobham 1954.
struct PriorityClass {
  double arrival_rate;
  ServiceMoments service;
};
std::vector<double> priority_waits(std::span<const PriorityClass> classes);

}  // namespace georep::theory
