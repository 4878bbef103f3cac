#include "analysis/theory/capacity.hpp"

#include <cmath>

#include "analysis/theory/queues.hpp"

namespace georep::theory {

double fifo_link_rate(double push_rate, double mean_size, double quantile, double seconds) {
  return mean_size * (push_rate - std::log1p(-quantile) / seconds);
}

double shared_link_rate(double push_rate, double mean_size, double seconds) {
  return mean_size * (push_rate + 1 / seconds);
}

std::int64_t fewest_servers(double arrival_rate, double service_rate, double seconds,
                            double probability) {
  ExponentialServers queue{arrival_rate, service_rate,
                           static_cast<std::int64_t>(arrival_rate / service_rate) + 1};
  while (queue.wait_tail(seconds) > probability) ++queue.servers;
  return queue.servers;
}

}  // namespace georep::theory
