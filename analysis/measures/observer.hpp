// What listens to a run. An observer subscribes to facts when it is built, once for all runs; it changes nothing in the world.
#pragma once

#include "sim/kernel/time.hpp"

namespace georep {

class Observer {
 public:
  Observer() = default;
  virtual ~Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// Forgets what it heard, before the next run.
  virtual void reset() = 0;
  /// Nothing more will happen: the run has ended at that instant.
  virtual void finish(Instant end) = 0;
};

}  // namespace georep
