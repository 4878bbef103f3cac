// Texts that the build puts into the program.
#pragma once

#include <string_view>

namespace georep::embedded {

extern const std::string_view library;  ///< docs/library.md

}  // namespace georep::embedded
