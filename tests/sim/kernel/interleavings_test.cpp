// The choice of the next event, proved by counting: every interleaving of small programs is visited exactly once.
// Expected counts: tests/data/analytic-cases.json, `traces-*` (Abdulla et al., POPL 2014, and enumeration).
#include <doctest/doctest.h>

#include "tests/support/depth_first.hpp"
#include "tests/support/small_programs.hpp"

using namespace georep;

namespace {

std::uint64_t interleavings(const test::Start& start) {
  test::DepthFirst search;
  Simulation simulation;
  simulation.set_chooser(&search);
  return search.visit_all([&] {
    simulation.reset(1, 0);
    test::Program program{simulation, 8};
    start(program);
    simulation.run();
    simulation.reset(1, 0);
  });
}

}  // namespace

TEST_CASE("four writers of one object interleave in 4! ways") {
  CHECK(interleavings(test::writers(4)) == 24);
}

TEST_CASE("a writer and five readers interleave in 6! ways") {
  CHECK(interleavings(test::readers(5)) == 720);
}

TEST_CASE("three processes that read and then write interleave in 90 ways") {
  CHECK(interleavings(test::counters(3)) == 90);
}

TEST_CASE("three processes of three private writes interleave in 1680 ways") {
  CHECK(interleavings(test::independent(3, 3)) == 1680);
}

TEST_CASE("the last-zero program of four interleaves in 44300 ways") {
  CHECK(interleavings(test::last_zero(4)) == 44'300);
}
