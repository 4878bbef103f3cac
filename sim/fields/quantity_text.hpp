// How quantities are written and read: `250 ms`, `1h30m`, `30 MiB`, `10 Gbps`, `3 /min`, `0.01%`,
// `0.02 USD/GB`. Numbers are decimal and exact: no double takes part where the result is an
// integer. What does not divide rounds up, to a nanosecond, a byte, a bit per second.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "sim/fields/quantities.hpp"

namespace georep {

/// Why a text is no such quantity, and what to write instead.
struct TextProblem {
  std::string message;
  std::string hint;
};

template <class T>
using Parsed = std::expected<T, TextProblem>;

Parsed<Duration> parse_duration(std::string_view text);
Parsed<Bytes> parse_size(std::string_view text);
Parsed<Bandwidth> parse_bandwidth(std::string_view text);  ///< `unlimited` too
Parsed<Rate> parse_rate(std::string_view text);
Parsed<Ratio> parse_ratio(std::string_view text);
Parsed<Price> parse_price(std::string_view text);
/// A duration, a size, a percentage, US dollars or a plain number, by its unit.
Parsed<Quantity> parse_quantity(std::string_view text);
/// An integer as YAML 1.2 has them: decimal, 0x… or 0o….
Parsed<std::int64_t> parse_integer(std::string_view text);
/// A finite real number.
Parsed<double> parse_real(std::string_view text);

/// The shortest exact way to write it, in the greatest unit that divides it.
std::string text_of(Duration duration);
std::string text_of(Bytes size);
std::string text_of(Bandwidth bandwidth);
std::string text_of(Rate rate);
std::string text_of(Ratio ratio);
std::string text_of(Price price);
std::string text_of(const Quantity& quantity);
/// The shortest decimal that reads back as the same number.
std::string text_of_real(double number);

/// What a message says is expected: `a duration, such as 250 ms (ns, us, ms, s, min, h or d)`.
inline constexpr std::string_view duration_units = "ns, us, ms, s, min, h or d";
inline constexpr std::string_view size_units = "B, kB, MB, GB, TB, KiB, MiB, GiB or TiB";
inline constexpr std::string_view bandwidth_units =
    "bps, kbps, Mbps, Gbps, Tbps, kB/s, MB/s or GB/s";
inline constexpr std::string_view rate_units = "/s, /min, /h or /d";

/// The patterns of the JSON Schema (ECMA 262) that accept what the parsers accept, but for
/// overflow.
inline constexpr std::string_view duration_pattern =
    "^-?([0-9]+(\\.[0-9]+)? *(ns|us|µs|ms|s|min|m|h|d) *)+$";
inline constexpr std::string_view size_pattern =
    "^[0-9]+(\\.[0-9]+)? *(B|kB|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|PiB)$";
inline constexpr std::string_view bandwidth_pattern =
    "^([0-9]+(\\.[0-9]+)? *([kKMGT]?bps|[kKMGT]?bit/s|[kKMGT]?B/s|[KMGT]iB/s)|unlimited)$";
inline constexpr std::string_view rate_pattern = "^[0-9]+(\\.[0-9]+)? */ *(s|min|h|d)$";
inline constexpr std::string_view percentage_pattern = "^[0-9]+(\\.[0-9]+)? *%$";
inline constexpr std::string_view price_pattern = "^[0-9]+(\\.[0-9]+)? *USD */ *(kB|MB|GB|TB)$";

}  // namespace georep
