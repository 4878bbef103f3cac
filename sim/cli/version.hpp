// The versions of the program.
#pragma once

#include <string>

namespace georep {

/// `georep 0.1.0 (model 1)`. The model's version is raised when the outcome of any story changes.
std::string version_text();

}  // namespace georep
