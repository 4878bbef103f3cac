// Files that were not written to be read: whatever they hold, there is an answer, and soon.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "models/world/plan.hpp"
#include "scenarios/reader/characters.hpp"
#include "scenarios/reader/syntax.hpp"
#include "sim/kernel/chance.hpp"
#include "tests/scenarios/reader/diagnosed.hpp"

using namespace georep;

namespace {

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::vector<std::filesystem::path> library() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{GEOREP_SOURCE "/scenarios"})
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Reads a text and holds the reader to its promises: a scenario or a diagnostic, never both; what is
// accepted can be compiled, written, and read again as the same.
void read_and_hold_to_it(const std::string& text, const std::filesystem::path& folder) {
  const ReadResult read = read_scenario_text({"mutant.yaml", text}, {}, folder);
  REQUIRE(read.scenario.has_value() == read.diagnostics.empty());
  const std::string rendered = render(read.diagnostics, read.source);
  REQUIRE(rendered.empty() == read.diagnostics.empty());
  if (!read.scenario) return;
  CAPTURE(text);
  REQUIRE(compile(read.scenario->world));
  const ReadResult again =
      read_scenario_text({"again.yaml", write_scenario(*read.scenario)}, {}, folder);
  REQUIRE(render(again.diagnostics, again.source) == "");
  REQUIRE(*again.scenario == *read.scenario);
}

// One change of the sort that hands, editors and merge tools make.
void mutate(std::string& text, Draw& draw) {
  constexpr std::string_view pieces[] = {
      "{", "}", "[", "]", ":", ": ", ",", "\n", "  ", "- ", "\"", "'", "#", "&a ", "*a", "!t ", "<<", "|", ">", "~",
      "0", "-", "9999999999999999999", "%", "\t", "\xFF", "é", "\r\n", "---\n", "null", "{}", "[]", "? "};
  const std::size_t at = draw.uniform_below(text.size() + 1);
  const std::size_t length = std::min<std::size_t>(draw.uniform_below(12), text.size() - at);
  switch (draw.uniform_below(5)) {
    case 0:
      text.erase(at, length);
      break;
    case 1:
      text.insert(at, pieces[draw.uniform_below(std::size(pieces))]);
      break;
    case 2:
      text.insert(draw.uniform_below(text.size() + 1), text.substr(at, length));
      break;
    case 3:
      if (at < text.size()) text[at] = static_cast<char>(draw.uniform_below(256));
      break;
    default:
      if (at < text.size()) std::swap(text[at], text[draw.uniform_below(text.size())]);
  }
}

}  // namespace

TEST_CASE("a file of a gigabyte is refused without being read") {
  const auto file = std::filesystem::temp_directory_path() /
                    ("georep-gigabyte-" + std::to_string(getpid()) + ".yaml");
  std::ofstream{file} << "version: 1\n";
  std::filesystem::resize_file(file, std::uintmax_t{1} << 30);
  const auto read = read_scenario(file);
  std::filesystem::remove(file);
  REQUIRE(read);
  CHECK(!read->scenario);
  CHECK(render(read->diagnostics, {"big.yaml", ""}) ==
        "big.yaml: error[E009]: the file is larger than 4 MiB, which no scenario needs\n");
}

TEST_CASE("a file that is not there, or is a folder, is no diagnostic") {
  const auto missing = read_scenario("no/such/scenario.yaml");
  REQUIRE(!missing);
  CHECK(missing.error() == "cannot read no/such/scenario.yaml: No such file or directory");
  const auto folder = read_scenario(std::filesystem::temp_directory_path());
  REQUIRE(!folder);
  CHECK(folder.error() ==
        "cannot read " + std::filesystem::temp_directory_path().string() + ": it is a folder");
}

TEST_CASE("ten thousand levels of nesting are refused at the sixty-fifth") {
  const std::string deep = "E003]: lists and maps are nested more than 64 deep";
  for (const char* opening : {"[", "{a: ", "- ", "? ", "[{a: ", "&a ["}) {
    CAPTURE(opening);
    const std::string told = diagnosed("version: 1\nx:\n  " + repeated(opening, 10'000) + "\n");
    const bool refused = told.find(deep) != std::string::npos || told.find("E002]") != std::string::npos ||
                         told.find("E006]") != std::string::npos;
    CHECK(refused);
  }
  std::string indented = "version: 1\n";
  for (int depth = 0; depth < 2'000; ++depth) indented += std::string(static_cast<std::size_t>(depth), ' ') + "a:\n";
  CHECK(diagnosed(indented).find(deep) != std::string::npos);
}

TEST_CASE("sixty-four levels are read, sixty-five are not") {
  // The root is the first level, and the list that holds the others the second.
  const auto nested = [](int levels) {
    return "version: 1\nimages: " + repeated("[", levels - 1) + repeated("]", levels - 1) + "\n";
  };
  CHECK(diagnosed(nested(64)).find("E003]") == std::string::npos);
  CHECK(diagnosed(nested(65)).find("E003]") != std::string::npos);
}

TEST_CASE("aliases that grow beyond bounds are refused, others repeat what they name") {
  std::string bomb = "version: 1\nscenario: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(before + ", ", 8) + before + "]\n";
  }
  CHECK(diagnosed(bomb).find("E009]: the scenario has more than 300000 values, aliases included") !=
        std::string::npos);
  std::string chain = "version: 1\nb0: &a0 [x]\n";
  for (int i = 1; i < 10'000; ++i)
    chain += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  CHECK(diagnosed(chain).find("E003]") != std::string::npos);

  std::string modest = small_scenario;
  modest.replace(modest.find("{region: a}"), 11, "&there {region: a}");
  modest.replace(modest.find("{region: b}"), 11, "*there");
  const ReadResult read = read_scenario_text({"modest.yaml", modest});
  REQUIRE(read.scenario);
  CHECK(read.scenario->world.hosts[1].region == "a");
}

TEST_CASE("so many mistakes that nobody would read them are told up to a thousand") {
  std::string text = small_scenario;
  for (int i = 0; i < 20'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  CHECK(occurrences(diagnosed(text), "error[E010]") == most_diagnostics);
  text = small_scenario;
  for (int i = 0; i < 5'000; ++i) text += "  - {at: 1 s, pull: \"app:w" + std::to_string(i) + "\", on: prod}\n";
  CHECK(occurrences(diagnosed(text), "error[E022]") == most_diagnostics);
}

TEST_CASE("what is no UTF-8 is told by its first byte") {
  const std::pair<std::string, int> cases[] = {
      {"\x80", 1},          // a continuation with nothing to continue
      {"é\xC0\xAF", 2},     // an overlong slash
      {"\xED\xA0\x80", 1},  // a surrogate
      {"\xF4\x90\x80\x80", 1},  // beyond the last code point
      {"\xE2\x82", 1},      // cut off
      {"\xFE\xFF", 1},      // the mark of UTF-16
  };
  for (const auto& [bytes, column] : cases) {
    CAPTURE(column);
    const std::string told = diagnosed(bytes);
    CHECK(told.starts_with("scenario.yaml:1:" + std::to_string(column) + ": error[E001]: the byte 0x"));
  }
  CHECK(diagnosed(std::string("version: 1\n\0\n", 13)).starts_with("scenario.yaml:2:1: error[E001]: the control character U+0000"));
  CHECK(diagnosed("\xEF\xBB\xBF" + small_scenario) == "");
}

TEST_CASE("Windows line ends and tabs between tokens are read") {
  std::string text;
  std::istringstream lines{small_scenario};
  for (std::string line; std::getline(lines, line);) text += line + "\r\n";
  CHECK(diagnosed(text) == "");
  text.replace(text.find("20 ms"), 5, "20");
  CHECK(diagnosed(text).starts_with("scenario.yaml:5:34: error[E013]: '20' has no unit\n      links:"));
}

TEST_CASE("a scenario cut off anywhere is told of, or is one by chance") {
  const auto file = std::filesystem::path{GEOREP_SOURCE} / "scenarios/races/stale-fill-fixed.yaml";
  const std::string text = contents_of(file);
  REQUIRE(text.size() > 500);
  for (std::size_t length = 0; length < text.size(); ++length)
    read_and_hold_to_it(text.substr(0, length), file.parent_path());
}

TEST_CASE("a mutated scenario is told of, or is another scenario that can be compiled and written") {
  const Chance chance{2024, 0};
  std::uint64_t index = 0;
  for (const std::filesystem::path& file : library()) {
    CAPTURE(file);
    const std::string original = contents_of(file);
    for (int mutant = 0; mutant < 40; ++mutant) {
      Draw draw = chance.draw(1, Purpose::arrival, index++);
      std::string text = original;
      const std::uint64_t changes = 1 + draw.uniform_below(3);
      for (std::uint64_t i = 0; i < changes; ++i) mutate(text, draw);
      read_and_hold_to_it(text, file.parent_path());
    }
  }
}

TEST_CASE("a byte's column is the number of its character, on lines of any length and in any script") {
  const Chance chance{1, 0};
  Draw draw = chance.draw(1, Purpose::arrival, 0);
  const std::vector<std::string> alphabet{"a", "b", ",", "ä", "€", "𝄞"};
  for (int round = 0; round < 20; ++round) {
    std::string text;
    std::vector<std::pair<std::size_t, Place>> characters;
    Place place{1, 1};
    for (int i = 0; i < 2000; ++i) {
      characters.emplace_back(text.size(), place);
      if (draw.uniform_below(600) == 0) {
        text += '\n';
        place = {place.line + 1, 1};
      } else {
        text += alphabet[draw.uniform_below(alphabet.size())];
        ++place.column;
      }
    }
    const Lines lines{text};
    bool right = true;
    for (const auto& [offset, expected] : characters) {
      const Place found = lines.place_at(offset);
      right = right && found.line == expected.line && found.column == expected.column;
    }
    CHECK(right);
  }
}
