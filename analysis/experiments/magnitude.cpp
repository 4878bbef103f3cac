#include "analysis/experiments/magnitude.hpp"

#include <cmath>
#include <tuple>

#include "sim/kernel/elementary.hpp"

namespace georep {
namespace {

std::int64_t whole_units(double value) {
  return static_cast<std::int64_t>(std::ceil(value));
}

double at_share(double low, double high, double share, bool by_ratio) {
  // Exact at the ends, which the logarithm would not be.
  if (share == 0) return low;
  if (share == 1) return high;
  if (!by_ratio) return low + (high - low) * share;
  return low * elementary::exp(elementary::log(high / low) * share);
}

// `646.3 Mbps` rather than `646300 kbps`; as exact.
std::string short_text(Bandwidth bandwidth) {
  constexpr std::int64_t thousand = 1000;
  constexpr std::int64_t most_shown = 10'000;
  const std::string plain = text_of(bandwidth);
  for (const auto& [smaller, unit, larger] : {std::tuple{" kbps", thousand, " Mbps"}, std::tuple{" Mbps", thousand * thousand, " Gbps"}}) {
    if (!plain.ends_with(smaller) || bandwidth.bits_per_second / unit < most_shown) continue;
    const std::int64_t shown = bandwidth.bits_per_second / unit;
    std::string decimals = std::to_string(thousand + shown % thousand).substr(1);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    return std::to_string(shown / thousand) + "." + decimals + larger;
  }
  return plain;
}

}  // namespace

bool Magnitude::whole() const {
  return unit == Unit::integer || unit == Unit::duration || unit == Unit::size ||
         unit == Unit::bandwidth;
}

std::string Magnitude::text() const {
  switch (unit) {
    case Unit::integer:
      return std::to_string(whole_units(value));
    case Unit::real:
      return text_of_real(value);
    case Unit::duration:
      return text_of(Duration::nanoseconds(whole_units(value)));
    case Unit::size:
      return text_of(Bytes{whole_units(value)});
    case Unit::bandwidth:
      return short_text(Bandwidth{whole_units(value)});
    case Unit::rate:
      return text_of(Rate{value});
    case Unit::ratio:
      return text_of(Ratio{value});
    case Unit::price:
      return text_of(Price{value});
  }
  return {};
}

Parsed<Magnitude> parse_magnitude(std::string_view text) {
  using Unit = Magnitude::Unit;
  if (const auto number = parse_integer(text)) {
    return Magnitude{Unit::integer, static_cast<double>(*number)};
  }
  if (const auto number = parse_real(text)) return Magnitude{Unit::real, *number};
  if (const auto duration = parse_duration(text)) {
    return Magnitude{Unit::duration, static_cast<double>(duration->count())};
  }
  if (const auto size = parse_size(text)) {
    return Magnitude{Unit::size, static_cast<double>(size->count)};
  }
  if (const auto bandwidth = parse_bandwidth(text); bandwidth && !bandwidth->is_unlimited()) {
    return Magnitude{Unit::bandwidth, static_cast<double>(bandwidth->bits_per_second)};
  }
  if (const auto rate = parse_rate(text)) return Magnitude{Unit::rate, rate->per_second};
  if (const auto ratio = parse_ratio(text)) return Magnitude{Unit::ratio, ratio->value};
  if (const auto price = parse_price(text)) return Magnitude{Unit::price, price->usd_per_gb};
  return std::unexpected(TextProblem{"'" + std::string(text) + "' is no number",
                                     "a number with its unit, such as 100 Mbps, 30 s or 16"});
}

Magnitude rounded(Magnitude magnitude, int digits) {
  if (magnitude.value == 0) return magnitude;
  double scale = 1;
  double most = 1;
  for (int i = 0; i < digits; ++i) most *= 10;
  while (std::abs(magnitude.value) / scale >= most) scale *= 10;
  double finer = 1;
  while (std::abs(magnitude.value) * finer < most / 10) finer *= 10;
  magnitude.value = scale > 1 ? std::round(magnitude.value / scale) * scale
                              : std::round(magnitude.value * finer) / finer;
  if (magnitude.whole()) magnitude.value = std::ceil(magnitude.value);
  return magnitude;
}

Magnitude between(const Magnitude& low, const Magnitude& high, bool by_ratio) {
  return {low.unit, at_share(low.value, high.value, 0.5, by_ratio)};
}

std::vector<Magnitude> spaced(const Magnitude& low, const Magnitude& high, std::int64_t count,
                              bool by_ratio) {
  std::vector<Magnitude> values;
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
    Magnitude value{low.unit, at_share(low.value, high.value, share, by_ratio)};
    if (share > 0 && share < 1) value = rounded(value);
    if (values.empty() || !(values.back() == value)) values.push_back(value);
  }
  return values;
}

}  // namespace georep
