#include "analysis/theory/queue_networks.hpp"

#include <Eigen/Dense>
#include <algorithm>

#include "analysis/theory/birth_death.hpp"
#include "analysis/theory/queues.hpp"
#include "sim/kernel/assert.hpp"

namespace georep::theory {

NetworkMeans jackson_network(const std::vector<NetworkNode>& nodes,
                             const std::vector<std::vector<double>>& routing) {
  GEOREP_ASSERT(nodes.size() == routing.size(), "each node says where its customers go");
  const auto size = static_cast<Eigen::Index>(nodes.size());
  Eigen::MatrixXd balance = Eigen::MatrixXd::Identity(size, size);
  Eigen::VectorXd external(size);
  for (Eigen::Index i = 0; i < size; ++i) {
    const auto from = static_cast<std::size_t>(i);
    external(i) = nodes[from].external_rate;
    GEOREP_ASSERT(routing[from].size() == nodes.size(), "the routing is a square matrix");
    for (Eigen::Index j = 0; j < size; ++j) {
      balance(j, i) -= routing[from][static_cast<std::size_t>(j)];
    }
  }
  const Eigen::VectorXd rates = balance.partialPivLu().solve(external);

  NetworkMeans means{};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double rate = rates(static_cast<Eigen::Index>(i));
    const ExponentialServers node{rate, nodes[i].service_rate, nodes[i].servers};
    means.arrival_rates.push_back(rate);
    means.utilization.push_back(node.utilization());
    means.in_system.push_back(node.means().in_system);
    means.total_in_system += means.in_system.back();
  }
  means.sojourn = means.total_in_system / external.sum();
  return means;
}

ClosedPollers closed_pollers(std::int64_t clients, double think_rate, double service_rate,
                             std::int64_t servers) {
  std::vector<double> births;
  std::vector<double> deaths;
  for (std::int64_t n = 0; n < clients; ++n) {
    births.push_back(static_cast<double>(clients - n) * think_rate);
    deaths.push_back(static_cast<double>(std::min(n + 1, servers)) * service_rate);
  }
  const std::vector<double> count = birth_death(births, deaths);
  double throughput = 0;
  for (std::size_t n = 1; n < count.size(); ++n) throughput += count[n] * deaths[n - 1];
  const double at_server = mean_state(count);
  return {throughput, at_server, at_server / throughput,
          throughput / (service_rate * static_cast<double>(servers))};
}

double fork_join_of_two(double arrival_rate, double service_rate) {
  const double load = arrival_rate / service_rate;
  GEOREP_ASSERT(load < 1, "a queue that a closed form describes is stable");
  return (12 - load) / 8 / (service_rate - arrival_rate);
}

}  // namespace georep::theory
