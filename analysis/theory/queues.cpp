#include "analysis/theory/queues.hpp"

#include <boost/math/distributions/poisson.hpp>
#include <cmath>

#include "analysis/theory/birth_death.hpp"
#include "analysis/theory/roots.hpp"
#include "sim/kernel/assert.hpp"

namespace georep::theory {
namespace {

// Little's law gives the counts from the times.
QueueMeans by_little(double utilization, double arrival_rate, double wait, double mean_service) {
  const double sojourn = wait + mean_service;
  return {utilization, wait, sojourn, arrival_rate * wait, arrival_rate * sojourn};
}

double poisson(double mean, std::int64_t count) {
  if (mean == 0) return count == 0 ? 1 : 0;
  return boost::math::pdf(boost::math::poisson(mean), static_cast<double>(count));
}

double poisson_exceeds(double mean, std::int64_t count) {
  return boost::math::cdf(boost::math::complement(boost::math::poisson(mean), count));
}

// The probabilities of 0, 1, … up to `most` customers in M/D/1, from the balance of what crosses
// between n - 1 and n customers at departures.
std::vector<double> constant_service_counts(double arrival_rate, double service,
                                            std::int64_t most) {
  const double load = arrival_rate * service;
  const double no_arrival = poisson(load, 0);
  std::vector<double> exceeds;
  for (std::int64_t n = 0; n <= most; ++n) exceeds.push_back(poisson_exceeds(load, n));
  std::vector<double> count{1 - load};
  for (std::size_t n = 1; n <= static_cast<std::size_t>(most); ++n) {
    double upwards = count[0] * exceeds[n - 1];
    for (std::size_t i = 1; i < n; ++i) upwards += count[i] * exceeds[n - i];
    count.push_back(upwards / no_arrival);
  }
  return count;
}

}  // namespace

double erlang_b(double offered_load, std::int64_t servers) {
  double blocked = 1;
  for (std::int64_t k = 1; k <= servers; ++k) {
    blocked = offered_load * blocked / (static_cast<double>(k) + offered_load * blocked);
  }
  return blocked;
}

double ExponentialServers::wait_probability() const {
  GEOREP_ASSERT(utilization() < 1, "a queue that a closed form describes is stable");
  const double blocked = erlang_b(offered_load(), servers);
  return blocked / (1 - utilization() * (1 - blocked));
}

double ExponentialServers::wait_tail(double seconds) const {
  const double spare_rate = static_cast<double>(servers) * service_rate - arrival_rate;
  return wait_probability() * std::exp(-spare_rate * seconds);
}

double ExponentialServers::sojourn_tail(double seconds) const {
  const double spare_rate = static_cast<double>(servers) * service_rate - arrival_rate;
  const double waits = wait_probability();
  const double served = std::exp(-service_rate * seconds);
  const double apart = service_rate - spare_rate;
  // A wait and a service of nearly one rate add up to an Erlang law of two stages.
  const double waited_and_served =
      std::abs(apart * seconds) < 1e-9
          ? served * (1 + spare_rate * seconds)
          : (service_rate * std::exp(-spare_rate * seconds) - spare_rate * served) / apart;
  return (1 - waits) * served + waits * waited_and_served;
}

double ExponentialServers::wait_quantile(double probability) const {
  const double waits = wait_probability();
  if (waits <= 1 - probability) return 0;
  const double spare_rate = static_cast<double>(servers) * service_rate - arrival_rate;
  return std::log(waits / (1 - probability)) / spare_rate;
}

double ExponentialServers::sojourn_quantile(double probability) const {
  const auto excess = [&](double seconds) { return (1 - probability) - sojourn_tail(seconds); };
  return increasing_root(excess, 0, 1 / service_rate);
}

QueueMeans ExponentialServers::means() const {
  const double spare_rate = static_cast<double>(servers) * service_rate - arrival_rate;
  return by_little(utilization(), arrival_rate, wait_probability() / spare_rate, 1 / service_rate);
}

BoundedQueue bounded_queue(double arrival_rate, double service_rate, std::int64_t capacity) {
  const std::vector<double> births(static_cast<std::size_t>(capacity), arrival_rate);
  const std::vector<double> deaths(static_cast<std::size_t>(capacity), service_rate);
  const std::vector<double> count = birth_death(births, deaths);
  const double in_system = mean_state(count);
  const double throughput = arrival_rate * (1 - count.back());
  return {count.back(), in_system, throughput, in_system / throughput};
}

ServiceMoments constant_service(double seconds) {
  return {seconds, seconds * seconds};
}

ServiceMoments exponential_service(double mean) {
  return {mean, 2 * mean * mean};
}

ServiceMoments lognormal_service(double mean, double coefficient_of_variation) {
  return {mean, mean * mean * (1 + coefficient_of_variation * coefficient_of_variation)};
}

ServiceMoments hyperexponential_service(std::span<const double> probabilities,
                                        std::span<const double> means) {
  GEOREP_ASSERT(probabilities.size() == means.size(), "each branch has a probability and a mean");
  ServiceMoments moments{0, 0};
  for (std::size_t i = 0; i < means.size(); ++i) {
    moments.mean += probabilities[i] * means[i];
    moments.second += 2 * probabilities[i] * means[i] * means[i];
  }
  return moments;
}

QueueMeans single_server(double arrival_rate, ServiceMoments service) {
  const double load = arrival_rate * service.mean;
  GEOREP_ASSERT(load < 1, "a queue that a closed form describes is stable");
  return by_little(load, arrival_rate, arrival_rate * service.second / (2 * (1 - load)),
                   service.mean);
}

double constant_service_wait_cdf(double arrival_rate, double service, double seconds) {
  GEOREP_ASSERT(arrival_rate * service < 1, "a queue that a closed form describes is stable");
  if (seconds < 0) return 0;
  // Let t lie in [(k-1)D, kD). A service ends in every D, so an arrival has begun its own by t if it
  // is among the first k to begin since kD - t before its coming: if those that waited then and those
  // that came in between were at most k - 1. at_most[m] is the probability that at most m waited.
  const auto periods = static_cast<std::int64_t>(seconds / service) + 1;
  const double remaining = static_cast<double>(periods) * service - seconds;
  const std::vector<double> count = constant_service_counts(arrival_rate, service, periods);
  std::vector<double> at_most{count[0] + count[1]};
  for (std::size_t n = 2; n < count.size(); ++n) at_most.push_back(at_most.back() + count[n]);
  double probability = 0;
  for (std::int64_t j = 0; j < periods; ++j) {
    probability +=
        at_most[static_cast<std::size_t>(periods - 1 - j)] * poisson(arrival_rate * remaining, j);
  }
  return probability;
}

double constant_service_wait_quantile(double arrival_rate, double service, double probability) {
  if (probability <= 1 - arrival_rate * service) return 0;
  const auto excess = [&](double seconds) {
    return constant_service_wait_cdf(arrival_rate, service, seconds) - probability;
  };
  return increasing_root(excess, 0, service);
}

QueueMeans batch_arrivals(double batch_rate, std::int64_t batch, double mean_service) {
  const double load = batch_rate * static_cast<double>(batch) * mean_service;
  GEOREP_ASSERT(load < 1, "a queue that a closed form describes is stable");
  const double in_system = load * (1 + static_cast<double>(batch)) / (2 * (1 - load));
  const double rate = batch_rate * static_cast<double>(batch);
  return by_little(load, rate, in_system / rate - mean_service, mean_service);
}

std::vector<double> priority_waits(std::span<const PriorityClass> classes) {
  // What an arrival finds of the service in progress, whichever class has it.
  double residual = 0;
  for (const PriorityClass& each : classes) residual += each.arrival_rate * each.service.second / 2;
  std::vector<double> waits;
  double load_before = 0;
  for (const PriorityClass& each : classes) {
    const double load = load_before + each.arrival_rate * each.service.mean;
    GEOREP_ASSERT(load < 1, "a queue that a closed form describes is stable");
    waits.push_back(residual / ((1 - load_before) * (1 - load)));
    load_before = load;
  }
  return waits;
}

}  // namespace georep::theory
