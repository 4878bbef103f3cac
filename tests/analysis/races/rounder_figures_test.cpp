#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "analysis/races/rounder_figures.hpp"

using namespace georep;

namespace {

using Figures = std::vector<std::string>;

std::string digits_of(const std::string& figure) {
  std::string digits;
  for (const char c : figure)
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) digits += c;
  const std::size_t last = digits.find_last_not_of('0');
  return digits.substr(0, last + 1);
}

}  // namespace

TEST_CASE("figures are rounded to fewer digits, the nearer neighbour first") {
  CHECK(rounder_figures("1930 ms") == Figures{"2000 ms", "1000 ms", "1900 ms", "2000 ms"});
  CHECK(rounder_figures("40 ms").empty());
  CHECK(rounder_figures("50%").empty());
}

TEST_CASE("sizes and counts become smaller as well") {
  CHECK(rounder_figures("3 MB") == Figures{"1 MB", "2 MB"});
  CHECK(rounder_figures("20") == Figures{"10", "1"});
  CHECK(rounder_figures("1 MB").empty());
}

TEST_CASE("what is no figure has none that is rounder") {
  for (const char* text : {"", "app:v1", "unlimited", "1h30m", "0 s", "-5", "1.5 s"})
    CHECK(rounder_figures(text).empty());
}

TEST_CASE("a rounder figure has no more digits, so that rounding ends") {
  for (const std::string figure : {"1234567 us", "99 s", "101", "875 kB", "999999999999 B", "12 MiB"})
    for (const std::string& rounder : rounder_figures(figure)) {
      CAPTURE(rounder);
      CHECK(digits_of(rounder).size() <= digits_of(figure).size());
      CHECK(rounder != figure);
    }
}
