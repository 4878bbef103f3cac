// Quantities of the scenario language as strong types, so that a size is never taken for a
// bandwidth. Durations and instants are the kernel's. How they are written (`30 MiB`, `10 Gbps`) is
// in quantity_text.hpp.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/time.hpp"

namespace georep {

/// Where something stands in a scenario file, counted from 1; line 0 where it came from no file. It
/// never takes part in a comparison: two specs are equal wherever they were written.
struct Place {
  int line = 0;
  int column = 0;
  friend constexpr bool operator==(Place, Place) { return true; }
};

/// A size in bytes.
struct Bytes {
  std::int64_t count = 0;
  friend constexpr auto operator<=>(Bytes, Bytes) = default;
};

/// A bandwidth in bits per second (SI). Unlimited is the greatest value.
struct Bandwidth {
  std::int64_t bits_per_second = 0;

  static constexpr Bandwidth unlimited() { return {std::numeric_limits<std::int64_t>::max()}; }
  constexpr bool is_unlimited() const { return *this == unlimited(); }
  friend constexpr auto operator<=>(Bandwidth, Bandwidth) = default;
};

/// How often something happens: `50 /s`, `200 /h`.
struct Rate {
  double per_second = 0;
  friend constexpr auto operator<=>(Rate, Rate) = default;
};

/// A share of a whole: `20%` is 0.2.
struct Ratio {
  double value = 0;
  friend constexpr auto operator<=>(Ratio, Ratio) = default;
};

/// A price in US dollars per gigabyte (10^9 bytes).
struct Price {
  double usd_per_gb = 0;
  friend constexpr auto operator<=>(Price, Price) = default;
};

inline namespace literals {
constexpr Bytes operator""_B(unsigned long long n) {
  return {static_cast<std::int64_t>(n)};
}
constexpr Bytes operator""_KiB(unsigned long long n) {
  return operator""_B(n << 10);
}
constexpr Bytes operator""_MiB(unsigned long long n) {
  return operator""_B(n << 20);
}
constexpr Bytes operator""_GiB(unsigned long long n) {
  return operator""_B(n << 30);
}
constexpr Bytes operator""_kB(unsigned long long n) {
  return operator""_B(n * 1'000);
}
constexpr Bytes operator""_MB(unsigned long long n) {
  return operator""_B(n * 1'000'000);
}
constexpr Bytes operator""_GB(unsigned long long n) {
  return operator""_B(n * 1'000'000'000);
}
constexpr Bandwidth operator""_Mbps(unsigned long long n) {
  return {static_cast<std::int64_t>(n * 1'000'000)};
}
constexpr Bandwidth operator""_Gbps(unsigned long long n) {
  return {static_cast<std::int64_t>(n * 1'000'000'000)};
}
}  // namespace literals

/// What a law draws.
enum class Drawn : std::uint8_t {
  duration,  ///< nanoseconds
  size,      ///< bytes
  count,     ///< a whole number
};

/// A law of probability in a spec, and for an empirical one the file that its samples came from,
/// relative to the scenario's folder. The reader fills `samples` from it.
template <Drawn what>
struct LawSpec : Distribution {
  std::string file;

  LawSpec() = default;
  LawSpec(Distribution drawn_from) : Distribution{std::move(drawn_from)} {}

  friend bool operator==(const LawSpec& x, const LawSpec& y) {
    return x.law == y.law && x.constant == y.constant && x.a == y.a && x.b == y.b &&
           x.file == y.file;
  }
};
using DurationLaw = LawSpec<Drawn::duration>;
using SizeLaw = LawSpec<Drawn::size>;
using CountLaw = LawSpec<Drawn::count>;

/// The law that always draws `value`.
inline DurationLaw always(Duration value) {
  return Distribution::always(value.count());
}
inline SizeLaw always(Bytes value) {
  return Distribution::always(value.count);
}
inline CountLaw always_count(std::int64_t value) {
  return Distribution::always(value);
}

/// A quantity whose dimension depends on what it is compared with, such as the bound of a measure.
/// The value is in nanoseconds, bytes or US dollars, or a plain number for a count or a ratio.
struct Quantity {
  enum class Dimension : std::uint8_t { number, ratio, duration, size, money };
  Dimension dimension = Dimension::number;
  double value = 0;
  friend bool operator==(const Quantity&, const Quantity&) = default;
};

}  // namespace georep
