// The wide-area platform and the transfers of the flow benchmarks, the same for georep, SimGrid and the floor. R regions, each with an egress
// and an ingress of 5 to 10 Gbit/s; in a mesh one link of 1 to 10 Gbit/s for every ordered pair, round trips of 10 to 250 ms. Every
// quantity is a whole number (bits a second, nanoseconds, bytes), so that no program rounds it in its own way.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace bench {

/// xoshiro256++ (Blackman and Vigna), seeded through splitmix64.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
      word = z ^ (z >> 31);
    }
  }
  std::uint64_t next() {
    const std::uint64_t result = rotated(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return result;
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double exponential() { return -std::log(1.0 - uniform()); }
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  static std::uint64_t rotated(std::uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }
  std::uint64_t state_[4];
};

struct Platform {
  explicit Platform(int count) : regions{count} {
    Generator generator{1234};
    const auto bits_per_second = [](double gigabits) {
      return static_cast<std::int64_t>(std::llround(gigabits * 1e9));
    };
    for (int region = 0; region < count; ++region) {
      egress.push_back(bits_per_second(5 + 5 * generator.uniform()));
      ingress.push_back(bits_per_second(5 + 5 * generator.uniform()));
      generator.next();
    }
    const auto pairs = static_cast<std::size_t>(count) * static_cast<std::size_t>(count);
    link.resize(pairs);
    latency_ns.resize(pairs);
    for (int from = 0; from < count; ++from)
      for (int to = 0; to < count; ++to) {
        link[pair(from, to)] = bits_per_second(1 + 9 * generator.uniform());
        if (to <= from) continue;
        const double seconds = 0.5 * (0.010 + 0.240 * generator.uniform());
        latency_ns[pair(from, to)] = latency_ns[pair(to, from)] = std::llround(seconds * 1e9);
      }
  }
  std::size_t pair(int from, int to) const {
    return static_cast<std::size_t>(from) * static_cast<std::size_t>(regions) +
           static_cast<std::size_t>(to);
  }

  int regions;
  std::vector<std::int64_t> egress;      // bits a second, by region
  std::vector<std::int64_t> ingress;     // likewise
  std::vector<std::int64_t> link;        // bits a second, by ordered pair
  std::vector<std::int64_t> latency_ns;  // one way, by ordered pair
};

struct PlannedTransfer {
  int from = 0;
  int to = 0;
  std::int64_t bytes = 0;
  std::int64_t think_ns = 0;
};

/// The k-th transfer of a slot: the same whatever the order of completions. Lognormal sizes with median 5 MB and sigma 1, after a pause
/// of 10 ms on average.
inline PlannedTransfer planned_transfer(int regions, std::uint64_t slot, std::uint64_t k) {
  Generator generator{slot * 0x9E3779B97F4A7C15 + k * 0xD1342543DE82EF95 + 99};
  PlannedTransfer result;
  result.from = static_cast<int>(generator.next() % static_cast<std::uint64_t>(regions));
  result.to = static_cast<int>(generator.next() % static_cast<std::uint64_t>(regions - 1));
  if (result.to >= result.from) ++result.to;
  result.bytes = static_cast<std::int64_t>(5e6 * std::exp(generator.normal())) + 1;
  result.think_ns = std::llround(0.010 * generator.exponential() * 1e9);
  return result;
}

/// What one slot may take at most, in bits a second, where every slot has a cap of its own: 100 to 1,000 Mbit/s, no two alike.
inline std::int64_t cap_of_slot(std::uint64_t slot) {
  Generator generator{slot * 0x9E3779B97F4A7C15 + 5};
  return std::llround(1e8 + 9e8 * generator.uniform());
}

/// The layers of an image of 2 GB: 20, of lognormal shares.
inline std::vector<std::int64_t> image_layers(int image) {
  Generator generator{777 + static_cast<std::uint64_t>(image)};
  std::vector<double> shares(20);
  double sum = 0;
  for (double& share : shares) sum += share = std::exp(1.5 * generator.normal());
  std::vector<std::int64_t> result;
  for (const double share : shares)
    result.push_back(static_cast<std::int64_t>(share / sum * 2e9) + 1);
  return result;
}

}  // namespace bench
