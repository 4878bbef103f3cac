// What is wrong with a scenario, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/fields/quantities.hpp"

namespace georep {

/// The stable code of a kind of mistake, printed as E and three digits. Codes are only ever added.
enum class Code : std::uint16_t {
  not_text = 1,  ///< not UTF-8, or control characters
  syntax = 2,    ///< not YAML
  too_deep = 3,  ///< nested more than 64 deep
  second_document = 4,
  tag = 5,
  alias = 6,  ///< a merge key, an unknown alias, or aliases that grow beyond bounds
  duplicate_key = 7,
  bad_key = 8,  ///< a key that is no plain text
  too_big = 9,  ///< a file or a scenario beyond what is read
  unknown_key = 10,
  missing_key = 11,
  wrong_form = 12,    ///< a list where a map is expected, and the like
  bad_quantity = 13,  ///< no number, no unit, or an unknown one
  out_of_bounds = 14,
  unknown_word = 15,
  exclusive_keys = 16,  ///< two keys of which only one may stand
  bad_path = 17,        ///< `--set` of what there is not
  bad_version = 18,
  repeated = 19,      ///< twice in a list where once is enough
  unknown_name = 20,  ///< of a region, host, image, operation, …
  name_twice = 21,
  never_pushed = 22,    ///< a tag that nothing pushes
  bad_reference = 23,   ///< outside the grammar of OCI references
  needs_duration = 24,  ///< something without end, and no `duration:`
  unknown_term = 25,    ///< of a measure, statistic, invariant, error code
  bad_file_path = 26,
  bad_link = 27,       ///< to itself, or no way between replicas
  contradiction = 28,  ///< keys that make no sense together
  bad_file = 29,       ///< a file that the scenario names cannot be read
};

/// One mistake. `path` says where in the language (`network.links[0].rtt`); the place says where in
/// the file, where there is one.
struct Diagnostic {
  Code code = Code::syntax;
  std::string message;
  std::string hint;
  std::string path;
  Place place;
  int width = 1;  ///< columns to underline
};

/// Nobody reads more mistakes than this of one file.
inline constexpr std::size_t most_diagnostics = 1000;

}  // namespace georep
