#include "sim/fields/quantity_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <system_error>
#include <vector>

#include "sim/fields/spelling.hpp"

namespace georep {
namespace {

__extension__ using Wide = unsigned __int128;

struct Unit {
  std::string_view name;
  std::int64_t factor;
  bool canonical = true;  ///< whether the writer uses it
};

constexpr std::array duration_table{Unit{"d", 86'400'000'000'000},
                                    Unit{"h", 3'600'000'000'000},
                                    Unit{"min", 60'000'000'000},
                                    Unit{"m", 60'000'000'000, false},
                                    Unit{"s", 1'000'000'000},
                                    Unit{"ms", 1'000'000},
                                    Unit{"us", 1'000},
                                    Unit{"µs", 1'000, false},
                                    Unit{"ns", 1}};

constexpr std::array size_table{
    Unit{"PiB", 1LL << 50, false}, Unit{"PB", 1'000'000'000'000'000, false},
    Unit{"TiB", 1LL << 40},        Unit{"TB", 1'000'000'000'000},
    Unit{"GiB", 1LL << 30},        Unit{"GB", 1'000'000'000},
    Unit{"MiB", 1LL << 20},        Unit{"MB", 1'000'000},
    Unit{"KiB", 1LL << 10},        Unit{"kB", 1'000},
    Unit{"KB", 1'000, false},      Unit{"B", 1}};

constexpr std::array bandwidth_table{Unit{"Tbps", 1'000'000'000'000},
                                     Unit{"Gbps", 1'000'000'000},
                                     Unit{"Mbps", 1'000'000},
                                     Unit{"kbps", 1'000},
                                     Unit{"bps", 1},
                                     Unit{"Kbps", 1'000, false},
                                     Unit{"Tbit/s", 1'000'000'000'000, false},
                                     Unit{"Gbit/s", 1'000'000'000, false},
                                     Unit{"Mbit/s", 1'000'000, false},
                                     Unit{"kbit/s", 1'000, false},
                                     Unit{"Kbit/s", 1'000, false},
                                     Unit{"bit/s", 1, false},
                                     Unit{"TB/s", 8'000'000'000'000, false},
                                     Unit{"GB/s", 8'000'000'000, false},
                                     Unit{"MB/s", 8'000'000, false},
                                     Unit{"kB/s", 8'000, false},
                                     Unit{"KB/s", 8'000, false},
                                     Unit{"B/s", 8, false},
                                     Unit{"TiB/s", 8LL << 40, false},
                                     Unit{"GiB/s", 8LL << 30, false},
                                     Unit{"MiB/s", 8LL << 20, false},
                                     Unit{"KiB/s", 8LL << 10, false}};

constexpr std::array rate_table{Unit{"s", 1}, Unit{"min", 60}, Unit{"h", 3'600}, Unit{"d", 86'400}};

/// digits / 10^scale.
struct Decimal {
  bool negative = false;
  Wide digits = 0;
  int scale = 0;
  std::string_view text;  ///< without the sign
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string_view trimmed(std::string_view text) {
  skip_spaces(text);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes a number off the front of a text. Twenty-four digits and a factor below 10^14 stay below
// 2^127.
std::expected<Decimal, std::string> take_decimal(std::string_view& text) {
  Decimal number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == 0) return std::unexpected{"no number"};
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    ++end;
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  number.text = text.substr(0, end);
  text.remove_prefix(end);

  std::string_view digits = number.text;
  if (digits.find('.') != std::string_view::npos)
    while (digits.back() == '0') digits.remove_suffix(1);
  bool after_point = false;
  int significant = 0;
  for (const char c : digits) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    constexpr int most_digits = 24;
    if (number.digits != 0 || c != '0') ++significant;
    if (significant > most_digits || number.scale >= 36) return std::unexpected{"too many digits"};
    number.digits = number.digits * 10 + static_cast<unsigned>(c - '0');
    if (after_point) ++number.scale;
  }
  return number;
}

// number * factor rounded up, or nothing where it does not fit.
std::expected<std::int64_t, std::string> scaled(const Decimal& number, std::int64_t factor) {
  Wide product = number.digits * static_cast<Wide>(factor);
  Wide divisor = 1;
  for (int i = 0; i < number.scale; ++i) divisor *= 10;
  Wide result = product / divisor;
  if (product % divisor != 0 && !number.negative) ++result;
  if (result > static_cast<Wide>(std::numeric_limits<std::int64_t>::max()))
    return std::unexpected{"too large"};
  const auto magnitude = static_cast<std::int64_t>(result);
  return number.negative ? -magnitude : magnitude;
}

/// What a kind of quantity is called in messages.
struct Dimension {
  std::string_view name;     ///< a duration
  std::string_view example;  ///< 250 ms
  std::string_view units;
  std::span<const Unit> table;
};

constexpr Dimension duration_dimension{"a duration", "250 ms", duration_units, duration_table};
constexpr Dimension size_dimension{"a size", "30 MiB", size_units, size_table};
constexpr Dimension bandwidth_dimension{"a bandwidth", "10 Gbps", bandwidth_units, bandwidth_table};
constexpr Dimension rate_dimension{"a rate", "50 /s", rate_units, rate_table};

std::string quoted(std::string_view text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return "'" + std::string{text} + "'";
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return "'" + std::string{text.substr(0, end)} + "…'";
}

std::string expectation(const Dimension& dimension) {
  return "expected " + std::string{dimension.name} + " such as '" + std::string{dimension.example} +
         "', in " + std::string{dimension.units};
}

TextProblem no_quantity(std::string_view text, const Dimension& dimension) {
  return {quoted(text) + " is not " + std::string{dimension.name}, expectation(dimension)};
}

TextProblem number_problem(std::string_view text, const std::string& why,
                           const Dimension& dimension) {
  if (why == "no number") return no_quantity(text, dimension);
  return {quoted(text) + " is " + (why == "too large" ? "too large for " : "written with ") +
              (why == "too large" ? std::string{dimension.name} : why),
          {}};
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

TextProblem unit_problem(std::string_view text, std::string_view unit, const Dimension& dimension) {
  if (unit.empty()) return {quoted(text) + " has no unit", expectation(dimension)};
  std::vector<std::string> names;
  for (const Unit& known : dimension.table) names.emplace_back(known.name);
  std::string nearest = nearest_name(unit, names);
  // `gbps` and `mb` are nearer to a unit than their letters say.
  for (const Unit& known : dimension.table)
    if (known.canonical && equal_but_for_case(known.name, unit)) nearest = known.name;
  return {"unknown unit " + quoted(unit) + " in " + quoted(text),
          nearest.empty() ? expectation(dimension) : "did you mean '" + nearest + "'?"};
}

const Unit* unit_named(std::string_view name, std::span<const Unit> table) {
  for (const Unit& unit : table)
    if (unit.name == name) return &unit;
  return nullptr;
}

// One number and one unit.
Parsed<std::int64_t> parse_simple(std::string_view text, const Dimension& dimension) {
  std::string_view rest = trimmed(text);
  const auto number = take_decimal(rest);
  if (!number) return std::unexpected{number_problem(text, number.error(), dimension)};
  skip_spaces(rest);
  const Unit* unit = unit_named(rest, dimension.table);
  if (unit == nullptr) return std::unexpected{unit_problem(text, rest, dimension)};
  if (number->negative && number->digits != 0)
    return std::unexpected{TextProblem{quoted(text) + " is negative", expectation(dimension)}};
  const auto value = scaled(*number, unit->factor);
  if (!value) return std::unexpected{number_problem(text, value.error(), dimension)};
  return *value;
}

std::string simple_text(std::int64_t value, std::span<const Unit> table, std::string_view zero) {
  if (value == 0) return std::string{zero};
  const Unit* best = nullptr;
  for (const Unit& unit : table)
    if (unit.canonical && value % unit.factor == 0 && (!best || unit.factor > best->factor))
      best = &unit;
  return std::to_string(value / best->factor) + " " + std::string{best->name};
}

// digits * 10^-(scale + shift) / divisor, correctly rounded where divisor is 1.
double real_of(const Decimal& number, int shift, double divisor) {
  std::string text;
  for (Wide rest = number.digits; rest > 0; rest /= 10)
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  if (text.empty()) text = "0";
  text += "e" + std::to_string(-(number.scale + shift));
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return (number.negative ? -value : value) / divisor;
}

// A real number without an exponent, so that a unit may follow it.
std::string plain_real(double number) {
  std::array<char, 1100> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  return error == std::errc{} ? std::string{buffer.data(), end} : "0";
}

// A whole number in the first unit that has one, else the shortest text that reads back as the same
// number.
std::string real_text(double value, std::span<const Unit> table) {
  std::string shortest;
  for (const Unit& unit : table) {
    const auto factor = static_cast<double>(unit.factor);
    const double whole = std::round(value * factor);
    const bool is_whole = whole / factor == value && whole < 1e15;
    const std::string digits = is_whole ? plain_real(whole) : text_of_real(value * factor);
    if (digits.find('e') != std::string::npos) continue;
    std::string_view rest = digits;
    const auto number = take_decimal(rest);
    if (!number || !rest.empty() || real_of(*number, 0, factor) != value) continue;
    std::string text = digits + " /" + std::string{unit.name};
    if (is_whole) return text;
    if (shortest.empty() || text.size() < shortest.size()) shortest = std::move(text);
  }
  return shortest;
}

// The same digits with the point two places on, which reads back as the very same number.
std::string percentage(double value) {
  std::string text = plain_real(value);
  std::size_t point = text.find('.');
  if (point == std::string::npos) return (value == 0 ? "0" : text + "00") + "%";
  text.erase(point, 1);
  while (text.size() < point + 2) text += '0';
  if (text.size() > point + 2) text.insert(point + 2, 1, '.');
  const std::size_t leading = text.starts_with('-') ? 1 : 0;
  while (text.size() > leading + 1 && text[leading] == '0' && text[leading + 1] != '.')
    text.erase(leading, 1);
  return text + "%";
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  const Dimension& dimension = duration_dimension;
  std::string_view rest = trimmed(text);
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  std::int64_t total = 0;
  do {
    if (!rest.empty() && !is_digit(rest.front()))
      return std::unexpected{no_quantity(text, dimension)};
    auto number = take_decimal(rest);
    if (!number) return std::unexpected{number_problem(text, number.error(), dimension)};
    number->negative = negative;
    skip_spaces(rest);
    std::size_t length = 0;
    while (length < rest.size() && !is_digit(rest[length]) && rest[length] != ' ') ++length;
    const Unit* unit = unit_named(rest.substr(0, length), dimension.table);
    if (unit == nullptr)
      return std::unexpected{unit_problem(text, rest.substr(0, length), dimension)};
    rest.remove_prefix(length);
    skip_spaces(rest);
    const auto value = scaled(*number, unit->factor);
    if (!value || __builtin_add_overflow(total, *value, &total))
      return std::unexpected{number_problem(text, "too large", dimension)};
  } while (!rest.empty());
  return Duration::nanoseconds(total);
}

Parsed<Bytes> parse_size(std::string_view text) {
  const auto count = parse_simple(text, size_dimension);
  if (!count) return std::unexpected{count.error()};
  return Bytes{*count};
}

Parsed<Bandwidth> parse_bandwidth(std::string_view text) {
  if (trimmed(text) == "unlimited") return Bandwidth::unlimited();
  const auto bits = parse_simple(text, bandwidth_dimension);
  if (!bits) return std::unexpected{bits.error()};
  return Bandwidth{*bits};
}

Parsed<Rate> parse_rate(std::string_view text) {
  std::string_view rest = trimmed(text);
  const auto number = take_decimal(rest);
  if (!number) return std::unexpected{number_problem(text, number.error(), rate_dimension)};
  skip_spaces(rest);
  if (rest.empty()) return std::unexpected{unit_problem(text, rest, rate_dimension)};
  if (number->negative || rest.front() != '/')
    return std::unexpected{no_quantity(text, rate_dimension)};
  rest.remove_prefix(1);
  skip_spaces(rest);
  const Unit* unit = unit_named(rest, rate_table);
  if (unit == nullptr) return std::unexpected{unit_problem(text, rest, rate_dimension)};
  return Rate{real_of(*number, 0, static_cast<double>(unit->factor))};
}

Parsed<Ratio> parse_ratio(std::string_view text) {
  std::string_view rest = trimmed(text);
  if (!rest.ends_with('%')) {
    const auto number = parse_real(rest);
    if (number) return Ratio{*number};
  } else if (const auto number = take_decimal(rest)) {
    skip_spaces(rest);
    if (rest == "%") return Ratio{real_of(*number, 2, 1)};
  }
  return std::unexpected{
      TextProblem{quoted(text) + " is not a ratio", "expected a ratio such as '20%' or '0.2'"}};
}

Parsed<Price> parse_price(std::string_view text) {
  std::string_view rest = trimmed(text);
  const TextProblem problem{quoted(text) + " is not a price",
                            "expected a price such as '0.02 USD/GB'"};
  const auto number = take_decimal(rest);
  if (!number || number->negative) return std::unexpected{problem};
  skip_spaces(rest);
  if (!rest.starts_with("USD")) return std::unexpected{problem};
  rest.remove_prefix(3);
  skip_spaces(rest);
  if (!rest.starts_with('/')) return std::unexpected{problem};
  rest.remove_prefix(1);
  skip_spaces(rest);
  constexpr std::array<std::pair<std::string_view, int>, 4> shifts{
      {{"GB", 0}, {"TB", 3}, {"MB", -3}, {"kB", -6}}};
  for (const auto& [unit, shift] : shifts)
    if (rest == unit) return Price{real_of(*number, shift, 1)};
  return std::unexpected{problem};
}

Parsed<Quantity> parse_quantity(std::string_view text) {
  using enum Quantity::Dimension;
  std::string_view rest = trimmed(text);
  std::size_t letters = 0;
  while (letters < rest.size() &&
         (is_digit(rest[letters]) || rest[letters] == '.' || rest[letters] == '-'))
    ++letters;
  std::string_view unit = rest.substr(letters);
  skip_spaces(unit);
  if (unit == "%") {
    const auto share = parse_ratio(text);
    if (!share) return std::unexpected{share.error()};
    return Quantity{ratio, share->value};
  }
  if (unit == "USD") {
    const auto number = take_decimal(rest);
    if (number) return Quantity{money, real_of(*number, 0, 1)};
  }
  if (unit_named(unit, size_table) != nullptr) {
    const auto bytes = parse_size(text);
    if (!bytes) return std::unexpected{bytes.error()};
    return Quantity{size, static_cast<double>(bytes->count)};
  }
  if (const auto number = parse_real(rest)) return Quantity{Quantity::Dimension::number, *number};
  auto parsed = parse_duration(text);
  if (!parsed) {
    return std::unexpected{TextProblem{parsed.error().message.starts_with("unknown unit")
                                           ? parsed.error().message
                                           : quoted(text) + " is not a quantity",
                                       "expected a duration, a size, a percentage, an amount in "
                                       "USD or a number, as the measure has"}};
  }
  return Quantity{duration, static_cast<double>(parsed->count())};
}

Parsed<std::int64_t> parse_integer(std::string_view text) {
  std::string_view digits = trimmed(text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.starts_with("0x")) base = 16;
  if (digits.starts_with("0o")) base = 8;
  if (base != 10) digits.remove_prefix(2);
  std::int64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error == std::errc::result_out_of_range && end == digits.data() + digits.size())
    return std::unexpected{TextProblem{quoted(text) + " is too large for a whole number", {}}};
  if (error != std::errc{} || end != digits.data() + digits.size() ||
      (base != 10 && digits.starts_with('-')))
    return std::unexpected{
        TextProblem{quoted(text) + " is not a whole number", "expected a whole number"}};
  return value;
}

Parsed<double> parse_real(std::string_view text) {
  std::string_view digits = trimmed(text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
    return std::unexpected{TextProblem{quoted(text) + " is not a number", "expected a number"}};
  return value;
}

std::string text_of(Duration duration) {
  if (duration.count() == std::numeric_limits<std::int64_t>::min())
    return std::to_string(duration.count()) + " ns";
  return simple_text(duration.count(), duration_table, "0 s");
}

std::string text_of(Bytes size) {
  return simple_text(size.count, size_table, "0 B");
}

std::string text_of(Bandwidth bandwidth) {
  if (bandwidth.is_unlimited()) return "unlimited";
  return simple_text(bandwidth.bits_per_second, bandwidth_table, "0 bps");
}

std::string text_of(Rate rate) {
  const std::string text = real_text(rate.per_second, rate_table);
  return text.empty() ? plain_real(rate.per_second) + " /s" : text;
}

std::string text_of(Ratio ratio) {
  const std::string plain = text_of_real(ratio.value);
  const std::string percent = percentage(ratio.value);
  return percent.size() <= plain.size() + 1 ? percent : plain;
}

std::string text_of(Price price) {
  return plain_real(price.usd_per_gb) + " USD/GB";
}

std::string text_of(const Quantity& quantity) {
  switch (quantity.dimension) {
    case Quantity::Dimension::number:
      return text_of_real(quantity.value);
    case Quantity::Dimension::ratio:
      return percentage(quantity.value);
    case Quantity::Dimension::duration:
      return text_of(Duration::nanoseconds(static_cast<std::int64_t>(quantity.value)));
    case Quantity::Dimension::size:
      return text_of(Bytes{static_cast<std::int64_t>(quantity.value)});
    case Quantity::Dimension::money:
      return plain_real(quantity.value) + " USD";
  }
  return {};
}

std::string text_of_real(double number) {
  std::array<char, 64> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

}  // namespace georep
