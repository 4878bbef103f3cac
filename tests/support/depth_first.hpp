// Plain depth-first search over the choices of a run, by running it again for every leaf: no reduction, every interleaving once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/kernel/choice.hpp"

namespace georep::test {

class DepthFirst : public Chooser {
 public:
  /// Calls `run` once for every leaf of the tree of choices; `run` uses this object as its chooser. Yields how many leaves there were.
  std::uint64_t visit_all(const std::function<void()>& run) {
    std::uint64_t leaves = 0;
    do {
      depth_ = 0;
      run();
      ++leaves;
    } while (advance());
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

 private:
  struct Taken {
    std::size_t value;
    std::size_t count;
  };

  std::size_t take(std::size_t count) {
    if (depth_ == path_.size()) path_.push_back({0, count});
    return path_[depth_++].value;
  }
  bool advance() {
    while (!path_.empty() && path_.back().value + 1 == path_.back().count) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().value;
    return true;
  }

  std::vector<Taken> path_;
  std::size_t depth_ = 0;
};

}  // namespace georep::test
