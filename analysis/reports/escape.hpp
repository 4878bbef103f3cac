// Text inside other texts.
#pragma once

#include <string>
#include <string_view>

namespace georep {

/// Inside the quotes of a JSON string.
std::string json_escaped(std::string_view text);

/// In the text or in a quoted attribute of XML or HTML. Characters that XML 1.0 does not allow become U+FFFD.
std::string xml_escaped(std::string_view text);

/// The text within a line of a Mermaid diagram, where a semicolon ends a statement and a hash begins an entity.
std::string mermaid_text(std::string_view text);

}  // namespace georep
