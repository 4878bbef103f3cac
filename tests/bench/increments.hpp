// The same random increments for every program of the benchmark, ours and rivals': exponential with mean 1 s in nanoseconds, from a table,
// so that drawing costs next to nothing and no engine is charged for its own generator.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <unistd.h>
#include <vector>

namespace bench {

class Increments {
 public:
  enum class Law { exponential, bimodal, constant, mostly_zero };

  explicit Increments(std::uint64_t seed, Law law = Law::exponential) : state_{seed}, table_(size) {
    for (std::size_t i = 0; i < size; ++i) {
      const double u = (static_cast<double>(i) + 0.5) / static_cast<double>(size);
      switch (law) {
        case Law::exponential: table_[i] = static_cast<std::int64_t>(-std::log(u) * 1e9); break;
        case Law::bimodal: table_[i] = u < 0.9 ? 1'000 : 1'000'000'000'000; break;
        case Law::constant: table_[i] = 1'000'000'000; break;
        case Law::mostly_zero:
          table_[i] = u < 0.7 ? 0 : static_cast<std::int64_t>(-std::log((u - 0.7) / 0.3) * 1e9);
          break;
      }
    }
  }
  std::int64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return table_[state_ >> 48];
  }

 private:
  static constexpr std::size_t size = 65'536;
  std::uint64_t state_;
  std::vector<std::int64_t> table_;
};

inline Increments::Law law_of(const char* name) {
  switch (name[0]) {
    case 'b': return Increments::Law::bimodal;
    case 'c': return Increments::Law::constant;
    case 'z': return Increments::Law::mostly_zero;
    default: return Increments::Law::exponential;
  }
}

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Bytes of memory that the process has resident now.
inline double resident_bytes() {
  long total = 0;
  long resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace bench
