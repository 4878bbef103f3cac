#include "analysis/experiments/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <variant>
#include <vector>

#include "analysis/theory/caches.hpp"
#include "analysis/theory/queues.hpp"
#include "analysis/theory/staleness.hpp"

namespace georep {

namespace {

using theory::ServiceMoments;

constexpr double nanoseconds = 1e9;
// So many streams or places are never all taken.
constexpr std::int64_t plenty = 1000;
// What weighs less than this share of the rest is taken for nothing.
constexpr double next_to_nothing = 1e-3;
// What happens to a smaller share is left out, where next to nothing would be too much to ask.
constexpr double rarely = 0.01;
// A store that holds so many images, and as many not, is near enough to one of many (Che's approximation).
constexpr double images_in_a_store = 10;
constexpr double normal_quantile_99 = 2.3263478740408408;

/// Mean and mean square of a law, in its unit times `scale`; nothing where one of them is endless or not known here.
std::optional<ServiceMoments> moments_of(const Distribution& law, double scale) {
  const double a = law.a * scale;
  const double b = law.b * scale;
  switch (law.law) {
    case Distribution::Law::constant:
      return theory::constant_service(static_cast<double>(law.constant) * scale);
    case Distribution::Law::exponential:
      return theory::exponential_service(a);
    case Distribution::Law::uniform:
      return ServiceMoments{(a + b) / 2, (a * a + a * b + b * b) / 3};
    case Distribution::Law::lognormal: {
      const double sigma = std::log(b / a) / normal_quantile_99;
      return ServiceMoments{a * std::exp(sigma * sigma / 2), a * a * std::exp(2 * sigma * sigma)};
    }
    case Distribution::Law::pareto:
      if (law.b <= 2) return std::nullopt;
      return ServiceMoments{a * law.b / (law.b - 1), a * a * law.b / (law.b - 2)};
    case Distribution::Law::weibull:
      return ServiceMoments{a * std::tgamma(1 + 1 / law.b), a * a * std::tgamma(1 + 2 / law.b)};
    case Distribution::Law::empirical: {
      ServiceMoments moments{0, 0};
      for (const std::int64_t sample : *law.samples) {
        const double value = static_cast<double>(sample) * scale;
        moments.mean += value / static_cast<double>(law.samples->size());
        moments.second += value * value / static_cast<double>(law.samples->size());
      }
      return moments;
    }
    case Distribution::Law::normal:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_constant(const Distribution& law) { return law.law == Distribution::Law::constant; }
bool is_exponential(const Distribution& law) { return law.law == Distribution::Law::exponential; }
bool always_is(const CountLaw& law, std::int64_t count) { return is_constant(law) && law.constant == count; }

/// 0.99 of `p99`, 0.999 of `p999`.
std::optional<double> probability_of(const std::string& statistic) {
  if (statistic.size() < 3 || statistic.front() != 'p') return std::nullopt;
  double share = 0;
  double digit = 0.1;
  for (const char c : statistic.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    share += digit * (c - '0');
    digit /= 10;
  }
  return share;
}

std::optional<Prediction> prediction(double value, std::string_view law) { return Prediction{value, law}; }

class Theory {
 public:
  Theory(const Plan& plan, const MeasureExpectation& asked) : plan_{plan}, world_{plan.spec}, asked_{asked} {}

  std::optional<Prediction> predict() const {
    if (!is_plain()) return std::nullopt;
    const WorkloadSpec& workload = world_.workloads.front();
    const HostSpec* const host = host_of(workload);
    if (host == nullptr || host->count != 1) return std::nullopt;
    if (const auto* pulls = std::get_if<PullsSpec>(&workload.work))
      return world_.timeline.empty() ? of_pulls(*pulls, *host) : of_failover(workload, *pulls, *host);
    if (!world_.timeline.empty()) return std::nullopt;
    if (const auto* pushes = std::get_if<PushesSpec>(&workload.work)) return of_pushes(*pushes, *host);
    return std::nullopt;
  }

 private:
  // One stream of work, and nothing that limits or interferes.
  bool is_plain() const {
    return world_.clusters.empty() && world_.workloads.size() == 1 &&
           world_.network.jitter.value == 0 && world_.network.model == NetworkModel::flow && !world_.network.slow_start &&
           !world_.registry.limits.reads && !world_.registry.limits.writes && world_.registry.replication.policy == "standard" &&
           asked_.of.empty() && !asked_.link;
  }

  const HostSpec* host_of(const WorkloadSpec& workload) const {
    const auto found = std::find_if(world_.hosts.begin(), world_.hosts.end(),
                                    [&](const HostSpec& host) { return host.name == workload.on; });
    return found == world_.hosts.end() ? nullptr : &*found;
  }

  /// The one entry of the timeline, where it is a replica that fails.
  const FailAction* only_failure() const {
    if (world_.timeline.size() != 1 || !world_.timeline.front().at || world_.timeline.front().every) return nullptr;
    const auto* const failure = std::get_if<FailAction>(&world_.timeline.front().action);
    return failure != nullptr && std::holds_alternative<ReplicaFault>(failure->target) ? failure : nullptr;
  }

  bool goes_first_to(const std::string& replica, const HostSpec& host) const {
    if (const auto* priority = std::get_if<PriorityPolicy>(&world_.routing.policy)) return priority->regions.front() == replica;
    return std::holds_alternative<NearestPolicy>(world_.routing.policy) && host.region == replica &&
           (host.resolver.empty() || host.resolver == replica);
  }

  // Every pull times out from the failure until enough probes have failed, and then until the host asks for a replica anew.
  std::optional<Prediction> of_failover(const WorkloadSpec& workload, const PullsSpec& pulls, const HostSpec& host) const {
    const FailAction* const failure = only_failure();
    const std::optional<double> rate = rate_of(pulls.arrivals);
    const RoutingSpec& routing = world_.routing;
    if (failure == nullptr || !rate || !routing.probe || plan_.replicas.size() < 2 || asked_.measure != "errors" ||
        asked_.statistic != "count" || asked_.code != "TIMEOUT" || !asked_.region.empty())
      return std::nullopt;
    if (!host.endpoint.empty() || host.resolve != ResolveRule::ttl || pulls.retry.attempts != 1 ||
        !goes_first_to(std::get<ReplicaFault>(failure->target).region, host))
      return std::nullopt;
    const double failed_at = world_.timeline.front().at->seconds();
    const double interval = routing.probe->interval.seconds();
    // A probe at the very instant of the failure is answered.
    const double first_failing_probe = (std::floor(failed_at / interval) + 1) * interval;
    const double gone_at = first_failing_probe + static_cast<double>(routing.probe->tolerated_failures) * interval +
                           routing.probe->timeout.seconds();
    const double over_at = gone_at + routing.dns_ttl.seconds();
    const double begins = workload.from.seconds();
    const bool lasts = !failure->lasts || failed_at + failure->lasts->seconds() >= over_at;
    const bool seen_whole = begins <= failed_at && (!workload.until || workload.until->seconds() >= over_at) &&
                            world_.warmup.seconds() <= failed_at &&
                            (!world_.duration || world_.duration->seconds() >= over_at + host.timeout.seconds());
    if (!lasts || !seen_whole) return std::nullopt;
    const double kept = theory::kept_answer_left(*rate, routing.dns_ttl.seconds(), gone_at - begins);
    return prediction(*rate * (gone_at - failed_at + kept), "failover by DNS");
  }

  static std::optional<double> rate_of(const ArrivalsSpec& arrivals) {
    const auto* poisson = std::get_if<PoissonArrivals>(&arrivals);
    return poisson == nullptr ? std::nullopt : std::optional{poisson->rate.per_second};
  }

  bool asks_for_region(const std::string& region) const { return asked_.region.empty() || asked_.region == region; }

  std::optional<Prediction> of_pulls(const PullsSpec& pulls, const HostSpec& host) const {
    const std::optional<double> rate = rate_of(pulls.arrivals);
    if (!rate || plan_.replicas.size() != 1 || !asked_.code.empty()) return std::nullopt;
    const std::string& replica = plan_.region_name(plan_.replicas.front());
    if (!asks_for_region(replica)) return std::nullopt;
    if (replica != host.region) return of_layer_store(*rate, host);
    // Others ask twice for a manifest: by tag, then by digest.
    if (host.client != ClientKind::docker) return std::nullopt;
    return world_.registry.manifest_cache ? of_cache(pulls.catalog, *rate) : of_storage(*rate, host);
  }

  std::optional<Prediction> of_cache(const CatalogSpec& catalog, double rate) const {
    const ManifestCacheSpec& cache = *world_.registry.manifest_cache;
    const StorageSpec& storage = world_.registry.storage;
    const bool at_once = is_constant(storage.service_time) && storage.service_time.constant == 0;
    if (!at_once || cache.policy != "standard") return std::nullopt;
    const std::vector<double> shares = theory::zipf(catalog.repositories * catalog.tags, catalog.zipf);
    if (world_.registry.parent_cache) return of_two_caches(shares, rate);
    double hits = 0;
    for (const double share : shares)
      hits += share * theory::LifetimeCache{rate * share, cache.ttl.seconds()}.hit_ratio();
    if (asked_.measure == "cache_hit_ratio" && asked_.statistic == "mean") return prediction(hits, "lifetime cache");
    const std::optional<double> seconds = counted_seconds();
    if (asked_.measure != "storage_requests" || asked_.statistic != "sum" || !seconds) return std::nullopt;
    return prediction(rate * *seconds * (1 - hits), "lifetime cache");
  }

  std::optional<Prediction> of_two_caches(const std::vector<double>& shares, double rate) const {
    const ManifestCacheSpec& parent = *world_.registry.parent_cache;
    if (parent.policy != "standard") return std::nullopt;
    double reach_parent = 0;
    double reach_storage = 0;
    for (const double share : shares) {
      const theory::CacheChain chain = theory::cache_chain(
          rate * share, world_.registry.manifest_cache->ttl.seconds(), parent.ttl.seconds());
      reach_parent += chain.edge_miss_rate;
      reach_storage += chain.origin_rate;
    }
    const bool mean = asked_.statistic == "mean";
    constexpr std::string_view name = "two lifetime caches";
    if (asked_.measure == "cache_hit_ratio" && mean) return prediction(1 - reach_parent / rate, name);
    if (asked_.measure == "parent_cache_hit_ratio" && mean) return prediction(1 - reach_storage / reach_parent, name);
    const std::optional<double> seconds = counted_seconds();
    if (asked_.statistic != "sum" || !seconds) return std::nullopt;
    if (asked_.measure == "parent_cache_requests") return prediction(reach_parent * *seconds, name);
    if (asked_.measure == "storage_requests") return prediction(reach_storage * *seconds, name);
    return std::nullopt;
  }

  /// The seconds that measures count, where the workload goes on through all of them.
  std::optional<double> counted_seconds() const {
    const WorkloadSpec& workload = world_.workloads.front();
    if (!world_.duration || workload.from > world_.warmup || (workload.until && *workload.until < *world_.duration)) return std::nullopt;
    return (*world_.duration - world_.warmup).seconds();
  }

  /// What stands in a catalog's place for each blob of its images.
  struct Popular {
    std::vector<double> share;  ///< of the pulls, those that need it
    std::vector<double> bytes;
  };

  /// Nothing where one image is not small beside what the store holds, or beside what it does not.
  std::optional<Popular> blobs_of(const Catalog& catalog, double capacity) const {
    Popular blobs;
    double largest = 0;
    for (std::size_t rank = 0; rank < catalog.images.size(); ++rank) {
      double image = 0;
      for (const BlobId blob : plan_.content.closure(catalog.images[rank].manifest)) {
        blobs.share.push_back(catalog.popularity.share(rank));
        blobs.bytes.push_back(static_cast<double>(plan_.content.blob(blob).bytes));
        image += blobs.bytes.back();
      }
      largest = std::max(largest, image);
    }
    const double outside = std::accumulate(blobs.bytes.begin(), blobs.bytes.end(), 0.0) - capacity;
    if (largest * images_in_a_store > std::min(capacity, outside)) return std::nullopt;
    return blobs;
  }

  std::optional<Prediction> of_layer_store(double rate, const HostSpec& host) const {
    const std::optional<double> seconds = counted_seconds();
    const bool priced = asked_.measure == "egress_cost" && world_.network.price.egress;
    if (!seconds || !host.layer_store || asked_.statistic != "sum" ||
        !(priced || asked_.measure == "egress_bytes" || asked_.measure == "link_bytes"))
      return std::nullopt;
    const auto capacity = static_cast<double>(host.layer_store->count);
    const auto blobs = blobs_of(plan_.catalogs[plan_.workloads.front().catalog], capacity);
    if (!blobs) return std::nullopt;
    const theory::CheApproximation store = theory::che_approximation(blobs->share, blobs->bytes, capacity);
    // The store has to be full before anything is counted.
    const double before = (world_.warmup - world_.workloads.front().from).seconds();
    if (rate * before < 2 * store.characteristic_requests) return std::nullopt;
    double fetched = static_cast<double>(world_.registry.manifest_size.count);
    for (std::size_t i = 0; i < blobs->share.size(); ++i) fetched += blobs->share[i] * (1 - store.hit_ratio_of[i]) * blobs->bytes[i];
    if (!fetches_are_short(rate, fetched, *blobs, store, host)) return std::nullopt;
    const double bytes = rate * *seconds * fetched;
    return prediction(priced ? bytes / 1e9 * world_.network.price.egress->usd_per_gb : bytes, "layer store by Che");
  }

  /// A blob that is pulled again while it is on its way is fetched twice: whether that is rare.
  bool fetches_are_short(double rate, double fetched, const Popular& blobs, const theory::CheApproximation& store,
                         const HostSpec& host) const {
    const StorageSpec& storage = world_.registry.storage;
    const auto way = this->way(plan_.replicas.front(), *plan_.region(host.region));
    if (!way || !is_constant(storage.service_time) || storage.service_time.constant != 0) return false;
    double bandwidth = std::min(way->bandwidth, way->stream);
    if (host.download != Bandwidth::unlimited())
      bandwidth = std::min(bandwidth, static_cast<double>(host.download.bits_per_second) / 8);
    const double load = rate * fetched / bandwidth;
    if (load >= 1) return false;
    double fetched_twice = 0;
    double longest = 0;
    for (std::size_t i = 0; i < blobs.share.size(); ++i) {
      const double seconds = way->round_trip + blobs.bytes[i] / bandwidth / (1 - load);
      longest = std::max(longest, seconds);
      fetched_twice += blobs.share[i] * (1 - store.hit_ratio_of[i]) * blobs.bytes[i] * rate * blobs.share[i] * seconds;
    }
    return fetched_twice < rarely * fetched && host.timeout.seconds() > 20 * longest;
  }

  std::optional<Prediction> of_storage(double rate, const HostSpec& host) const {
    const StorageSpec& storage = world_.registry.storage;
    const auto service = moments_of(storage.service_time, 1 / nanoseconds);
    if (!storage.servers || !service || service->mean <= 0) return std::nullopt;
    const auto servers = static_cast<double>(*storage.servers);
    const double load = rate * service->mean / servers;
    if (load >= 1) return std::nullopt;
    if (asked_.measure == "storage_utilization" && asked_.statistic == "mean") return prediction(load, "load");
    // A client that gives up leaves the queue.
    const double patience = host.timeout.seconds();
    if (asked_.measure != "storage_wait" || patience < 20 * service->mean / (servers * (1 - load))) return std::nullopt;
    const std::optional<double> probability = probability_of(asked_.statistic);
    if (is_exponential(storage.service_time)) {
      const theory::ExponentialServers queue{rate, 1 / service->mean, *storage.servers};
      if (asked_.statistic == "mean") return prediction(queue.means().wait, "M/M/c");
      if (probability) return prediction(queue.wait_quantile(*probability), "M/M/c");
      return std::nullopt;
    }
    if (*storage.servers != 1) return std::nullopt;
    if (asked_.statistic == "mean") return prediction(theory::single_server(rate, *service).wait, "M/G/1");
    if (probability && is_constant(storage.service_time))
      return prediction(theory::constant_service_wait_quantile(rate, service->mean, *probability), "M/D/1");
    return std::nullopt;
  }

  struct Way {
    double round_trip = 0;
    double bandwidth = 0;  ///< bytes per second; of what binds on the way
    double stream = 0;     ///< likewise, of one stream alone
  };

  std::optional<Way> way(RegionId from, RegionId to) const {
    const auto link = plan_.network.direct(from, to);
    if (!link || plan_.network.links[index(*link)].loss > 0) return std::nullopt;
    const NetworkPlan::Link& direct = plan_.network.links[index(*link)];
    const Bandwidth least = std::min({direct.bandwidth, plan_.network.regions[index(from)].egress,
                                      plan_.network.regions[index(to)].ingress});
    Way way{direct.rtt.seconds(), INFINITY, INFINITY};
    if (least != Bandwidth::unlimited()) way.bandwidth = static_cast<double>(least.bits_per_second) / 8;
    if (plan_.network.stream_window && way.round_trip > 0)
      way.stream = static_cast<double>(plan_.network.stream_window->count) / way.round_trip;
    return way;
  }

  static bool step_by_step(const ReplicationSpec& replication) {
    return !replication.order.empty() && replication.order.front() == ReplicationStage{ReplicationStep::blobs} &&
           std::all_of(replication.order.begin(), replication.order.end(),
                       [](const ReplicationStage& stage) { return stage.size() == 1; });
  }

  std::optional<Prediction> of_pushes(const PushesSpec& pushes, const HostSpec& host) const {
    const std::optional<double> rate = rate_of(pushes.arrivals);
    const RegistrySpec& registry = world_.registry;
    const bool one_blob = always_is(pushes.layers.count, 1) && always_is(pushes.layers.changed, 1) && registry.config_size.count == 0;
    if (!rate || !one_blob || !asked_.code.empty() || plan_.replicas.size() != 2 || asked_.measure != "replication_lag" ||
        !step_by_step(registry.replication) || !is_constant(registry.replication.start_delay))
      return std::nullopt;
    const bool first = plan_.region_name(plan_.replicas[0]) == host.region;
    if (!first && plan_.region_name(plan_.replicas[1]) != host.region) return std::nullopt;
    const RegionId origin = plan_.replicas[first ? 0 : 1];
    const RegionId destination = plan_.replicas[first ? 1 : 0];
    const std::optional<Way> way = this->way(origin, destination);
    const auto size = moments_of(pushes.layers.size, 1);
    if (!way || !size || !asks_for_region(plan_.region_name(destination))) return std::nullopt;
    if (static_cast<double>(registry.manifest_size.count) > next_to_nothing * size->mean) return std::nullopt;
    return of_link(*rate, *size, pushes.layers.size, *way);
  }

  std::optional<Prediction> of_link(double rate, ServiceMoments size, const Distribution& law, const Way& way) const {
    const ReplicationSpec& replication = world_.registry.replication;
    const double asking = static_cast<double>(replication.round_trips_per_blob) * way.round_trip;
    const double before_and_after = static_cast<double>(replication.start_delay.constant) / nanoseconds + way.round_trip / 2;
    const double alone = std::min(way.bandwidth, way.stream);
    if (!std::isfinite(alone)) return std::nullopt;
    const bool is_mean = asked_.statistic == "mean";
    if (replication.streams == 1) {
      // The stream is held while the blob is asked for.
      const ServiceMoments service{asking + size.mean / alone,
                                   asking * asking + 2 * asking * size.mean / alone + size.second / (alone * alone)};
      if (rate * service.mean >= 1) return std::nullopt;
      if (is_mean) return prediction(before_and_after + theory::single_server(rate, service).sojourn, "M/G/1");
      const std::optional<double> probability = probability_of(asked_.statistic);
      if (!probability || asking > next_to_nothing * service.mean) return std::nullopt;
      if (is_exponential(law))
        return prediction(before_and_after + theory::ExponentialServers{rate, 1 / service.mean}.sojourn_quantile(*probability), "M/M/1");
      if (!is_constant(law)) return std::nullopt;
      const double wait = theory::constant_service_wait_quantile(rate, service.mean, *probability);
      return prediction(before_and_after + wait + service.mean, "M/D/1");
    }
    if (!is_mean || replication.streams < plenty || replication.concurrency < plenty) return std::nullopt;
    if (!std::isfinite(way.bandwidth)) return prediction(before_and_after + asking + size.mean / alone, "M/G/infinity");
    const theory::ProcessorSharing sharing{rate, size.mean / way.bandwidth};
    if (way.stream < way.bandwidth || sharing.utilization() >= 1) return std::nullopt;
    return prediction(before_and_after + asking + sharing.mean_sojourn(), "processor sharing");
  }

  const Plan& plan_;
  const WorldSpec& world_;
  const MeasureExpectation& asked_;
};

}  // namespace

std::optional<Prediction> predicted_figure(const Plan& plan, const ExpectationSpec& expectation) {
  const auto* measure = std::get_if<MeasureExpectation>(&expectation.what);
  return measure == nullptr ? std::nullopt : Theory{plan, *measure}.predict();
}

}  // namespace georep
