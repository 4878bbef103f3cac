// Pushes, pulls and replication cancelled at each point where they may wait: nothing of theirs is left behind, and the bytes balance.
#include <doctest/doctest.h>

#include "models/clients/client.hpp"
#include "models/registry/replication.hpp"
#include "models/world/plan.hpp"

using namespace georep;

namespace {

WorldSpec busy_spec() {
  WorldSpec spec;
  spec.network.bandwidth = 100_Mbps;
  spec.registry.storage.servers = 1;
  spec.registry.storage.service_time = always(3_ms);
  for (const char* name : {"west", "east"}) {
    RegionSpec region;
    region.name = name;
    spec.network.regions.push_back(region);
    HostSpec host;
    host.name = name;
    host.region = name;
    host.parallel_downloads = 2;
    host.download = 80_Mbps;
    spec.hosts.push_back(host);
  }
  LinkSpec link;
  link.ends = LinkBetween{{"west", "east"}};
  link.rtt = 30_ms;
  spec.network.links.push_back(link);
  ImageSpec image;
  image.name = "hello";
  image.content = LayeredImage{{LayerUse{1_MB}, LayerUse{2_MB}, LayerUse{3_MB}}};
  spec.images.push_back(image);
  TimelineEntry entry;
  PullAction pull;
  pull.reference = "app:v1";
  pull.on = "west";
  entry.at = 0_s;
  entry.action = pull;
  spec.timeline.push_back(entry);
  return spec;
}

/// The models without a timeline: the test starts and cancels what it likes.
struct Fixture {
  explicit Fixture(const Plan& compiled) : plan{compiled} {
    registry.on_commit([this](const Change& change) { replication.publish(change); });
    std::vector<Registry::Member> members;
    for (const RegionId region : plan.replicas)
      members.push_back(registry_member(plan, spec.registry, region, simulation.chance()));
    registry.reset(members);
    replication.reset(replication_routes(plan, spec.registry, plan.replicas));
    routing.reset(routing_policy(plan, spec.routing));
  }
  ~Fixture() {
    replication.reset({});
    simulation.reset(1, 0);
  }

  Task<void> push(Host& host) {
    Session session{simulation, routing, spec.routing, host, OperationKind::push, tag, ++operations};
    const Outcome outcome = co_await client.push(session, tag, plan.images.at("hello"));
    done = outcome.has_value();
  }
  Task<void> pull(Host& host) {
    const Reference reference{names.repository_of(tag), tag, ManifestId::none};
    Session session{simulation, routing, spec.routing, host, OperationKind::pull, tag, ++operations};
    const Outcome outcome = co_await client.pull(session, reference);
    done = outcome.has_value();
  }

  /// Dispatches that many events, or all there are. Says whether there were as many.
  bool run_events(std::uint64_t count) {
    class Stopper : public KernelListener {
     public:
      Stopper(Simulation& stopped, std::uint64_t last) : simulation_{stopped}, last_{last} {}
      void began() override {}
      void scheduled(const Event&, const Deadline&, EventOrdinal) override {}
      void cancelled(const Event&, EventOrdinal) override {}
      void dispatched(const Event&, Instant, EventOrdinal ordinal) override {
        if (ordinal >= last_) simulation_.stop();
      }
      void accessed(SharedObject, Access) override {}
      void within(SharedObject) override {}
      void compared(const Deadline&, bool) override {}
      void ordered(const Deadline&, const Deadline&, bool) override {}
      SharedObject named(bool) override { return {}; }

     private:
      Simulation& simulation_;
      std::uint64_t last_;
    };
    Stopper stopper{simulation, simulation.events() + count};
    simulation.set_listener(&stopper);
    const RunEnd end = simulation.run();
    simulation.set_listener(nullptr);
    return end == RunEnd::stopped;
  }

  /// What a cancelled operation may not leave behind.
  void check_clean() {
    simulation.run();
    CHECK(network.transfers() == 0);
    for (const auto& replica : registry.replicas()) {
      CHECK(replica->storage_servers.busy() == 0);
      CHECK(replica->storage_servers.waiting() == 0);
      CHECK(replica->serving.empty());
    }
    CHECK(replication.idle());
    CHECK(simulation.foreground_pending() == 0);
  }

  const Plan& plan;
  WorldSpec spec = plan.spec;
  Simulation simulation;
  FactBus facts;
  Content content = plan.content;
  Names names = plan.names;
  TagId tag = names.reference("app:v1");
  std::vector<Host> hosts = plan.hosts;
  Network network{simulation, plan.network};
  Registry registry{simulation, facts, network, content, names, spec.registry};
  Replication replication{simulation, facts, network, registry};
  TrafficManager routing{simulation, facts, network, registry, spec.routing};
  Client client{simulation, facts, network, registry};
  bool done = false;
  std::uint64_t operations = 0;
};

}  // namespace

TEST_CASE("a push cancelled at any event leaves nothing behind, and the next push succeeds") {
  const auto plan = compile(busy_spec());
  REQUIRE(plan.has_value());
  std::uint64_t points = 0;
  for (bool more = true; more; ++points) {
    Fixture fixture{*plan};
    {
      ProcessScope scope{fixture.simulation};
      scope.start(fixture.push(fixture.hosts[0]));
      more = fixture.run_events(points + 1);
    }
    fixture.check_clean();
    fixture.done = false;
    fixture.simulation.spawn(fixture.push(fixture.hosts[0]));
    fixture.check_clean();
    CHECK(fixture.done);
    CHECK(fixture.registry.serves(*fixture.registry.replicas()[1], RepositoryId{0},
                                  fixture.plan.images.at("hello")));
  }
  CHECK(points > 30);
}

TEST_CASE("a pull cancelled at any event leaves nothing behind, and the next pull succeeds") {
  const auto plan = compile(busy_spec());
  REQUIRE(plan.has_value());
  std::uint64_t points = 0;
  for (bool more = true; more; ++points) {
    Fixture fixture{*plan};
    fixture.simulation.spawn(fixture.push(fixture.hosts[0]));
    fixture.check_clean();
    {
      ProcessScope scope{fixture.simulation};
      scope.start(fixture.pull(fixture.hosts[1]));
      more = fixture.run_events(points + 1);
    }
    fixture.check_clean();
    fixture.done = false;
    fixture.simulation.spawn(fixture.pull(fixture.hosts[1]));
    fixture.check_clean();
    CHECK(fixture.done);
  }
  CHECK(points > 20);
}

TEST_CASE("a replication interrupted at any event is tried again and ends whole") {
  const auto plan = compile(busy_spec());
  REQUIRE(plan.has_value());
  std::uint64_t points = 0;
  for (bool more = true; more; ++points) {
    Fixture fixture{*plan};
    fixture.simulation.spawn(fixture.push(fixture.hosts[0]));
    more = fixture.run_events(points + 1);
    Replica& east = *fixture.registry.replicas()[1];
    fixture.registry.crash(east);
    fixture.replication.interrupt(east.region);
    fixture.registry.recover(east);
    fixture.check_clean();
    CHECK(fixture.registry.serves(east, RepositoryId{0}, fixture.plan.images.at("hello")));
  }
  CHECK(points > 50);
}
