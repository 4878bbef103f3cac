#include "analysis/races/rounder_figures.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "sim/fields/quantity_text.hpp"

namespace georep {

namespace {

struct Figure {
  std::int64_t digits = 0;  ///< without the trailing zeros
  int zeros = 0;
  std::string_view unit;  ///< and the space before it
};

constexpr std::int64_t most_digits = 1'000'000'000'000'000;

std::optional<Figure> figure(std::string_view text) {
  Figure result;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, result.digits);
  if (error != std::errc{} || result.digits <= 0 || result.digits > most_digits) return std::nullopt;
  result.unit = {end, static_cast<std::size_t>(last - end)};
  if (result.unit.find_first_of(".0123456789") != std::string_view::npos) return std::nullopt;
  for (; result.digits % 10 == 0; result.digits /= 10) ++result.zeros;
  return result;
}

std::string written(std::int64_t digits, int zeros, std::string_view unit) {
  return fmt::format("{}{}{}", digits, std::string(static_cast<std::size_t>(zeros), '0'), unit);
}

}  // namespace

std::vector<std::string> rounder_figures(std::string_view text) {
  const std::optional<Figure> given = figure(text);
  std::vector<std::string> simpler;
  if (!given) return simpler;
  // Fewest digits first; of two neighbours the nearer one.
  int places = 0;
  for (std::int64_t digits = given->digits; digits >= 10; digits /= 10) ++places;
  std::int64_t step = 1;
  for (int i = 0; i < places; ++i) step *= 10;
  for (; step > 1; step /= 10, --places) {
    const std::int64_t down = given->digits / step;
    const bool is_nearer_up = given->digits % step * 2 >= step;
    const int zeros = given->zeros + places;
    const std::string below = written(down, zeros, given->unit);
    const std::string above = written(down + 1, zeros, given->unit);
    simpler.push_back(is_nearer_up ? above : below);
    simpler.push_back(is_nearer_up ? below : above);
  }
  const bool is_amount = parse_size(text) || (given->unit.empty() && parse_integer(text));
  if (is_amount && given->digits < 10)
    for (std::int64_t digit = 1; digit < given->digits; ++digit)
      simpler.push_back(written(digit, given->zeros, given->unit));
  if (given->unit.empty() && given->zeros > 0) simpler.push_back("1");
  return simpler;
}

}  // namespace georep
