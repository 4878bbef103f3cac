// The built program, run as a user runs it.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/cli/replay.hpp"
#include "tests/support/folder.hpp"

namespace georep::test {

struct Ended {
  int code = 0;
  std::string out;
  std::string err;

  std::vector<std::string> out_lines() const { return lines(out); }
  std::vector<std::string> err_lines() const { return lines(err); }
  std::string last_err_line() const { return err.empty() ? "" : err_lines().back(); }

 private:
  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) result.push_back(line);
    return result;
  }
};

/// Runs a line of shell in which `georep` is the program.
inline Ended shell(const std::string& line) {
  const Folder folder;
  const std::string command = "georep() { " + shell_quoted(GEOREP_PROGRAM) + " \"$@\"; }\n" + line;
  const int status = std::system(("sh -c " + shell_quoted(command) + " </dev/null >" + shell_quoted(folder.path("out")) +
                                  " 2>" + shell_quoted(folder.path("err")))
                                     .c_str());
  REQUIRE(WIFEXITED(status));
  return {WEXITSTATUS(status), folder.read("out"), folder.read("err")};
}

/// Runs the program with those arguments.
inline Ended call(const std::vector<std::string>& arguments) {
  std::string line = "georep";
  for (const std::string& argument : arguments) line += " " + shell_quoted(argument);
  return shell(line);
}

/// Two regions 100 ms apart, a push in the west at 0 s and a pull in the east at 5 s.
inline const std::string good_scenario = R"(version: 1
scenario: A push and a pull
network:
  local_rtt: 2 ms
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 100 ms}]
registry: {config_size: 0 B}
images: {hello: [1 MB]}
hosts: {dev: {region: west}, prod: {region: east}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: push}
  - {at: 5 s, pull: "app:v1", on: prod, as: pull}
expect:
  - {operation: push, succeeds: true}
  - {operation: pull, gets: hello}
)";

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// The same, but the pull comes before the image has arrived.
inline std::string failing_scenario() {
  return replaced(good_scenario, "at: 5 s", "at: 50 ms");
}

}  // namespace georep::test
