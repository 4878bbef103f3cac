#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "analysis/theory/caches.hpp"
#include "analysis/theory/capacity.hpp"
#include "analysis/theory/delays.hpp"
#include "analysis/theory/fair_shares.hpp"
#include "analysis/theory/queue_networks.hpp"
#include "analysis/theory/queues.hpp"
#include "analysis/theory/rare_events.hpp"
#include "analysis/theory/staleness.hpp"
#include "analysis/theory/tcp.hpp"

using namespace georep::theory;
using doctest::Approx;

TEST_CASE("constant waits by positive terms agree with the alternating sum of Erlang") {
  const double rate = 0.7;
  for (const double t : {0.0, 0.3, 1.0, 1.5, 2.0, 4.7}) {
    double probability = 0;
    double factorial = 1;
    for (int j = 0; j <= t; ++j) {
      if (j > 0) factorial *= j;
      const double x = rate * (j - t);
      probability += (1 - rate) * std::pow(x, j) / factorial * std::exp(-x);
    }
    CHECK(constant_service_wait_cdf(rate, 1, t) == Approx(probability).epsilon(1e-12));
  }
}

TEST_CASE("the tail of constant waits stays a probability where the alternating sum breaks down") {
  double before = 0;
  for (int t = 0; t <= 200; t += 5) {
    const double probability = constant_service_wait_cdf(0.95, 1, t);
    CHECK(probability >= before);
    CHECK(probability <= 1 + 1e-12);
    before = probability;
  }
  CHECK(before > 0.999999);
}

TEST_CASE("the sojourn in M/M/c has the mean that its tail adds up to") {
  for (const std::int64_t servers : {1, 2, 5}) {
    // The service rate equals the spare rate for two servers: the law changes its form there.
    const ExponentialServers queue{1.0, servers == 1 ? 2.0 : 1.0, servers};
    double area = 0;
    const double step = 0.001;
    for (double t = 0; t < 60; t += step) area += step * queue.sojourn_tail(t + step / 2);
    CHECK(area == Approx(queue.means().sojourn).epsilon(1e-5));
    CHECK(queue.sojourn_tail(queue.sojourn_quantile(0.9)) == Approx(0.1).epsilon(1e-12));
  }
}

TEST_CASE("a bounded queue of ample room is M/M/1, and one without a queue is Erlang's loss") {
  const BoundedQueue ample = bounded_queue(0.5, 1, 200);
  CHECK(ample.in_system == Approx(1.0).epsilon(1e-12));
  CHECK(bounded_queue(3, 2, 1).loss_probability == Approx(erlang_b(1.5, 1)).epsilon(1e-14));
}

TEST_CASE("exponential service makes M/G/1 the same as M/M/1") {
  const QueueMeans general = single_server(0.8, exponential_service(1));
  const QueueMeans exponential = ExponentialServers{0.8, 1}.means();
  CHECK(general.wait == Approx(exponential.wait).epsilon(1e-14));
  CHECK(general.in_system == Approx(exponential.in_system).epsilon(1e-14));
  CHECK(batch_arrivals(0.8, 1, 1).sojourn == Approx(exponential.sojourn).epsilon(1e-14));
}

TEST_CASE("priorities that all classes share change no mean wait") {
  const std::vector<PriorityClass> classes{{0.2, exponential_service(1)},
                                           {0.3, exponential_service(1)}};
  const std::vector<double> waits = priority_waits(classes);
  const double together = (0.2 * waits[0] + 0.3 * waits[1]) / 0.5;
  CHECK(together == Approx(single_server(0.5, exponential_service(1)).wait).epsilon(1e-14));
}

TEST_CASE("a network of one node is that node") {
  const NetworkMeans means = jackson_network({{1.5, 1, 2}}, {{0.0}});
  CHECK(means.sojourn == Approx(ExponentialServers{1.5, 1, 2}.means().sojourn).epsilon(1e-14));
}

TEST_CASE("very many pollers that ask rarely are a Poisson stream") {
  const ClosedPollers closed = closed_pollers(20000, 0.5 / 20000, 1, 1);
  CHECK(closed.response_time == Approx(ExponentialServers{0.5, 1}.means().sojourn).epsilon(1e-3));
}

TEST_CASE("stages and maxima of one exponential are that exponential") {
  const std::vector<double> rate{0.5};
  const StagesInSeries stage(rate);
  CHECK(stage.quantile(0.99) == Approx(SlowestOfMany{1, 0.5}.quantile(0.99)).epsilon(1e-12));
  CHECK(erlang_tail(1, 3) == Approx(std::exp(-3)).epsilon(1e-14));
}

TEST_CASE("a parent cache that lives no longer than the edge never hits") {
  const CacheChain chain = cache_chain(0.5, 10, 10);
  CHECK(chain.parent_hit_ratio == 0);
  CHECK(chain.overall_hit_ratio == Approx(chain.edge_hit_ratio).epsilon(1e-14));
}

TEST_CASE("a fetch without delay leaves a plain lifetime cache") {
  const DelayedFetchCache cache = delayed_fetch_cache(2, 30, 0);
  CHECK(cache.true_hit_ratio == Approx(LifetimeCache{2, 30}.hit_ratio()).epsilon(1e-14));
  CHECK(cache.mean_added_delay == 0);
}

TEST_CASE("of equally popular objects every eviction keeps the same share") {
  const std::vector<double> popularity = zipf(8, 0);
  CHECK(lru_hit_ratio(popularity, 3) == Approx(3.0 / 8).epsilon(1e-13));
  CHECK(fifo_hit_ratio(popularity, 3) == Approx(3.0 / 8).epsilon(1e-13));
  CHECK(che_approximation(popularity, 3).hit_ratio == Approx(3.0 / 8).epsilon(1e-12));
}

TEST_CASE("objects of one size are counted, whatever the size, and a large one takes the place of others") {
  const std::vector<double> popularity = zipf(50, 0.8);
  const double counted = che_approximation(popularity, 10).hit_ratio;
  CHECK(che_approximation(popularity, std::vector<double>(50, 3e6), 30e6).hit_ratio == Approx(counted).epsilon(1e-12));
  std::vector<double> sizes(50, 1);
  sizes[0] = 5;
  const CheApproximation with_large = che_approximation(popularity, sizes, 10);
  CHECK(with_large.hit_ratio < counted);
  double held = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) held += sizes[i] * with_large.hit_ratio_of[i];
  CHECK(held == Approx(10).epsilon(1e-12));
}

TEST_CASE("a cache of one object hits when an object is asked for twice in a row") {
  const std::vector<double> popularity = zipf(5, 1.2);
  double twice = 0;
  for (const double each : popularity) twice += each * each;
  CHECK(lru_hit_ratio(popularity, 1) == Approx(twice).epsilon(1e-13));
  CHECK(fifo_hit_ratio(popularity, 1) == Approx(twice).epsilon(1e-13));
}

TEST_CASE("a race of one blob is decided by two rates") {
  const BlobRace race{0.5, 0.2, 1};
  CHECK(race.window_probability() == Approx(0.5 / 0.7).epsilon(1e-14));
  CHECK(race.mean_window() == Approx(0.5 / 0.7 / 0.2).epsilon(1e-14));
  // Pulls without a pause meet every window.
  CHECK(race.any_failed_pull_probability(1e12) == Approx(0.5 / 0.7).epsilon(1e-9));
}

TEST_CASE("two uniform instants: one is later with certainty, by half, or never") {
  CHECK(uniform_exceeds({10, 20}, {0, 5}) == Approx(1).epsilon(1e-14));
  CHECK(uniform_exceeds({0, 5}, {0, 5}) == Approx(0.5).epsilon(1e-14));
  CHECK(uniform_exceeds({0, 5}, {5, 9}) == 0);
}

TEST_CASE("the delay of a failover lies between its least and its most, its median at the mean") {
  const Failover failover{10, 4, 2, 300};
  CHECK(failover.cdf(failover.least()) == 0);
  CHECK(failover.cdf(failover.most()) == Approx(1).epsilon(1e-14));
  CHECK(failover.quantile(0.5) == Approx(failover.mean()).epsilon(1e-12));
}

TEST_CASE("a transfer alone takes its size over the narrowest link") {
  const std::vector<double> capacities{10, 4};
  const std::vector<FluidTransfer> transfers{{3, 8, {0, 1}}};
  CHECK(fluid_completions(capacities, transfers)[0] == Approx(5).epsilon(1e-14));
}

TEST_CASE("the full Reno model comes close to its approximation where losses are rare") {
  const LossyPath path{1460, 0.1, 1e-5};
  const RenoTimers timers{0.5, 2, 1e9};
  CHECK(reno_rate(path, timers) == Approx(reno_rate_approximate(path, timers)).epsilon(0.01));
}

TEST_CASE("two queues in series overflow as one does when the second is instant") {
  CHECK(tandem_overflow_probability(0.5, 1, 1e9, 10) ==
        Approx(overflow_probability(0.5, 1, 10)).epsilon(1e-6));
  CHECK(overflow_probability(1, 1, 10) == Approx(0.1).epsilon(1e-14));
}

TEST_CASE("the least capacity keeps the promise and anything less breaks it") {
  const double rate = fifo_link_rate(2, 400, 0.99, 10);
  CHECK(ExponentialServers{2, rate / 400}.sojourn_quantile(0.99) == Approx(10).epsilon(1e-12));
  const std::int64_t servers = fewest_servers(18, 1, 0.5, 0.01);
  CHECK(ExponentialServers{18, 1, servers}.wait_tail(0.5) <= 0.01);
  CHECK(ExponentialServers{18, 1, servers - 1}.wait_tail(0.5) > 0.01);
}
