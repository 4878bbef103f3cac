// The defaults that are assumptions: that they are the defaults, and that their alternatives are values of the language.
#include <doctest/doctest.h>

#include <string>

#include "analysis/experiments/assumptions.hpp"
#include "analysis/experiments/scenario_fields.hpp"
#include "sim/fields/path.hpp"

using namespace georep;

TEST_CASE("each assumption names a default as it is, and other values that its path takes") {
  for (const Assumption& assumption : assumptions()) {
    CAPTURE(assumption.path);
    Scenario scenario;
    CHECK(get_path<Scenario>(scenario_fields(), scenario, assumption.path) == std::string{assumption.value});
    CHECK_FALSE(assumption.alternatives.empty());
    for (const std::string_view alternative : assumption.alternatives) {
      CAPTURE(alternative);
      CHECK(set_path<Scenario>(scenario_fields(), scenario, assumption.path, alternative).empty());
      CHECK(get_path<Scenario>(scenario_fields(), scenario, assumption.path) == std::string{alternative});
    }
  }
}
