// Chance: counter-based streams of random numbers, keyed by what they are for and never by the
// order of drawing. Adding a host, changing a bandwidth or swapping two messages shifts no other
// draw, and a sweep gets common random numbers for free. The generator is Philox4x64-10: Salmon,
// Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/kernel/distribution.hpp"

namespace georep {

/// What a draw is for. The numbers are part of every seeded result: add at the end, never change
/// one.
enum class Purpose : std::uint32_t {
  latency = 0,        ///< the delay of a message
  loss = 1,           ///< whether a packet or a message is lost
  bandwidth = 2,      ///< the rate or the length of a transfer
  storage = 3,        ///< how long storage takes
  start_delay = 4,    ///< how long a replication waits before it starts
  retry = 5,          ///< the jitter of a retry
  fault = 6,          ///< whether, when and how long a fault strikes
  arrival = 7,        ///< when the next operation of a workload comes
  selection = 8,      ///< which item an operation is about
  size = 9,           ///< how big a thing is
  content = 10,       ///< what a thing consists of
  routing = 11,       ///< where a weighted policy leads
  clock_skew = 12,    ///< how wrong a clock is
  client_start = 13,  ///< when a client acts
  webhook = 14,       ///< the fate of a webhook's delivery
  statistics = 15,    ///< resampling, outside of any run
  test = 16,          ///< tests and benchmarks
  search = 17,        ///< what a search tries, outside of any model
};

/// A stable 64-bit hash of a name (FNV-1a), the same on every machine and in every version.
/// Source: Fowler, Noll, Vo; RFC 9923.
constexpr std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char character : name)
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001B3ULL;
  return hash;
}

/// A stable 64-bit hash of two: what names a thing within another. Not symmetric.
/// Source: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
constexpr std::uint64_t combined_hash(std::uint64_t first, std::uint64_t second) {
  std::uint64_t hash = first * 0x9E3779B97F4A7C15ULL + second + 0x632BE59BD9B4E019ULL;
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31);
}

/// The generator itself: one block of random words for a counter and a key, ten rounds.
std::array<std::uint64_t, 4> philox_block(const std::array<std::uint64_t, 4>& counter,
                                          const std::array<std::uint64_t, 2>& key);

/// One stream of random words. A value: copying it forks it, both copies go on alike. Costs nothing
/// until the first word, then one block of Philox for each four.
class Draw {
 public:
  /// 64 random bits.
  std::uint64_t next_u64() {
    const std::uint64_t block = position_ / 4;
    if (block != block_) compute(block);
    return words_[position_++ % 4];
  }

  /// Passes over a word without computing it.
  void skip() { ++position_; }

  /// A number strictly between 0 and 1: an odd multiple of 2^-53, so that 1 - u is exact and as
  /// likely as u.
  double uniform() { return (static_cast<double>(next_u64() >> 12) + 0.5) * 0x1p-52; }

  /// True with probability p; never for p = 0, always for p = 1.
  bool bernoulli(double p) { return uniform() < p; }

  /// A whole number from 0 to n - 1, each exactly equally likely; n > 0. May take more than one
  /// word. Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
  std::uint64_t uniform_below(std::uint64_t n);

  /// Exponential with the given mean, by inversion.
  double exponential(double mean);

 private:
  friend class Chance;
  Draw(std::uint64_t seed, std::uint64_t run, std::uint64_t entity, Purpose purpose,
       std::uint64_t index)
      : key_{seed, run}, stream_{entity, index, static_cast<std::uint64_t>(purpose)} {}
  void compute(std::uint64_t block);

  static constexpr std::uint64_t no_block = ~std::uint64_t{0};

  std::array<std::uint64_t, 2> key_;
  std::array<std::uint64_t, 3> stream_;
  std::uint64_t position_ = 0;
  std::uint64_t block_ = no_block;
  std::array<std::uint64_t, 4> words_{};
};

/// All the randomness of one run.
class Chance {
 public:
  /// `seed` is the root seed; `run` the index of an independent run under it.
  Chance(std::uint64_t seed, std::uint64_t run) : seed_{seed}, run_{run} {}
  std::uint64_t seed() const { return seed_; }
  std::uint64_t run() const { return run_; }

  /// The stream of one decision: whom it concerns (the hash of a name that does not depend on the
  /// order of declaration), what it is for, and which one of them it is (the number of the
  /// operation or the message).
  Draw draw(std::uint64_t entity, Purpose purpose, std::uint64_t index) const {
    return Draw{seed_, run_, entity, purpose, index};
  }

 private:
  std::uint64_t seed_;
  std::uint64_t run_;
};

/// The greatest value that a law yields, whatever its parameters: 146 years in nanoseconds, so that
/// a clock can still hold the sum.
inline constexpr std::int64_t greatest_sample = std::int64_t{1} << 62;

/// The value below which the law stays with probability u, for 0 < u < 1: its inverse distribution
/// function, rounded up to a whole unit and never negative. Not decreasing in u, provided that
/// `samples` are sorted.
std::int64_t quantile(const Distribution& law, double u);

/// Draws from the law with one word of the stream, whatever the law, so that another law changes no
/// other draw.
std::int64_t sample(const Distribution& law, Draw& draw);

/// The mean of the law before rounding. Infinite for a Pareto law whose shape is at most 1.
double mean(const Distribution& law);

}  // namespace georep
