// The texts that reports are made of.
#include <doctest/doctest.h>

#include "analysis/reports/escape.hpp"
#include "analysis/reports/text_style.hpp"
#include "sim/fields/figures.hpp"

using namespace georep;

TEST_CASE("a duration is written in the unit that suits it, with four digits") {
  CHECK(figure(Duration{}) == "0 s");
  CHECK(figure(1_ns) == "1 ns");
  CHECK(figure(1'500_us) == "1.5 ms");
  CHECK(figure(38'512'345_ns) == "38.51 ms");
  CHECK(figure(999'999'900_ns) == "1 s");
  CHECK(figure(999'900_us) == "999.9 ms");
  CHECK(figure(61_s) == "61 s");
  CHECK(figure(125_s) == "2 min 5 s");
  CHECK(figure(72_min) == "1 h 12 min");
  CHECK(figure(50_h) == "2 d 2 h");
  CHECK(figure(-(5_s)) == "-5 s");
  CHECK(figure(362'065'536_ns, 6) == "362.066 ms");
  CHECK(figure_in_one_unit(360'295'036'000_ns) == "360.295 s");
  CHECK(figure_in_one_unit(-(500_us)) == "-500 us");
}

TEST_CASE("sizes, shares and counts have their own units") {
  CHECK(figure_of_bytes(0) == "0 B");
  CHECK(figure_of_bytes(45e6) == "45 MB");
  CHECK(figure_of_bytes(2.2e12) == "2.2 TB");
  CHECK(figure_of_bytes(5e15) == "5000 TB");
  CHECK(figure_of_ratio(0.998321) == "99.83%");
  CHECK(figure_of_number(178'500) == "178,500");
  CHECK(figure_of_number(1.23456) == "1.235");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(counted(1, "event") == "1 event");
  CHECK(counted(1'000, "event") == "1,000 events");
}

TEST_CASE("a text is measured, cut and broken by code points, not by bytes") {
  CHECK(columns_of("µs — ✓") == 6);
  CHECK(shortened("µµµµµ", 3) == "µµ…");
  CHECK(shortened("abc", 3) == "abc");
  CHECK(padded("µ", 3) == "µ  ");
  CHECK(wrapped("one two  three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("unbreakable", 4) == std::vector<std::string>{"unbreakable"});
  CHECK(wrapped("", 4).empty());
}

TEST_CASE("a table's columns are as wide as their widest cell, and empty ones take no room") {
  TextTable table{{Align::right, Align::left, Align::left, Align::right}};
  table.add({{"1 s"}, {"µ"}, {""}, {"9"}});
  table.add({{"10 s"}, {"name"}, {""}, {"10"}});
  CHECK(table.text({}, 2) == "   1 s  µ      9\n  10 s  name  10\n");
  CHECK(table.natural_width() == 4 + 2 + 4 + 2 + 2);
}

TEST_CASE("a figure is never cut, however little room there is: one whose unit is gone is none") {
  TextTable table{{Align::left, Align::right}};
  table.add({{"replication_lag", Ink::plain}, {"294.6 ms ± 26.56 ms", Ink::plain}});
  CHECK(table.text({false, 30}, 0) == "replicat…  294.6 ms ± 26.56 ms\n");
}

TEST_CASE("where a table is too wide its widest column is cut") {
  TextTable table{{Align::left, Align::left}};
  table.add({{"a rather long first cell"}, {"short"}});
  CHECK(table.text({false, 20}, 0) == "a rather lon…  short\n");
}

TEST_CASE("texts inside JSON and XML cannot end them") {
  CHECK(json_escaped("a \"b\" \\ \n") == "a \\\"b\\\" \\\\ \\u000a");
  CHECK(xml_escaped("<a href='x'>&\x01") == "&lt;a href=&#39;x&#39;&gt;&amp;\xEF\xBF\xBD");
}
