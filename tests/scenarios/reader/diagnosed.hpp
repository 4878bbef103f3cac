// Scenarios with mistakes, and what a user is told of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/reader/reader.hpp"

namespace georep {

/// A scenario without a mistake, for others to begin with. Its last section is the timeline.
inline const std::string small_scenario = R"(version: 1
scenario: A small one
network:
  regions: {a: {}, b: {}}
  links: [{between: [a, b], rtt: 20 ms}]
images: {hello: [1 MB]}
hosts: {dev: {region: a}, prod: {region: b}}
timeline:
  - {at: 0 s, push: hello, to: "app:v1", on: dev, as: first}
)";

/// All that is printed about a scenario file of that text.
inline std::string diagnosed(const std::string& text, const std::vector<Setting>& overrides = {}) {
  const ReadResult read = read_scenario_text({"scenario.yaml", text}, overrides);
  return render(read.diagnostics, read.source);
}

}  // namespace georep
