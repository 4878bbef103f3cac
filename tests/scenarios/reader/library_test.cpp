#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/reader/reader.hpp"

using namespace georep;

namespace {

std::vector<std::filesystem::path> library() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{GEOREP_SOURCE "/scenarios"})
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every scenario of the library reads without a diagnostic, and reads back as itself") {
  REQUIRE(library().size() > 20);
  for (const std::filesystem::path& file : library()) {
    CAPTURE(file);
    const auto read = read_scenario(file);
    REQUIRE(read);
    CHECK(render(read->diagnostics, read->source) == "");
    if (!read->scenario) continue;
    const std::string written = write_scenario(*read->scenario);
    const ReadResult again = read_scenario_text({"written.yaml", written}, {}, file.parent_path());
    CHECK(render(again.diagnostics, again.source) == "");
    REQUIRE(again.scenario);
    CHECK(*again.scenario == *read->scenario);
    CHECK(write_scenario(*again.scenario) == written);
  }
}
