// What the process tells who started it. The numbers are documented, tested and only ever added to.
#pragma once

namespace georep {

enum class ExitCode : int {
  ok = 0,             ///< ran, and every expectation held
  failed = 1,         ///< an expectation failed, or a race was found
  usage = 2,          ///< wrong arguments
  invalid = 3,        ///< the scenario is invalid
  unreadable = 4,     ///< something cannot be read or written
  undecided = 5,      ///< an interval still straddles its bound, or a search ended before its space did
  bug = 70,           ///< a fault of the program (EX_SOFTWARE)
  interrupted = 130,  ///< by Ctrl-C: 128 and the signal's number
};

}  // namespace georep
