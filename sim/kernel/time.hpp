// Simulated time: a signed 64-bit count of nanoseconds, as two strong types that cannot be confused.
// No double is ever a time. Arithmetic is checked: an overflow is a fault of the program.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include "sim/kernel/assert.hpp"

namespace georep {

/// A length of simulated time in nanoseconds. May be negative (a clock's skew).
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration nanoseconds(std::int64_t count) { return Duration{count}; }

  /// Seconds as a real number, rounded up to the next whole nanosecond.
  /// Asserts that the result fits in 63 bits.
  static Duration from_seconds(double seconds);

  /// A real number of nanoseconds, rounded up to a whole one; taken as whole where it is one but for the errors of a few
  /// multiplications (1e-12 of it). Asserts that the result fits in 63 bits.
  static Duration from_nanoseconds(double nanoseconds);

  static constexpr Duration max() {
    return Duration{std::numeric_limits<std::int64_t>::max()};
  }

  constexpr std::int64_t count() const { return count_; }
  constexpr double seconds() const { return static_cast<double>(count_) / 1e9; }

  friend constexpr auto operator<=>(Duration, Duration) = default;

  friend constexpr Duration operator+(Duration a, Duration b) {
    std::int64_t sum = 0;
    GEOREP_ASSERT(!__builtin_add_overflow(a.count_, b.count_, &sum), "a duration fits in 63 bits");
    return Duration{sum};
  }
  friend constexpr Duration operator-(Duration a, Duration b) {
    std::int64_t difference = 0;
    GEOREP_ASSERT(!__builtin_sub_overflow(a.count_, b.count_, &difference),
                  "a duration fits in 63 bits");
    return Duration{difference};
  }
  friend constexpr Duration operator*(Duration a, std::int64_t factor) {
    std::int64_t product = 0;
    GEOREP_ASSERT(!__builtin_mul_overflow(a.count_, factor, &product),
                  "a duration fits in 63 bits");
    return Duration{product};
  }
  friend constexpr Duration operator*(std::int64_t factor, Duration a) { return a * factor; }
  constexpr Duration operator-() const { return Duration{} - *this; }
  constexpr Duration& operator+=(Duration other) { return *this = *this + other; }

 private:
  explicit constexpr Duration(std::int64_t count) : count_{count} {}
  std::int64_t count_ = 0;
};

/// A point of simulated time: nanoseconds since the run began. Never negative in a run.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant at(Duration since_start) { return Instant{since_start}; }
  static constexpr Instant never() { return Instant{Duration::max()}; }

  constexpr Duration since_start() const { return since_start_; }
  constexpr std::int64_t count() const { return since_start_.count(); }
  constexpr double seconds() const { return since_start_.seconds(); }

  friend constexpr auto operator<=>(Instant, Instant) = default;

  friend constexpr Instant operator+(Instant a, Duration b) { return Instant{a.since_start_ + b}; }
  friend constexpr Instant operator-(Instant a, Duration b) { return Instant{a.since_start_ - b}; }
  friend constexpr Duration operator-(Instant a, Instant b) {
    return a.since_start_ - b.since_start_;
  }

 private:
  explicit constexpr Instant(Duration since_start) : since_start_{since_start} {}
  Duration since_start_;
};

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long n) {
  return Duration::nanoseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_us(unsigned long long n) {
  return Duration::nanoseconds(static_cast<std::int64_t>(n)) * 1'000;
}
constexpr Duration operator""_ms(unsigned long long n) {
  return Duration::nanoseconds(static_cast<std::int64_t>(n)) * 1'000'000;
}
constexpr Duration operator""_s(unsigned long long n) {
  return Duration::nanoseconds(static_cast<std::int64_t>(n)) * 1'000'000'000;
}
constexpr Duration operator""_min(unsigned long long n) { return operator""_s(n) * 60; }
constexpr Duration operator""_h(unsigned long long n) { return operator""_s(n) * 3'600; }
constexpr Duration operator""_d(unsigned long long n) { return operator""_s(n) * 86'400; }
}  // namespace literals

}  // namespace georep
