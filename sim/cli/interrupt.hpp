// Ctrl-C. The first asks what runs to stop at its next event boundary and to write what there is; the second leaves at once.
#pragma once

#include <cstddef>

namespace georep {

class Runner;

/// From now on the first SIGINT or SIGTERM only asks to stop.
void catch_interrupts();

/// Whether the user wants to stop. May be asked from any thread.
bool interrupted();

/// While it lives, the first interrupt stops that runner, which may be one of many on as many threads.
class StopsOnInterrupt {
 public:
  explicit StopsOnInterrupt(Runner& runner);
  ~StopsOnInterrupt();
  StopsOnInterrupt(const StopsOnInterrupt&) = delete;
  StopsOnInterrupt& operator=(const StopsOnInterrupt&) = delete;

 private:
  std::size_t slot_ = 0;
};

}  // namespace georep
