// `georep why FILE NAME`: why an operation came out as it did, or an expectation was violated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/cli/exit_code.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/terminal.hpp"

namespace georep {

enum class ExplanationFormat : std::uint8_t { text, mermaid, json };

struct WhyArguments {
  std::string file;
  std::string name;  ///< of an operation, or of what an expectation is about
  ScenarioOptions scenario;
  std::optional<std::int64_t> run;  ///< the number of the run; 0 where unset
  std::string schedule;             ///< a schedule that `explore` found; empty: the ordinary run
  ExplanationFormat format = ExplanationFormat::text;
  bool json = false;
};

ExitCode explain_outcome(const WhyArguments& arguments, Terminal& terminal);

}  // namespace georep
