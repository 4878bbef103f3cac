// What a search ought to come across, so that finding nothing means something.
#pragma once

#include <string>

namespace georep {

/// Something that some run should come to, so that a search is not empty.
struct SearchGoal {
  std::string text;
  bool reached = false;
};

}  // namespace georep
