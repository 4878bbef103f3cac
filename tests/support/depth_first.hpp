// Plain depth-first search over the choices of a run, by running it again for every leaf: no reduction, every interleaving once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "sim/kernel/choice.hpp"

namespace georep::test {

class DepthFirst : public Chooser {
 public:
  /// Calls `run` once for every leaf of the tree of choices, until there were more than `most`; `run` uses this object as its chooser. Yields
  /// how many leaves there were.
  std::uint64_t visit_all(const std::function<void()>& run,
                          std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
    std::uint64_t leaves = 0;
    do {
      begin();
      run();
    } while (++leaves <= most && advance());
    return leaves;
  }

  std::size_t choose_event(std::span<Event* const> candidates) override {
    return take(candidates.size());
  }
  std::uint32_t choose(std::uint64_t, ChoiceKind, std::uint32_t count) override {
    return static_cast<std::uint32_t>(take(count));
  }
  Duration choose_delay(std::uint64_t, ChoiceKind, Duration nominal, const Deadline&) override {
    return nominal;
  }

 protected:
  void begin() { depth_ = 0; }

  /// The value of the next choice, of so many.
  virtual std::size_t take(std::size_t count) {
    // What a derived class decides in another way may have led to another question.
    if (depth_ < path_.size() && path_[depth_].count != count) path_.resize(depth_);
    if (depth_ == path_.size()) path_.push_back({0, count});
    return path_[depth_++].value;
  }

  /// On to the next leaf; false, and at the first one again, if this was the last.
  bool advance() {
    path_.resize(depth_);
    while (!path_.empty() && path_.back().value + 1 == path_.back().count) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().value;
    return true;
  }

 private:
  struct Taken {
    std::size_t value;
    std::size_t count;
  };

  std::vector<Taken> path_;
  std::size_t depth_ = 0;
};

}  // namespace georep::test
