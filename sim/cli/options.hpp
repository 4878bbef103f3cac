// Options that mean the same in every command that takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace georep {

/// What changes a scenario before it is run.
struct ScenarioOptions {
  std::optional<std::uint64_t> seed;
  std::vector<std::string> settings;  ///< `path=value`, in the order given
};

/// How many threads to use: 0 for one on each processor. Never changes a byte of a result.
struct JobOptions {
  unsigned jobs = 0;
  unsigned count() const;
};

}  // namespace georep
