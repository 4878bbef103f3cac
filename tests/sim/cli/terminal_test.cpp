// Colours and progress, which only a terminal gets.
#include <doctest/doctest.h>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;

namespace {

// What a line of shell shows on a terminal of its own; script(1) makes one.
std::string on_terminal(const std::string& line) {
  const std::string command = replaced(line, "georep", shell_quoted(GEOREP_PROGRAM));
  return shell("script -qec " + shell_quoted(command) + " /dev/null").out;
}

constexpr const char* escape = "\x1b[";

}  // namespace

TEST_CASE("a terminal gets colours, and nothing else does") {
  const Folder folder;
  const std::string run = "georep run " + folder.write("good.yaml", good_scenario);
  CHECK(on_terminal("TERM=xterm NO_COLOR= " + run).find(escape) != std::string::npos);
  CHECK(on_terminal("TERM=xterm NO_COLOR=1 " + run).find(escape) == std::string::npos);
  CHECK(on_terminal("TERM=dumb NO_COLOR= " + run).find(escape) == std::string::npos);
  CHECK(on_terminal("TERM=xterm NO_COLOR=1 " + run + " --color always").find(escape) != std::string::npos);
  CHECK(on_terminal("TERM=xterm NO_COLOR= " + run + " --color never").find(escape) == std::string::npos);
  CHECK(shell(run).out.find(escape) == std::string::npos);
  CHECK(shell(run + " --color always").out.find(escape) != std::string::npos);
}

TEST_CASE("a JSON object is never coloured") {
  const Folder folder;
  const std::string run = "georep run " + folder.write("good.yaml", good_scenario) + " --json --color always";
  CHECK(shell(run).out.find(escape) == std::string::npos);
}
