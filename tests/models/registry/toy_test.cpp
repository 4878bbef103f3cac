// The registry in miniature, searched without reduction. Interleavings and outcomes: tests/data/analytic-cases.json, `toy-*` (enumeration,
// confirmed with Spin).
#include <cstdint>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/depth_first.hpp"
#include "tests/support/registry_toy.hpp"

using namespace georep;

namespace {

struct Visited {
  std::uint64_t interleavings;
  std::set<std::string> outcomes;
};

Visited visit(test::Order order, bool invalidates, bool old_cached) {
  test::DepthFirst search;
  Simulation simulation;
  simulation.set_chooser(&search);
  test::Toy toy{simulation};
  Visited visited{0, {}};
  visited.interleavings = search.visit_all([&] {
    simulation.reset(1, 0);
    toy.start(order, invalidates, old_cached);
    simulation.run();
    visited.outcomes.insert(toy.outcome);
  });
  return visited;
}

using Outcomes = std::set<std::string>;

}  // namespace

TEST_CASE("copying everything at once lets a pull meet a manifest without its blobs") {
  const Visited visited = visit(test::Order::concurrent, false, false);
  CHECK(visited.interleavings == 114);
  CHECK(visited.outcomes == Outcomes{"blob-unknown", "manifest-unknown", "ok-new"});
}

TEST_CASE("invalidating without ordering creates the unknown blob where an old tag was cached") {
  const Visited visited = visit(test::Order::concurrent, true, true);
  CHECK(visited.interleavings == 102);
  CHECK(visited.outcomes == Outcomes{"blob-unknown", "ok-new", "old"});
}

TEST_CASE("the manifest first lets a pull meet it without its blobs") {
  const Visited visited = visit(test::Order::manifest_first, true, true);
  CHECK(visited.interleavings == 21);
  CHECK(visited.outcomes == Outcomes{"blob-unknown", "ok-new", "old"});
}

TEST_CASE("the blobs first leave a pull with an unknown manifest or all of the image") {
  const Visited visited = visit(test::Order::blobs_first, false, false);
  CHECK(visited.interleavings == 10);
  CHECK(visited.outcomes == Outcomes{"manifest-unknown", "ok-new"});
}

TEST_CASE("the blobs first and then invalidating leave a pull with the old image or the new one") {
  const Visited visited = visit(test::Order::blobs_first, true, true);
  CHECK(visited.interleavings == 5);
  CHECK(visited.outcomes == Outcomes{"ok-new", "old"});
}

TEST_CASE("without invalidation an old cached tag yields the old image only") {
  for (const test::Order order :
       {test::Order::concurrent, test::Order::manifest_first, test::Order::blobs_first})
    CHECK(visit(order, false, true).outcomes == Outcomes{"old"});
}
