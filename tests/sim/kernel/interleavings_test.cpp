// The choice of the next event, proved by counting: every interleaving of small programs is visited exactly once.
// Expected counts: tests/data/analytic-cases.json, `traces-*` (Abdulla et al., POPL 2014, and enumeration).
#include <vector>

#include <doctest/doctest.h>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"
#include "tests/support/depth_first.hpp"

using namespace georep;

namespace {

/// Processes over an array of shared integers; each access is one event.
struct Program {
  Simulation& simulation;
  std::vector<int> cells;

  Task<void> write(std::size_t cell, int value) {
    cells[cell] = value;
    co_return;
  }
  Task<void> read(std::size_t cell) {
    static_cast<void>(cells[cell]);
    co_return;
  }
  Task<void> increment(std::size_t cell) {
    const int seen = cells[cell];
    co_await simulation.delay(0_ns);
    cells[cell] = seen + 1;
  }
  Task<void> write_often(std::size_t cell, int times) {
    for (int i = 0; i < times; ++i) {
      if (i > 0) co_await simulation.delay(0_ns);
      cells[cell] = i;
    }
  }
  Task<void> find_last_zero(std::size_t from) {
    for (std::size_t cell = from; cells[cell] != 0; --cell) co_await simulation.delay(0_ns);
  }
  Task<void> successor(std::size_t cell) {
    const int seen = cells[cell - 1];
    co_await simulation.delay(0_ns);
    cells[cell] = seen + 1;
  }
};

template <class Start>
std::uint64_t interleavings(std::size_t cells, Start start) {
  test::DepthFirst search;
  Simulation simulation;
  simulation.set_chooser(&search);
  return search.visit_all([&] {
    simulation.reset(1, 0);
    Program program{simulation, std::vector<int>(cells, 0)};
    start(simulation, program);
    simulation.run();
    simulation.reset(1, 0);
  });
}

}  // namespace

TEST_CASE("four writers of one object interleave in 4! ways") {
  CHECK(interleavings(1, [](Simulation& simulation, Program& program) {
          for (int i = 0; i < 4; ++i) simulation.spawn(program.write(0, i));
        }) == 24);
}

TEST_CASE("a writer and five readers interleave in 6! ways") {
  CHECK(interleavings(1, [](Simulation& simulation, Program& program) {
          simulation.spawn(program.write(0, 1));
          for (int i = 0; i < 5; ++i) simulation.spawn(program.read(0));
        }) == 720);
}

TEST_CASE("three processes that read and then write interleave in 90 ways") {
  CHECK(interleavings(1, [](Simulation& simulation, Program& program) {
          for (int i = 0; i < 3; ++i) simulation.spawn(program.increment(0));
        }) == 90);
}

TEST_CASE("three processes of three private writes interleave in 1680 ways") {
  CHECK(interleavings(3, [](Simulation& simulation, Program& program) {
          for (std::size_t i = 0; i < 3; ++i) simulation.spawn(program.write_often(i, 3));
        }) == 1680);
}

TEST_CASE("the last-zero program of four interleaves in 44300 ways") {
  CHECK(interleavings(5, [](Simulation& simulation, Program& program) {
          simulation.spawn(program.find_last_zero(4));
          for (std::size_t i = 1; i <= 4; ++i) simulation.spawn(program.successor(i));
        }) == 44'300);
}
