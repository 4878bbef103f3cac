// The fingerprint of a run: a 64-bit fold over every event dispatched and every outcome, in order. Integer
// arithmetic only, so that it is the same on every compiler and processor.
#pragma once

#include <bit>
#include <cstdint>

namespace georep {

class TraceHash {
 public:
  /// Folds one word. The order of the calls matters.
  void fold(std::uint64_t word) {
    // Multiply-rotate rounds with the odd constants of xxHash64, which mix well enough for a fingerprint.
    state_ = std::rotl(state_ ^ (word * 0xC2B2AE3D27D4EB4FULL), 31) * 0x9E3779B185EBCA87ULL;
  }

  /// The fingerprint of all that was folded so far.
  std::uint64_t value() const {
    std::uint64_t h = state_;
    h = (h ^ (h >> 33)) * 0xC2B2AE3D27D4EB4FULL;
    h = (h ^ (h >> 29)) * 0x165667B19E3779F9ULL;
    return h ^ (h >> 32);
  }

 private:
  std::uint64_t state_ = 0x27D4EB2F165667C5ULL;
};

}  // namespace georep
