// Numbers with units that a sweep or a plan moves along: `100 Mbps`, `30 s`, `16`, `20%`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/fields/quantity_text.hpp"

namespace georep {

/// A number of the scenario language together with what it counts.
struct Magnitude {
  enum class Unit : std::uint8_t { integer, real, duration, size, bandwidth, rate, ratio, price };
  Unit unit = Unit::real;
  double value =
      0;  ///< in nanoseconds, bytes, bits per second, per second, US dollars a GB, or plain

  /// Whether it counts whole things, so that there is nothing between two neighbours.
  bool whole() const;
  /// How the scenario language writes it. Whole units round up.
  std::string text() const;
  friend bool operator==(const Magnitude&, const Magnitude&) = default;
};

Parsed<Magnitude> parse_magnitude(std::string_view text);

/// The same with at most so many significant digits; no more than this is ever meant by a value
/// that lies between two given ones.
Magnitude rounded(Magnitude magnitude, int digits = 4);

/// The middle of two of one unit: the geometric one where `by_ratio`, else the arithmetic one.
Magnitude between(const Magnitude& low, const Magnitude& high, bool by_ratio);

/// `count` values from `low` to `high`, both included, evenly spaced or by even ratios. Values in
/// between are rounded, and no value comes twice.
std::vector<Magnitude> spaced(const Magnitude& low, const Magnitude& high, std::int64_t count,
                              bool by_ratio);

}  // namespace georep
