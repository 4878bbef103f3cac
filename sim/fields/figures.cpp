#include "sim/fields/figures.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

namespace georep {

namespace {

using Unit = std::pair<double, const char*>;

std::string printed(double value, std::chars_format format, int digits) {
  std::array<char, 400> buffer{};  // the longest double without an exponent has 309 digits
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, digits);
  return error == std::errc{} ? std::string{buffer.data(), end} : std::string{};
}

// Whole digits are never dropped, so that there is no exponent but of what is tiny.
std::string significant(double value, int digits) {
  double whole = 10;
  for (int i = 1; i < digits; ++i) whole *= 10;
  if (std::fabs(value) >= whole) return printed(value, std::chars_format::fixed, 0);
  return printed(value, std::chars_format::general, digits);
}

// In the greatest unit that the value fills; what would round up to a thousand of a unit is one of the next.
std::string scaled(double value, std::span<const Unit> units, int digits) {
  for (const auto& [size, name] : units)
    if (std::fabs(value) >= size * (1 - 5e-7)) return significant(value / size, digits) + " " + name;
  return significant(value / units.back().first, digits) + " " + units.back().second;
}

std::string in_parts(std::int64_t whole, std::int64_t unit, const char* name, const char* part_name) {
  const std::int64_t part = whole % unit;
  std::string text = std::to_string(whole / unit) + " " + name;
  if (part != 0) text += " " + std::to_string(part) + " " + part_name;
  return text;
}

}  // namespace

std::string figure_in_one_unit(Duration duration, int digits) {
  constexpr std::array<Unit, 4> units = {{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}}};
  if (duration.count() == 0) return "0 s";
  if (duration.count() < 0) return "-" + figure_in_one_unit(-duration, digits);
  return scaled(duration.seconds(), units, digits);
}

std::string figure(Duration duration, int digits) {
  if (duration.count() < 0) return "-" + figure(-duration, digits);
  const double seconds = duration.seconds();
  if (seconds >= 86'400) return in_parts(std::llround(seconds / 3600), 24, "d", "h");
  if (seconds >= 3600) return in_parts(std::llround(seconds / 60), 60, "h", "min");
  if (seconds >= 120) return in_parts(std::llround(seconds), 60, "min", "s");
  return figure_in_one_unit(duration, digits);
}

std::string figure(Instant at, int digits) {
  return figure(at.since_start(), digits);
}

std::string figure_in_one_unit(Instant at, int digits) {
  return figure_in_one_unit(at.since_start(), digits);
}

std::string figure_of_bytes(double bytes, int digits) {
  constexpr std::array<Unit, 5> units = {{{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}}};
  return scaled(bytes, units, digits);
}

std::string figure_of_ratio(double ratio, int digits) {
  return significant(100 * ratio, digits) + "%";
}

std::string figure_of_number(double number, int digits) {
  const bool countable = number >= 0 && number < 1e15 && number == std::floor(number);
  return countable ? grouped(static_cast<std::uint64_t>(number)) : significant(number, digits);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return grouped(number) + " " + std::string{noun} + (number == 1 ? "" : "s");
}

}  // namespace georep
