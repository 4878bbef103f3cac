#include "analysis/experiments/variation.hpp"

#include <optional>

#include "analysis/experiments/magnitude.hpp"

namespace georep {
namespace {

constexpr std::int64_t most_values = 100'000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Splits at commas outside of brackets, braces and quotes.
std::vector<std::string_view> items_of(std::string_view text) {
  std::vector<std::string_view> items;
  int depth = 0;
  char quote = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      items.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  items.push_back(text.substr(start));
  return items;
}

// `lo..hi:n` or `lo..hi:n:log`; nothing where the text is no range at all.
std::optional<std::expected<std::vector<std::string>, std::string>> range_of(
    std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos || text.find_first_of("[{\"'") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(dots + 2);
  const bool by_ratio = rest.ends_with(":log");
  if (by_ratio) rest.remove_suffix(4);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) {
    return std::unexpected("the range '" + std::string(text) +
                           "' does not say how many values: write lo..hi:n or lo..hi:n:log");
  }
  const auto low = parse_magnitude(trimmed(text.substr(0, dots)));
  const auto high = parse_magnitude(trimmed(rest.substr(0, colon)));
  const auto count = parse_integer(trimmed(rest.substr(colon + 1)));
  if (!low) return std::unexpected(low.error().message);
  if (!high) return std::unexpected(high.error().message);
  if (!count || *count < 2 || *count > most_values) {
    return std::unexpected("a range has from 2 to 100000 values");
  }
  Magnitude from = *low;
  Magnitude to = *high;
  // `0.5..2` mixes a real number and an integer; both are real then.
  using Unit = Magnitude::Unit;
  if (from.unit == Unit::real && to.unit == Unit::integer) to.unit = Unit::real;
  if (from.unit == Unit::integer && to.unit == Unit::real) from.unit = Unit::real;
  if (from.unit != to.unit) return std::unexpected("the ends of a range have one unit");
  if (by_ratio && (from.value <= 0 || to.value <= 0)) {
    return std::unexpected("a range by even ratios lies above 0");
  }
  std::vector<std::string> values;
  for (const Magnitude& value : spaced(from, to, *count, by_ratio)) values.push_back(value.text());
  return values;
}

}  // namespace

std::expected<Variation, std::string> parse_variation(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return std::unexpected("'" + std::string(text) + "' has no path: write path=a,b,c");
  }
  Variation variation{std::string(trimmed(text.substr(0, equals))), {}};
  const std::string_view values = trimmed(text.substr(equals + 1));
  if (const auto range = range_of(values)) {
    if (!*range) return std::unexpected(range->error());
    variation.values = **range;
    return variation;
  }
  for (const std::string_view item : items_of(values)) {
    if (trimmed(item).empty())
      return std::unexpected("a value of '" + variation.path + "' is empty");
    variation.values.emplace_back(trimmed(item));
  }
  return variation;
}

std::vector<PointSettings> all_points(const std::vector<Variation>& variations) {
  std::vector<PointSettings> points{{}};
  for (const Variation& variation : variations) {
    std::vector<PointSettings> longer;
    for (const PointSettings& point : points) {
      for (const std::string& value : variation.values) {
        longer.push_back(point);
        longer.back().emplace_back(variation.path, value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::string text_of(const PointSettings& settings) {
  std::string text;
  for (const auto& [path, value] : settings) {
    if (!text.empty()) text += ' ';
    text += path + '=' + value;
  }
  return text;
}

}  // namespace georep
