// Chance: streams of random numbers keyed by what they are for, never by the order of drawing.
#pragma once

#include <cstdint>

namespace georep {

class Chance {
 public:
  Chance(std::uint64_t seed, std::uint64_t run) : seed_{seed}, run_{run} {}
  std::uint64_t seed() const { return seed_; }
  std::uint64_t run() const { return run_; }

 private:
  std::uint64_t seed_;
  std::uint64_t run_;
};

}  // namespace georep
