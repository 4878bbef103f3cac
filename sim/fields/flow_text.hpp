// Values on one line, in the flow style of YAML: `30 s`, `[blobs, manifest, tag]`, `{wait: 30 s}`.
// What `--set`, the timeline's `set:` and the tables of a sweep are written in.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "sim/fields/value.hpp"

namespace georep {

/// Reads one value. The error says what is wrong with the text.
std::expected<Value, std::string> parse_flow_text(std::string_view text);

/// Writes a value on one line, so that parse_flow_text reads it back.
std::string flow_text(const Value& value);

/// Whether a text has to be quoted to be read as itself: it is empty, is a number, a truth value or
/// null in the YAML 1.2 core schema, or holds characters that mean something there.
bool needs_quotes(std::string_view text);

/// A key of a map as it is written. Words that only YAML 1.1 takes for truth values stay plain: `on`
/// is a key of the language.
std::string key_text(std::string_view key);

/// A text in double quotes, with the escapes of YAML that are those of JSON too.
std::string double_quoted(std::string_view text);

}  // namespace georep
