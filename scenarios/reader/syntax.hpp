// From the text of a scenario file to marked values. YAML 1.2 without what makes it surprising: no
// tags, no merge keys, one document, bounded aliases.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/fields/diagnostic.hpp"
#include "sim/fields/value.hpp"

namespace georep {

/// Beyond this no file is read: a thousand times the longest scenario of the library.
inline constexpr std::size_t greatest_file_size = std::size_t{4} << 20;

/// Reads one document. Appends all that is wrong with it; there is a value unless the text cannot be
/// made out beyond some place. Places count columns in characters.
std::optional<Value> parse_document(std::string_view text, std::vector<Diagnostic>& diagnostics);

}  // namespace georep
