// A law of probability for a duration or a size, as a scenario writes it: plain data. Sampling is in chance.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace georep {

/// A law over non-negative 64-bit integers: nanoseconds where a duration is drawn, bytes where a size is.
struct Distribution {
  enum class Law : std::uint8_t {
    constant,     ///< always `constant`
    exponential,  ///< mean `a`
    uniform,      ///< between `a` and `b`
    normal,       ///< mean `a`, standard deviation `b`, truncated at 0
    lognormal,    ///< median `a`, 99th percentile `b`
    pareto,       ///< minimum `a`, shape `b`
    weibull,      ///< scale `a`, shape `b`
    empirical,    ///< one of `samples`, each equally likely
  };

  Law law = Law::constant;
  std::int64_t constant = 0;
  double a = 0;
  double b = 0;
  std::shared_ptr<const std::vector<std::int64_t>> samples;

  static Distribution always(std::int64_t value) {
    Distribution result;
    result.constant = value;
    return result;
  }
};

}  // namespace georep
