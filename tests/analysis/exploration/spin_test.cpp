// The search held against Spin, the model checker (Holzmann, "The Model Checker SPIN", IEEE TSE 23(5), 1997), on the registry in
// miniature: registry_toy.pml says the same in Promela.
#include <doctest/doctest.h>
#include <stdio.h>

#include <array>
#include <set>
#include <sstream>
#include <string>

#include "analysis/exploration/exhaustive.hpp"
#include "analysis/exploration/freedom.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/toy_subject.hpp"

using namespace georep;

namespace {

/// Order of replication, whether it invalidates, what is there at first, outcome.
using Outcome = std::array<int, 4>;
constexpr std::array<const char*, 5> outcome_names{"", "manifest-unknown", "old", "blob-unknown",
                                                   "ok-new"};

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), read);
  REQUIRE(pclose(pipe) == 0);
  return text;
}

std::set<Outcome> reached_by_spin() {
  const test::Folder folder;
  // Without Spin's own reduction, so that it is as plain as it can be.
  const std::string text = output_of("cd " + folder.path("") + " && spin -a " GEOREP_TEST_MODEL
                                     " && cc -DNOREDUCE -o pan pan.c && ./pan | grep ^outcome");
  std::set<Outcome> outcomes;
  std::istringstream lines{text};
  std::string word;
  for (Outcome outcome{}; lines >> word >> outcome[0] >> outcome[1] >> outcome[2] >> outcome[3];)
    outcomes.insert(outcome);
  return outcomes;
}

std::set<Outcome> reached_by_search(bool every_order) {
  std::set<Outcome> outcomes;
  const std::array orders{test::Order::concurrent, test::Order::manifest_first, test::Order::blobs_first};
  for (int configuration = 0; configuration < 12; ++configuration) {
    const int order = configuration / 4, invalidates = configuration / 2 % 2, start = configuration % 2;
    test::ToySubject subject{orders[static_cast<std::size_t>(order)], invalidates == 1, start == 1};
    const Freedom none;
    ExhaustiveSearch search{subject, none, every_order};
    const auto result = search.run([&](const Trace&, const SchedulePlan&) {
      for (int i = 1; i < 5; ++i)
        if (subject.outcome() == outcome_names[static_cast<std::size_t>(i)])
          outcomes.insert({order, invalidates, start, i});
      return true;
    });
    CHECK(result.complete);
  }
  return outcomes;
}

}  // namespace

TEST_CASE("the registry in miniature reaches what Spin says that it reaches, reduced and unreduced") {
  const std::set<Outcome> expected = reached_by_spin();
  CHECK(expected.size() > 20);
  CHECK(reached_by_search(false) == expected);
  CHECK(reached_by_search(true) == expected);
}
