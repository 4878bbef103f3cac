#include "analysis/reports/figures.hpp"

#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace georep {

namespace {

// The number with four significant digits, without an exponent where it has up to 15 digits.
std::string digits(double value) {
  const double magnitude = std::fabs(value);
  if (magnitude >= 1000 && magnitude < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

std::string scaled(double value, const std::array<std::pair<double, const char*>, 4>& units) {
  for (const auto& [size, name] : units)
    // What would round up to a thousand of a unit is one of the next.
    if (std::fabs(value) >= size * 0.99995) return digits(value / size) + " " + name;
  return digits(value / units.back().first) + " " + units.back().second;
}

std::string in_parts(std::int64_t whole, std::int64_t unit, const char* name, const char* part_name) {
  const std::int64_t part = whole % unit;
  if (part == 0) return fmt::format("{} {}", whole / unit, name);
  return fmt::format("{} {} {} {}", whole / unit, name, part, part_name);
}

}  // namespace

std::string figure(Duration duration) {
  const double seconds = duration.seconds();
  const double magnitude = std::fabs(seconds);
  if (duration.count() == 0) return "0 s";
  if (magnitude >= 86'400) return in_parts(std::llround(seconds / 3600), 24, "d", "h");
  if (magnitude >= 3600) return in_parts(std::llround(seconds / 60), 60, "h", "min");
  if (magnitude >= 120) return in_parts(std::llround(seconds), 60, "min", "s");
  return scaled(seconds, {{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}}});
}

std::string figure(Instant at) {
  return figure(at.since_start());
}

std::string figure_of_bytes(double bytes) {
  if (std::fabs(bytes) >= 1e12) return digits(bytes / 1e12) + " TB";
  return scaled(bytes, {{{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}}});
}

std::string figure(double value, std::string_view unit) {
  if (std::isnan(value)) return "none";
  if (unit == "s") return figure(Duration::from_seconds(value));
  if (unit == "bytes" || unit == "B") return figure_of_bytes(value);
  if (unit == "ratio") return digits(100 * value) + " %";
  if (unit.empty() || unit == "count") return digits(value);
  return digits(value) + " " + std::string{unit};
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

}  // namespace georep
