#include "models/data/rows.hpp"

#include <charconv>
#include <vector>

#include "sim/kernel/assert.hpp"

namespace georep {

namespace {

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t comma = line.find(','); comma != std::string_view::npos; comma = line.find(',')) {
    fields.push_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  fields.push_back(line);
  return fields;
}

template <typename Number>
Number parse_all_of(std::string_view field) {
  Number number{};
  const char* const end = field.data() + field.size();
  const auto [stopped_at, error] = std::from_chars(field.data(), end, number);
  GEOREP_ASSERT(error == std::errc{} && stopped_at == end, "a number in a bundled table is a number");
  return number;
}

}  // namespace

void for_each_row(std::string_view table, std::string_view columns,
                  const std::function<void(std::span<const std::string_view>)>& visit) {
  const std::size_t field_count = split(columns).size();
  bool is_heading = true;
  while (!table.empty()) {
    const std::size_t line_end = table.find('\n');
    GEOREP_ASSERT(line_end != std::string_view::npos, "the last line of a bundled table has an end");
    const std::string_view line = table.substr(0, line_end);
    table.remove_prefix(line_end + 1);
    if (is_heading) {
      GEOREP_ASSERT(line == columns, "a bundled table has the columns that its reader expects");
      is_heading = false;
      continue;
    }
    const std::vector<std::string_view> fields = split(line);
    GEOREP_ASSERT(fields.size() == field_count, "a row of a bundled table has a field per column");
    visit(fields);
  }
}

std::int64_t whole_number(std::string_view field) { return parse_all_of<std::int64_t>(field); }

double real_number(std::string_view field) { return parse_all_of<double>(field); }

Duration milliseconds(std::string_view field) {
  constexpr std::size_t most_digits = 6;  // a nanosecond is a millionth of a millisecond
  const std::size_t point = field.find('.');
  std::int64_t nanoseconds = whole_number(field.substr(0, point)) * 1'000'000;
  if (point != std::string_view::npos) {
    const std::string_view digits = field.substr(point + 1);
    GEOREP_ASSERT(digits.size() <= most_digits, "a time in a bundled table is no finer than 1 ns");
    std::int64_t fraction = whole_number(digits);
    for (std::size_t i = digits.size(); i < most_digits; ++i) fraction *= 10;
    nanoseconds += fraction;
  }
  return Duration::nanoseconds(nanoseconds);
}

}  // namespace georep
