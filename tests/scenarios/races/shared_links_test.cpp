// Transfers that share links: whatever their real sharing comes to, for any times at which they begin, is among what the search sees that lets each of them
// take any share.
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/exploration/exhaustive.hpp"
#include "models/network/network.hpp"
#include "tests/support/tiny_scenarios.hpp"

using namespace georep;

namespace {

/// A few transfers over one or two links, each begun within bounds. The order in which they end is the outcome.
class Transfers : public Subject, public Freedom {
 public:
  explicit Transfers(std::uint64_t seed) : random_{seed}, plan_{make_plan()}, network_{simulation_, plan_} {
    const std::int64_t count = 2 + random_.below(3);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t first = random_.below(20);
      flows_.push_back({1'000 * (1 + random_.below(12)), first, first + random_.below(20),
                        static_cast<std::uint32_t>(random_.below(2))});
    }
  }

  Simulation& simulation() override { return simulation_; }
  Network& network() { return network_; }
  test::SmallRandom& random() { return random_; }

  Range delay(std::uint64_t site, ChoiceKind kind, Duration nominal) const override {
    if (kind == ChoiceKind::sharing) return {Duration{}, nominal};
    return {Duration::nanoseconds(1000 * flows_[site].first), Duration::nanoseconds(1000 * flows_[site].last)};
  }

  std::uint64_t execute() override {
    simulation_.reset(1, 0);
    network_.reset();
    order_.clear();
    for (std::size_t i = 0; i < flows_.size(); ++i) simulation_.spawn(carry(i));
    simulation_.run();
    return 0;
  }
  const std::string& order() const { return order_; }

 private:
  struct Flow {
    std::int64_t bytes;
    std::int64_t first;
    std::int64_t last;
    std::uint32_t to;
  };

  NetworkPlan make_plan() {
    NetworkPlan plan;
    // One link to each of two regions, behind one egress that all of it shares.
    const Bandwidth slow{8'000'000'000};
    plan.regions = {{"here", Bandwidth{12'000'000'000}, Bandwidth::unlimited(), {}},
                    {"there", Bandwidth::unlimited(), Bandwidth::unlimited(), {}},
                    {"yonder", Bandwidth::unlimited(), Bandwidth::unlimited(), {}}};
    for (const std::uint32_t to : {1U, 2U})
      plan.links.push_back({RegionId{0}, static_cast<RegionId>(to), Duration::nanoseconds(2000), slow});
    return plan;
  }

  Task<void> carry(std::size_t place) {
    const Flow& flow = flows_[place];
    const Deadline begin = simulation_.choose_moment(place, ChoiceKind::client_start,
                                                     Duration::nanoseconds(1000 * flow.first));
    co_await simulation_.until(begin);
    TransferRequest request;
    request.from = RegionId{0};
    request.to = static_cast<RegionId>(1 + flow.to);
    request.bytes = flow.bytes;
    request.name = 100 + place;
    co_await network_.transfer(request);
    simulation_.note_write(SharedObject::of(1, 0, 0));
    order_ += static_cast<char>('a' + place);
  }

  test::SmallRandom random_;
  Simulation simulation_;
  NetworkPlan plan_;
  Network network_;
  std::vector<Flow> flows_;
  std::string order_;
};

/// Begins each transfer at some time within its bounds.
class AtRandom : public Chooser {
 public:
  AtRandom(test::SmallRandom& random, const Freedom& freedom) : random_{random}, freedom_{freedom} {}
  std::size_t choose_event(std::span<Event* const> candidates) override {
    return static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(candidates.size())));
  }
  std::uint32_t choose(std::uint64_t, ChoiceKind, std::uint32_t) override { return 0; }
  Duration choose_delay(std::uint64_t site, ChoiceKind kind, Duration nominal,
                        const Deadline&) override {
    if (kind != ChoiceKind::client_start) return nominal;
    const Freedom::Range range = freedom_.delay(site, kind, nominal);
    return range.least +
           Duration::nanoseconds(random_.below((range.most - range.least).count() + 1));
  }

 private:
  test::SmallRandom& random_;
  const Freedom& freedom_;
};

std::set<std::string> orders_that_really_happen(Transfers& transfers, int runs) {
  std::set<std::string> orders;
  AtRandom chooser{transfers.random(), transfers};
  transfers.simulation().set_chooser(&chooser);
  for (int run = 0; run < runs; ++run) {
    transfers.execute();
    orders.insert(transfers.order());
  }
  transfers.simulation().set_chooser(nullptr);
  return orders;
}

std::set<std::string> orders_with_any_share(Transfers& transfers) {
  transfers.network().take_any_share();
  std::set<std::string> orders;
  bool more_transfers = true;
  while (more_transfers) {
    orders.clear();
    more_transfers = false;
    ExhaustiveSearch search{transfers, transfers};
    const auto result = search.run([&](const Trace&, const SchedulePlan&) {
      more_transfers = transfers.network().had_more_transfers();
      CHECK_FALSE(transfers.network().had_transfers());
      orders.insert(transfers.order());
      return !more_transfers;
    });
    CHECK((more_transfers || (result.complete && result.all_noted)));
  }
  return orders;
}

void compare_orders(std::uint64_t scenarios) {
  std::size_t real = 0;
  std::size_t possible = 0;
  for (std::uint64_t seed = 1; seed <= scenarios; ++seed) {
    CAPTURE(seed);
    Transfers transfers{seed};
    const std::set<std::string> happen = orders_that_really_happen(transfers, 200);
    const std::set<std::string> seen = orders_with_any_share(transfers);
    for (const std::string& order : happen) {
      CAPTURE(order);
      CHECK(seen.contains(order));
    }
    real += happen.size();
    possible += seen.size();
  }
  // Much of it does happen.
  CHECK(possible < 4 * real);
}

}  // namespace

TEST_CASE("the orders in which transfers really end are among those of transfers that take any share") {
  compare_orders(150);
}

TEST_CASE("the orders in which thousands of transfers really end are among those of any share" * doctest::skip()) {
  compare_orders(5'000);
}
