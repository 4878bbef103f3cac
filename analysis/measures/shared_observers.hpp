// Observers that others rest on: each is built when it is first asked for, so that nobody pays for what nobody needs.
#pragma once

#include <memory>

#include "analysis/measures/history.hpp"
#include "analysis/measures/replica_view.hpp"

namespace georep {

class SharedObservers {
 public:
  explicit SharedObservers(World& world) : world_{world} {}

  World& world() { return world_; }

  /// Whoever asks for one before it subscribes to facts itself hears each fact after it.
  History& history() {
    if (!history_) history_ = std::make_unique<History>(world_);
    return *history_;
  }
  ReplicaView& replicas() {
    if (!replicas_) replicas_ = std::make_unique<ReplicaView>(world_);
    return *replicas_;
  }

  void reset() {
    if (history_) history_->reset();
    if (replicas_) replicas_->reset();
  }
  void finish(Instant end) {
    if (history_) history_->finish(end);
    if (replicas_) replicas_->finish(end);
  }

 private:
  World& world_;
  std::unique_ptr<History> history_;
  std::unique_ptr<ReplicaView> replicas_;
};

}  // namespace georep
