#include "tests/analysis/theory/analytic_cases.hpp"

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "analysis/theory/caches.hpp"
#include "analysis/theory/capacity.hpp"
#include "analysis/theory/delays.hpp"
#include "analysis/theory/fair_shares.hpp"
#include "analysis/theory/queue_networks.hpp"
#include "analysis/theory/queues.hpp"
#include "analysis/theory/rare_events.hpp"
#include "analysis/theory/staleness.hpp"
#include "analysis/theory/tcp.hpp"

namespace georep::test {
namespace {

using nlohmann::json;
using namespace georep::theory;

double number(const json& inputs, const char* name) {
  return inputs.at(name).get<double>();
}
std::int64_t whole(const json& inputs, const char* name) {
  return inputs.at(name).get<std::int64_t>();
}
std::vector<double> numbers(const json& inputs, const char* name) {
  return inputs.at(name).get<std::vector<double>>();
}

Answers means_of(const QueueMeans& means) {
  return {{"rho", {means.utilization}},
          {"L", {means.in_system}},
          {"Lq", {means.waiting}},
          {"W", {means.sojourn}},
          {"Wq", {means.wait}}};
}

Answers mm1(const json& in) {
  const ExponentialServers queue{number(in, "lam"), number(in, "mu")};
  Answers answers = means_of(queue.means());
  answers["sojourn_p50"] = {queue.sojourn_quantile(0.5)};
  answers["sojourn_p99"] = {queue.sojourn_quantile(0.99)};
  answers["wait_p99"] = {queue.wait_quantile(0.99)};
  return answers;
}

Answers mmc(const json& in) {
  const ExponentialServers queue{number(in, "lam"), number(in, "mu"), whole(in, "c")};
  Answers answers = means_of(queue.means());
  answers["offered"] = {queue.offered_load()};
  answers["P_wait"] = {queue.wait_probability()};
  answers["wait_p95"] = {queue.wait_quantile(0.95)};
  answers["wait_p99"] = {queue.wait_quantile(0.99)};
  return answers;
}

Answers loss(const json& in) {
  const double offered = number(in, "offered_erlangs");
  const double blocked = erlang_b(offered, whole(in, "c"));
  return {{"P_block", {blocked}}, {"mean_busy", {offered * (1 - blocked)}}};
}

Answers mm1k(const json& in) {
  const BoundedQueue queue = bounded_queue(number(in, "lam"), number(in, "mu"), whole(in, "K"));
  return {{"P_block", {queue.loss_probability}},
          {"L", {queue.in_system}},
          {"throughput", {queue.throughput}},
          {"W", {queue.sojourn}}};
}

Answers mg1(const json& in) {
  const ServiceMoments service =
      in.contains("service") ? lognormal_service(number(in, "mean"), number(in, "cv"))
                             : hyperexponential_service(numbers(in, "p"), numbers(in, "means"));
  return means_of(single_server(number(in, "lam"), service));
}

Answers md1(const json& in) {
  const double rate = number(in, "lam");
  const double service = number(in, "D");
  Answers answers = means_of(single_server(rate, constant_service(service)));
  answers["wait_p99"] = {constant_service_wait_quantile(rate, service, 0.99)};
  answers["P_wait_le_2D"] = {constant_service_wait_cdf(rate, service, 2 * service)};
  return answers;
}

Answers batch(const json& in) {
  const QueueMeans means =
      batch_arrivals(number(in, "lam"), whole(in, "batch"), number(in, "mean_service"));
  return {{"rho", {means.utilization}}, {"L", {means.in_system}}, {"W_per_blob", {means.sojourn}}};
}

Answers processor_sharing(const json& in) {
  const ProcessorSharing link{number(in, "lam"), number(in, "mean_size")};
  std::vector<double> conditional;
  for (const double size : numbers(in, "x")) conditional.push_back(link.mean_sojourn_of(size));
  return {{"rho", {link.utilization()}},
          {"mean_sojourn", {link.mean_sojourn()}},
          {"mean_number", {link.in_system()}},
          {"P_empty", {link.empty_probability()}},
          {"conditional_mean_sojourn_x", conditional}};
}

Answers jackson(const json& in) {
  const std::vector<double> external = numbers(in, "gamma");
  const std::vector<double> service = numbers(in, "mu");
  std::vector<NetworkNode> nodes;
  for (std::size_t i = 0; i < external.size(); ++i) {
    const std::int64_t servers =
        in.contains("servers") ? in.at("servers").at(i).get<std::int64_t>() : 1;
    nodes.push_back({external[i], service[i], servers});
  }
  const NetworkMeans means =
      jackson_network(nodes, in.at("P").get<std::vector<std::vector<double>>>());
  return {{"arrival_rates", means.arrival_rates},
          {"utilisation", means.utilization},
          {"L_per_node", means.in_system},
          {"L_total", {means.total_in_system}},
          {"W_network", {means.sojourn}}};
}

Answers pollers(const json& in) {
  const ClosedPollers closed =
      closed_pollers(whole(in, "N"), number(in, "think_rate"), number(in, "mu"), whole(in, "c"));
  return {{"throughput", {closed.throughput}},
          {"L_at_server", {closed.at_server}},
          {"response_time", {closed.response_time}},
          {"utilisation", {closed.utilization}}};
}

Answers fork_join(const json& in) {
  const ExponentialServers branch{number(in, "lam"), number(in, "mu")};
  return {{"mean_response", {fork_join_of_two(branch.arrival_rate, branch.service_rate)}},
          {"single_branch_mean", {branch.means().sojourn}}};
}

Answers unlimited_transfers(const json& in) {
  const double mean = number(in, "lam") * number(in, "mean_duration");
  return {{"mean_in_flight", {mean}},
          {"variance", {mean}},
          {"P_gt_threshold", {poisson_tail(mean, whole(in, "threshold"))}}};
}

Answers slowest(const json& in) {
  const SlowestOfMany lag{whole(in, "regions"), number(in, "rate")};
  return {{"mean", {lag.mean()}}, {"p50", {lag.quantile(0.5)}}, {"p99", {lag.quantile(0.99)}}};
}

Answers pipeline(const json& in) {
  const std::vector<double> rates = numbers(in, "rates");
  const StagesInSeries stages(rates);
  return {{"mean", {stages.mean()}},
          {"variance", {stages.variance()}},
          {"p50", {stages.quantile(0.5)}},
          {"p99", {stages.quantile(0.99)}}};
}

Answers priority(const json& in) {
  const std::vector<double> rates = numbers(in, "lam");
  const std::vector<double> means = numbers(in, "means");
  const std::vector<PriorityClass> classes{{rates[0], exponential_service(means[0])},
                                           {rates[1], constant_service(means[1])}};
  return {{"Wq", priority_waits(classes)}};
}

Answers lifetime_cache(const json& in) {
  const LifetimeCache cache{number(in, "lam"), number(in, "T")};
  if (in.contains("D")) {
    const DelayedFetchCache delayed =
        delayed_fetch_cache(cache.request_rate, cache.lifetime, number(in, "D"));
    return {{"miss_ratio", {delayed.miss_ratio}},
            {"delayed_hit_ratio", {delayed.delayed_hit_ratio}},
            {"true_hit_ratio", {delayed.true_hit_ratio}},
            {"mean_added_delay", {delayed.mean_added_delay}}};
  }
  return {{"hit_no_refresh", {cache.hit_ratio()}},
          {"hit_refresh", {renewed_hit_ratio(cache.request_rate, cache.lifetime)}},
          {"hit_exponential_ttl_no_refresh", {cache.hit_ratio()}},
          {"miss_rate_no_refresh", {cache.miss_rate()}},
          {"occupancy_no_refresh", {cache.occupancy()}}};
}

Answers chain(const json& in) {
  const CacheChain caches = cache_chain(number(in, "lam"), number(in, "T1"), number(in, "T2"));
  return {{"leaf_hit", {caches.edge_hit_ratio}}, {"leaf_miss_rate", {caches.edge_miss_rate}},
          {"renewal_m", {caches.renewals}},      {"parent_hit", {caches.parent_hit_ratio}},
          {"origin_rate", {caches.origin_rate}}, {"overall_hit", {caches.overall_hit_ratio}}};
}

Answers che(const json& in) {
  const CheApproximation cache = che_approximation(
      zipf(whole(in, "catalogue"), number(in, "zipf_alpha")), number(in, "capacity"));
  return {{"characteristic_requests", {cache.characteristic_requests}},
          {"hit_ratio", {cache.hit_ratio}},
          {"hit_item_1", {cache.hit_ratio_of.at(0)}},
          {"hit_item_100", {cache.hit_ratio_of.at(99)}}};
}

Answers exact_caches(const json& in) {
  const std::vector<double> popularity = zipf(whole(in, "catalogue"), number(in, "zipf_alpha"));
  const std::int64_t capacity = whole(in, "capacity");
  const double fifo = fifo_hit_ratio(popularity, capacity);
  return {
      {"lru_hit", {lru_hit_ratio(popularity, capacity)}},
      {"fifo_hit", {fifo}},
      {"random_hit", {fifo}},
      {"lru_che_hit", {che_approximation(popularity, static_cast<double>(capacity)).hit_ratio}}};
}

Answers stale_tag(const json& in) {
  const StaleTag tag{number(in, "lam"), number(in, "T")};
  const double cached = tag.cached_probability();
  return {{"hit_ratio", {cached}},
          {"P_cache_full_at_update", {cached}},
          {"stale_window_mean", {tag.mean_window()}},
          {"stale_window_p99", {tag.window_quantile(0.99)}},
          {"stale_reads_mean", {tag.mean_stale_reads()}},
          {"P_any_stale_read", {tag.any_stale_read_probability()}},
          {"time_to_first_fresh_read_mean", {tag.mean_time_to_fresh_read()}}};
}

Answers polling(const json& in) {
  const PolledChange change{number(in, "period"), number(in, "replication_mean")};
  return {{"mean", {change.mean()}},
          {"variance", {change.variance()}},
          {"p99_if_instant_replication", {change.instant_quantile(0.99)}}};
}

Answers blob_race(const json& in) {
  if (in.contains("b1")) {
    const double b2 = number(in, "b2");
    const double m1 = number(in, "m1");
    return {{"P_blob_after_manifest",
             {uniform_exceeds({number(in, "b1"), b2}, {m1, number(in, "m2")})}},
            {"race_possible", {b2 > m1 ? 1.0 : 0.0}},
            {"max_window", {b2 - m1}}};
  }
  const BlobRace race{number(in, "a"), number(in, "b"), whole(in, "k")};
  const double pull_rate = number(in, "lam");
  return {{"P_window_positive", {race.window_probability()}},
          {"window_mean", {race.mean_window()}},
          {"blob_unknown_pulls_mean", {race.mean_failed_pulls(pull_rate)}},
          {"P_any_blob_unknown", {race.any_failed_pull_probability(pull_rate)}}};
}

Answers failover(const json& in) {
  const Failover outage{number(in, "P"), number(in, "tau"), whole(in, "k"), number(in, "T")};
  return {{"detect_mean", {outage.mean_detection()}},
          {"mean", {outage.mean()}},
          {"min", {outage.least()}},
          {"max", {outage.most()}},
          {"p50", {outage.quantile(0.5)}},
          {"p99", {outage.quantile(0.99)}},
          {"P_le_120s", {outage.cdf(120)}}};
}

// Links by the order of their names, so that flows can name them by number.
struct Links {
  explicit Links(const json& by_name) {
    for (const auto& [name, capacity] : by_name.items()) {
      index[name] = capacities.size();
      capacities.push_back(capacity.get<double>());
    }
  }
  std::vector<std::size_t> route(const json& names) const {
    std::vector<std::size_t> links;
    for (const json& name : names) links.push_back(index.at(name.get<std::string>()));
    return links;
  }
  std::vector<double> capacities;
  std::map<std::string, std::size_t> index;
};

Answers static_shares(const json& in) {
  const Links links(in.at("capacities"));
  std::vector<SharedFlow> flows;
  for (std::size_t i = 0; i < in.at("routes").size(); ++i) {
    SharedFlow flow{links.route(in.at("routes")[i]), 1, {}};
    if (!in.at("weights").is_null()) flow.weight = in.at("weights")[i].get<double>();
    if (!in.at("rate_caps").is_null() && !in.at("rate_caps")[i].is_null()) {
      flow.rate_cap = in.at("rate_caps")[i].get<double>();
    }
    flows.push_back(flow);
  }
  return {{"rates", max_min_rates(links.capacities, flows)}};
}

Answers fluid_shares(const json& in) {
  const Links links(in.at("capacities"));
  std::vector<FluidTransfer> transfers;
  for (const json& flow : in.at("flows")) {
    transfers.push_back(
        {number(flow, "start"), number(flow, "size"), links.route(flow.at("route"))});
  }
  return {{"completion_times", fluid_completions(links.capacities, transfers)}};
}

Answers tcp(const json& in) {
  const LossyPath path{number(in, "mss"), number(in, "rtt"), number(in, "p")};
  const RenoTimers timers{number(in, "T0"), number(in, "b"), number(in, "Wmax_segments")};
  return {{"mathis_bps", {mathis_rate(path)}},
          {"pftk_approx_bps", {reno_rate_approximate(path, timers)}},
          {"pftk_full_bps", {reno_rate(path, timers)}},
          {"cubic_mean_window_segments", {cubic_window(path)}},
          {"cubic_bps", {cubic_rate(path)}}};
}

Answers first_round_trips(const json& in) {
  const SlowStartTime time =
      slow_start({number(in, "bytes"), number(in, "mss"), whole(in, "iw"), number(in, "rtt"),
                  number(in, "rate_bps"), number(in, "handshake_rtts")});
  return {{"rounds_before_final", {static_cast<double>(time.rounds)}},
          {"bytes_left_for_final", {time.bytes_left}},
          {"time", {time.seconds}},
          {"line_rate_only", {time.seconds_at_line_rate}}};
}

Answers window(const json& in) {
  const WindowLimit limit = window_limit(number(in, "window_bytes"), number(in, "rtt"),
                                         number(in, "rate_bps"), whole(in, "streams"));
  return {{"per_stream_bps", {limit.stream_rate}},
          {"aggregate_bps", {limit.total_rate}},
          {"bdp_bytes", {limit.bandwidth_delay_bytes}},
          {"streams_to_fill", {static_cast<double>(limit.streams_to_fill)}}};
}

Answers lv08(const json& in) {
  const double latency = number(in, "latency");
  const double bandwidth = number(in, "bandwidth_Bps");
  const double bytes = number(in, "bytes");
  return {{"time_crosstraffic", {lv08_time(latency, bandwidth, bytes, true)}},
          {"time_no_crosstraffic", {lv08_time(latency, bandwidth, bytes, false)}}};
}

Answers rare_overflow(const json& in) {
  return {
      {"probability", {overflow_probability(number(in, "lam"), number(in, "mu"), whole(in, "N"))}}};
}

Answers rare_tandem(const json& in) {
  return {{"probability",
           {tandem_overflow_probability(number(in, "lam"), number(in, "mu1"), number(in, "mu2"),
                                        whole(in, "N"))}}};
}

Answers rare_sum(const json& in) {
  return {{"probability", {erlang_tail(whole(in, "n"), number(in, "x"))}}};
}

Answers least_capacity(const json& in) {
  if (in.contains("t")) {
    const double rate = number(in, "lam");
    const double service_rate = number(in, "mu");
    const double wait = number(in, "t");
    const std::int64_t servers = fewest_servers(rate, service_rate, wait, 0.01);
    return {{"c", {static_cast<double>(servers)}},
            {"P_wait_gt_t", {ExponentialServers{rate, service_rate, servers}.wait_tail(wait)}},
            {"P_wait_gt_t_with_one_less",
             {ExponentialServers{rate, service_rate, servers - 1}.wait_tail(wait)}}};
  }
  const double rate = number(in, "lam");
  const double size = number(in, "mean_mbit");
  const double limit = number(in, "X");
  const double capacity = in.contains("q") ? fifo_link_rate(rate, size, number(in, "q"), limit)
                                           : shared_link_rate(rate, size, limit);
  return {{"R_mbps", {capacity}}, {"utilisation", {rate * size / capacity}}};
}

using Computation = std::function<Answers(const json&)>;

const std::map<std::string, Computation>& computations() {
  static const std::map<std::string, Computation> by_family{
      {"M/M/1", mm1},
      {"M/M/c", mmc},
      {"M/G/c/c loss", loss},
      {"M/M/1/K", mm1k},
      {"M/G/1", mg1},
      {"M/D/1", md1},
      {"M^[k]/M/1", batch},
      {"M/G/1-PS", processor_sharing},
      {"Jackson network", jackson},
      {"closed M/M/c//N", pollers},
      {"fork-join", fork_join},
      {"M/G/infinity", unlimited_transfers},
      {"order statistics", slowest},
      {"hypoexponential", pipeline},
      {"M/G/1 non-preemptive priority", priority},
      {"TTL cache", lifetime_cache},
      {"TTL chain", chain},
      {"LRU, Che approximation", che},
      {"LRU/FIFO/RANDOM exact", exact_caches},
      {"stale tag window", stale_tag},
      {"periodic polling", polling},
      {"blob-unknown race", blob_race},
      {"failover", failover},
      {"max-min fairness", static_shares},
      {"max-min fluid transfers", fluid_shares},
      {"TCP steady state", tcp},
      {"TCP slow start", first_round_trips},
      {"TCP window limit", window},
      {"SimGrid LV08", lv08},
      {"rare: M/M/1 busy-cycle overflow", rare_overflow},
      {"rare: tandem Jackson overflow", rare_tandem},
      {"rare: static splitting", rare_sum},
      {"capacity inversion", least_capacity},
  };
  return by_family;
}

const json& file() {
  static const json cases = [] {
    std::ifstream in(GEOREP_TEST_DATA "/analytic-cases.json");
    return json::parse(in);
  }();
  return cases;
}

std::vector<double> as_numbers(const json& value) {
  if (value.is_boolean()) return {value.get<bool>() ? 1.0 : 0.0};
  if (value.is_array()) return value.get<std::vector<double>>();
  return {value.get<double>()};
}

}  // namespace

std::vector<AnalyticCase> analytic_cases() {
  std::vector<AnalyticCase> cases;
  for (const json& each : file().at("cases")) {
    if (each.at("check") == "exploration") continue;
    AnalyticCase one{each.at("id"), each.at("family"), each.at("check"), {}};
    for (const auto& [name, value] : each.at("expected").items()) {
      one.expected[name] = as_numbers(value);
    }
    cases.push_back(one);
  }
  return cases;
}

Answers theory_of(const std::string& id) {
  for (const json& each : file().at("cases")) {
    if (each.at("id") == id) return computations().at(each.at("family"))(each.at("inputs"));
  }
  throw std::out_of_range("no case " + id);
}

}  // namespace georep::test
