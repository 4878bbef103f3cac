// Words of a shell.
#include <doctest/doctest.h>

#include "tests/sim/cli/program.hpp"

using namespace georep;
using namespace georep::test;

TEST_CASE("a shell makes of a quoted word what it was") {
  for (const std::string word : {"plain", "", " ", "a b", "it's", "$HOME `id` \\ \" * ? ~ # ; & | < > ( )", "ü\n\t", "-n",
                                 "network.links[0].rtt=20 s", "[blobs,{a: b}]"}) {
    CAPTURE(word);
    CHECK(shell("printf '%s' " + shell_quoted(word)).out == word);
  }
}

TEST_CASE("a word that needs no quotes gets none") {
  CHECK(shell_quoted("scenarios/story/01-a.yaml") == "scenarios/story/01-a.yaml");
  CHECK(shell_quoted("network.bandwidth=1Gbps") == "network.bandwidth=1Gbps");
}
