// Several queues together: open networks, closed populations, forks.
#pragma once

#include <cstdint>
#include <vector>

namespace georep::theory {

/// A node of an open network of exponential servers.
struct NetworkNode {
  double external_rate;  ///< Poisson arrivals from outside, per second
  double service_rate;   ///< of one server, per second
  std::int64_t servers = 1;
};

struct NetworkMeans {
  std::vector<double> arrival_rates;
  std::vector<double> utilization;
  std::vector<double> in_system;
  double total_in_system;
  double sojourn;  ///< seconds from entering to leaving the network
};

/// An open Jackson network: routing[i][j] is the probability of going from node i to node j. The
/// traffic equations are solved as a linear system, then each node is an M/M/c queue of its own.
/// Source: Jackson 1957 and 1963.
NetworkMeans jackson_network(const std::vector<NetworkNode>& nodes,
                             const std::vector<std::vector<double>>& routing);

/// Clients that think, ask, and think again once answered (machine repair, M/M/c//N).
struct ClosedPollers {
  double throughput;     ///< requests per second
  double at_server;      ///< requests that wait or are served
  double response_time;  ///< seconds
  double utilization;    ///< of one server
};
/// Source: Gross & Harris ch. 2. Think and service times are exponential.
ClosedPollers closed_pollers(std::int64_t clients, double think_rate, double service_rate,
                             std::int64_t servers);

/// The mean time until both of two M/M/1 queues, fed by the same arrivals, have served their part.
/// Source: Flatto & Hahn 1984; Nelson & Tantawi 1988.
double fork_join_of_two(double arrival_rate, double service_rate);

}  // namespace georep::theory
