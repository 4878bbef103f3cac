// The same random increments for every program of the benchmark, ours and rivals': exponential with mean 1 s in nanoseconds, from a
// table that stays in the nearest cache, so that drawing costs next to nothing and no engine is charged for its own generator.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <unistd.h>
#include <vector>

namespace bench {

class Increments {
 public:
  enum class Law { exponential, bimodal, constant, mostly_zero };

  explicit Increments(std::uint64_t seed, Law law = Law::exponential)
      : state_{seed}, table_(size), step_(size) {
    for (std::size_t i = 0; i < size; ++i) {
      const double upper = quantile(law, static_cast<double>(i) / static_cast<double>(size));
      const double lower = quantile(law, static_cast<double>(i + 1) / static_cast<double>(size));
      table_[i] = static_cast<std::int64_t>(lower);
      step_[i] = law == Law::bimodal ? 0 : static_cast<std::int64_t>(upper - lower);
    }
  }
  std::int64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    // Between two neighbouring quantiles, so that increments are as various as the law's own.
    const std::size_t place = state_ >> (64 - size_bits);
    const auto share = static_cast<std::int64_t>(state_ >> 32 & 0xFFFF);
    return table_[place] + (step_[place] * share >> 16);
  }

 private:
  static constexpr unsigned size_bits = 10;
  static constexpr std::size_t size = std::size_t{1} << size_bits;
  std::uint64_t state_;
  std::vector<std::int64_t> table_;
  std::vector<std::int64_t> step_;

  // What the law exceeds with probability `u`, in nanoseconds.
  static double quantile(Law law, double u) {
    switch (law) {
      case Law::constant: return 1e9;
      case Law::bimodal: return u <= 0.9 ? 1e3 : 1e12;
      case Law::mostly_zero: return u >= 0.3 ? 0 : quantile(Law::exponential, u / 0.3);
      case Law::exponential: break;
    }
    return -std::log(std::max(u, 1e-4)) * 1e9;
  }
};

inline Increments::Law law_of(const char* name) {
  switch (name[0]) {
    case 'b': return Increments::Law::bimodal;
    case 'c': return Increments::Law::constant;
    case 'z': return Increments::Law::mostly_zero;
    default: return Increments::Law::exponential;
  }
}

/// Processor time that this process has used: what else the machine does meanwhile does not count.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<Clock, duration>;
  static time_point now() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return time_point{std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec}};
  }
};

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

/// The most megabytes that this program has had resident; what the one that started it had does not count.
inline double peak_megabytes() {
  char line[256];
  double kilobytes = 0;
  if (std::FILE* file = std::fopen("/proc/self/status", "r")) {
    while (std::fgets(line, sizeof line, file) != nullptr)
      if (std::sscanf(line, "VmHWM: %lf", &kilobytes) == 1) break;
    std::fclose(file);
  }
  return kilobytes / 1024;
}

}  // namespace bench
