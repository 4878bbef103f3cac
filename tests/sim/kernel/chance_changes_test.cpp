#include <doctest/doctest.h>

#include <vector>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

using namespace georep;

namespace {

// Draws one number and one exponential delay after another.
Task<void> walk(Simulation& simulation, int steps, std::vector<double>& drawn) {
  Distribution law;
  law.law = Distribution::Law::exponential;
  law.a = 1e9;
  for (int step = 0; step < steps; ++step) {
    Draw draw = simulation.chance().draw(1, Purpose::test, static_cast<std::uint64_t>(step));
    drawn.push_back(draw.uniform());
    const Duration delay = simulation.draw_delay(law, draw);
    co_await simulation.delay(delay);
  }
}

struct Walk {
  std::vector<double> drawn;
  std::uint64_t trace_hash;
};

Walk walk_with(Simulation& simulation) {
  Walk result;
  simulation.spawn(walk(simulation, 10, result.drawn));
  simulation.run();
  result.trace_hash = simulation.trace_hash();
  return result;
}

}  // namespace

TEST_CASE("runs that change their chance at an event are the same before it and differ after it") {
  Simulation simulation{3, 0};
  const Walk plain = walk_with(simulation);
  simulation.reset(3, 0);
  simulation.change_chance(5, Chance{3, 1});
  simulation.change_chance(8, Chance{3, 2});
  const Walk changed = walk_with(simulation);
  for (std::size_t i = 0; i < 10; ++i) {
    CAPTURE(i);
    CHECK((plain.drawn[i] == changed.drawn[i]) == (i < 4));
  }
  simulation.reset(3, 1);
  const Walk other = walk_with(simulation);
  for (std::size_t i = 0; i < 10; ++i) {
    CAPTURE(i);
    CHECK((other.drawn[i] == changed.drawn[i]) == (i >= 4 && i < 7));
  }
}

TEST_CASE("a reset forgets changes of chance that were to come") {
  Simulation simulation{3, 0};
  const Walk plain = walk_with(simulation);
  simulation.reset(3, 0);
  simulation.change_chance(5, Chance{3, 1});
  simulation.reset(3, 0);
  CHECK(walk_with(simulation).trace_hash == plain.trace_hash);
}

TEST_CASE("who reveals delays hears the law, the chance, the instant and the event of each") {
  class Doubler : public DelayRevealer {
   public:
    Duration reveal(const Distribution& law, double u, Instant now, EventOrdinal ordinal) override {
      instants.push_back(now);
      ordinals.push_back(ordinal);
      return Duration::nanoseconds(2 * quantile(law, u));
    }
    std::vector<Instant> instants;
    std::vector<EventOrdinal> ordinals;
  };
  Simulation simulation{3, 0};
  walk_with(simulation);
  const Instant end = simulation.now();
  Doubler doubler;
  simulation.reset(3, 0);
  simulation.set_revealer(&doubler);
  walk_with(simulation);
  CHECK(simulation.now() - Instant{} == (end - Instant{}) * 2);
  REQUIRE(doubler.ordinals.size() == 10);
  CHECK(doubler.instants.front() == Instant{});
  CHECK(doubler.ordinals.front() == 1);
  CHECK(doubler.ordinals.back() == 10);
}
