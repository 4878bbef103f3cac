#include "sim/cli/options.hpp"

#include <algorithm>
#include <thread>

namespace georep {

unsigned JobOptions::count() const {
  return jobs > 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace georep
