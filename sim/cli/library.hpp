// The library of scenarios that comes with the sources, as its page docs/library.md lists it.
#pragma once

#include <string>
#include <vector>

namespace georep {

struct LibraryEntry {
  std::string file;  ///< from the root of the sources
  std::string title;
};

/// In the order of the page.
std::vector<LibraryEntry> library();

}  // namespace georep
