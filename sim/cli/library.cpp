#include "sim/cli/library.hpp"

#include <string_view>
#include <utility>

#include "sim/cli/embedded.hpp"

namespace georep {

std::vector<LibraryEntry> library() {
  constexpr std::string_view heading = "### ";
  constexpr std::string_view command = "`georep run ";
  std::vector<LibraryEntry> entries;
  std::string title;
  for (std::string_view rest = embedded::library; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.starts_with(heading)) title = line.substr(heading.size());
    if (line.starts_with(command) && line.ends_with('`'))
      entries.push_back({std::string{line.substr(command.size(), line.size() - command.size() - 1)},
                         std::exchange(title, {})});
  }
  return entries;
}

}  // namespace georep
