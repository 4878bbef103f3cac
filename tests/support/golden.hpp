// Whole outputs kept as files, so that a change of one can be read as a change of that file.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

namespace georep::test {

inline std::string read_whole(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  REQUIRE_MESSAGE(stream, "cannot read ", path);
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// Checks a text against tests/golden/NAME. With GEOREP_WRITE_GOLDEN=1 the file becomes the text instead.
inline void check_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string{GEOREP_SOURCE "/tests/golden/"} + name;
  if (std::getenv("GEOREP_WRITE_GOLDEN") != nullptr) std::ofstream{path, std::ios::binary} << actual;
  CAPTURE(path);
  CHECK(actual == read_whole(path));
}

}  // namespace georep::test
