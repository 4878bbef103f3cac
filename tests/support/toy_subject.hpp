// The registry in miniature as a search takes it.
#pragma once

#include <string>

#include "analysis/exploration/subject.hpp"
#include "tests/support/registry_toy.hpp"

namespace georep::test {

class ToySubject : public Subject {
 public:
  ToySubject(Order order, bool invalidates, bool old_cached)
      : order_{order}, invalidates_{invalidates}, old_cached_{old_cached} {}
  Simulation& simulation() override { return simulation_; }
  std::uint64_t execute() override {
    simulation_.reset(1, 0);
    toy_.start(order_, invalidates_, old_cached_);
    simulation_.run();
    return 0;
  }
  const std::string& outcome() const { return toy_.outcome; }

 private:
  Simulation simulation_;
  Toy toy_{simulation_};
  Order order_;
  bool invalidates_;
  bool old_cached_;
};

}  // namespace georep::test
