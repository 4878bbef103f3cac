// The storage as a queue and the cache as a TTL cache, against closed forms (tests/data/analytic-cases.json: mm1-*, mmc-*, md1-*, ttl-*).
#include <vector>

#include <doctest/doctest.h>

#include "models/registry/registry.hpp"
#include "models/world/plan.hpp"
#include "tests/support/batch_means.hpp"
#include "tests/support/world_builder.hpp"

using namespace georep;

namespace {

/// One replica asked for one tag by a Poisson stream, `rate` requests a second.
struct Arrivals {
  explicit Arrivals(const WorldSpec& spec) : plan{*compile(spec)} {
    registry.reset({registry_member(plan, settings.registry, plan.replicas[0], simulation.chance())});
    facts.subscribe<StorageServed>([this](const StorageServed& fact) {
      waits.push_back(fact.wait.seconds());
      sojourns.push_back((fact.wait + fact.service).seconds());
    });
    facts.subscribe<CacheLookedUp>([this](const CacheLookedUp& fact) { hits.push_back(fact.hit); });
  }
  ~Arrivals() { simulation.reset(1, 0); }

  Task<void> ask(std::uint64_t number) {
    const ManifestRequest request{{names.repository_of(tag), tag, ManifestId::none}, number};
    Replica& replica = *registry.replicas()[0];
    if (registry.manifest_at_once(replica, request)) co_return;
    Reply<ManifestReply> later;
    TransferCanceller canceller;
    registry.manifest_later(replica, request, ReplyTo<ManifestReply>{later}, canceller);
    co_await later.wait();
  }
  Task<void> arrive(double rate, std::uint64_t requests) {
    for (std::uint64_t number = 0; number < requests; ++number) {
      Draw draw = simulation.chance().draw(name_hash("arrivals"), Purpose::arrival, number);
      co_await simulation.delay(Duration::from_seconds(draw.exponential(1 / rate)));
      simulation.spawn(ask(number));
    }
  }
  void run(double rate, std::uint64_t requests) {
    simulation.spawn(arrive(rate, requests));
    simulation.run();
  }

  Plan plan;
  WorldSpec settings = plan.spec;
  Simulation simulation{1, 0};
  FactBus facts;
  Content content = plan.content;
  Names names = plan.names;
  TagId tag = names.reference("app:v1");
  Network network{simulation, plan.network};
  Registry registry{simulation, facts, network, content, names, settings.registry};
  std::vector<double> waits;
  std::vector<double> sojourns;
  std::vector<double> hits;
};

WorldSpec queue(std::int64_t servers, DurationLaw service_time) {
  WorldSpec spec = test::WorldBuilder{{"west"}}.spec;
  spec.registry.storage.servers = servers;
  spec.registry.storage.service_time = std::move(service_time);
  return spec;
}

DurationLaw exponential(double mean_s) {
  Distribution law;
  law.law = Distribution::Law::exponential;
  law.a = mean_s * 1e9;
  return law;
}

}  // namespace

TEST_CASE("storage with one exponential server is an M/M/1 queue") {
  struct Case {
    double arrivals, service_rate, mean_sojourn, mean_wait;
  };
  for (const Case& c : {Case{0.5, 1.0, 2.0, 1.0}, Case{8.0, 10.0, 0.5, 0.4}}) {
    Arrivals arrivals{queue(1, exponential(1 / c.service_rate))};
    arrivals.run(c.arrivals, 200'000);
    const test::Interval sojourn = test::batch_means(arrivals.sojourns);
    const test::Interval wait = test::batch_means(arrivals.waits);
    CHECK(sojourn.contains(c.mean_sojourn));
    CHECK(wait.contains(c.mean_wait));
    CHECK(sojourn.half_width < 0.08 * c.mean_sojourn);
  }
}

TEST_CASE("storage with several exponential servers is an M/M/c queue") {
  struct Case {
    double arrivals;
    std::int64_t servers;
    double mean_wait;
  };
  for (const Case& c : {Case{8.0, 10, 0.2045900753982}, Case{45.0, 50, 0.0727728934414}}) {
    Arrivals arrivals{queue(c.servers, exponential(1))};
    arrivals.run(c.arrivals, 200'000);
    const test::Interval wait = test::batch_means(arrivals.waits);
    CHECK(wait.contains(c.mean_wait));
    CHECK(wait.half_width < 0.3 * c.mean_wait);
  }
}

TEST_CASE("storage with one constant server is an M/D/1 queue") {
  Arrivals arrivals{queue(1, always(1_s))};
  arrivals.run(0.8, 200'000);
  const test::Interval wait = test::batch_means(arrivals.waits);
  CHECK(wait.contains(2.0));
  CHECK(wait.half_width < 0.1 * 2.0);
}

TEST_CASE("the manifest cache is a TTL cache that hits do not renew") {
  // hit = lambda T / (1 + lambda T), remembering "unknown", since nothing was pushed.
  struct Case {
    double arrivals;
    Duration ttl;
    double hit_ratio;
  };
  for (const Case& c : {Case{0.1, 60_s, 0.8571428571429}, Case{0.001, 3600_s, 0.7826086956522}}) {
    WorldSpec spec = queue(1, always(0_s));
    spec.registry.manifest_cache = ManifestCacheSpec{};
    spec.registry.manifest_cache->negative_ttl = c.ttl;
    Arrivals arrivals{spec};
    arrivals.run(c.arrivals, 200'000);
    const test::Interval hits = test::batch_means(arrivals.hits);
    CHECK(hits.contains(c.hit_ratio));
    CHECK(hits.half_width < 0.02 * c.hit_ratio);
  }
}
