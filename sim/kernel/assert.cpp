#include "sim/kernel/assert.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace georep {

AssertionContext& assertion_context() {
  thread_local AssertionContext context;
  return context;
}

void assertion_failed(const char* condition, const char* promise, const char* file, int line) {
  const AssertionContext& context = assertion_context();
  std::fprintf(stderr,
               "georep: a fault of the program: promised that %s\n"
               "  %s, at %s:%d\n"
               "  simulated time %" PRId64 " ns, event %" PRIu64 ", seed %" PRIu64 "\n",
               promise, condition, file, line, context.now_ns.load(), context.event.load(), context.seed);
  if (context.replay != nullptr) std::fprintf(stderr, "  replay: %s\n", context.replay);
  std::fflush(stderr);
  // 70 is EX_SOFTWARE; std::_Exit runs no destructor over a state that is known to be broken.
  std::_Exit(70);
}

}  // namespace georep
