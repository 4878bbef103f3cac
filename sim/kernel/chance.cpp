#include "sim/kernel/chance.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <limits>

#include "sim/kernel/assert.hpp"
#include "sim/kernel/elementary.hpp"

namespace georep {

namespace {

// normal_quantile(0.99), which turns a 99th percentile into a standard deviation.
constexpr double z99 = 2.3263478740408411009;

/// The unrounded inverse distribution function.
double real_quantile(const Distribution& law, double u) {
  using Law = Distribution::Law;
  const double a = law.a;
  const double b = law.b;
  switch (law.law) {
    case Law::constant:
    case Law::empirical:
      break;  // whole numbers, answered by the caller
    case Law::exponential:
      return -a * elementary::log(1 - u);
    case Law::uniform:
      return a + u * (b - a);
    case Law::normal: {
      GEOREP_ASSERT(a >= 0, "the mean of a normal law is not negative");
      if (b == 0) return a;
      // Measured down from the top: the part above x is 1 - u of the part above 0.
      return a - b * elementary::normal_quantile((1 - u) * elementary::normal_cdf(a / b));
    }
    case Law::lognormal:
      GEOREP_ASSERT(a > 0 && b >= a, "a lognormal law has 0 < median <= p99");
      return a * elementary::exp(elementary::log(b / a) * (elementary::normal_quantile(u) / z99));
    case Law::pareto:
      return a * elementary::exp(-elementary::log(1 - u) / b);
    case Law::weibull:
      return a * elementary::exp(elementary::log(-elementary::log(1 - u)) / b);
  }
  return 0;
}

std::int64_t rounded_up(double x) {
  if (!(x < static_cast<double>(greatest_sample))) return greatest_sample;
  if (x < -static_cast<double>(greatest_sample)) return -greatest_sample;
  const auto whole = static_cast<std::int64_t>(x);
  return whole + (static_cast<double>(whole) < x ? 1 : 0);
}

}  // namespace

std::array<std::uint64_t, 4> philox_block(const std::array<std::uint64_t, 4>& counter,
                                          const std::array<std::uint64_t, 2>& key) {
  const r123::Philox4x64::ctr_type words{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x64::ctr_type block =
      r123::Philox4x64{}(words, r123::Philox4x64::key_type{{key[0], key[1]}});
  return {block[0], block[1], block[2], block[3]};
}

void Draw::compute(std::uint64_t block) {
  words_ = philox_block({stream_[0], stream_[1], stream_[2], block}, key_);
  block_ = block;
}

std::uint64_t Draw::uniform_below(std::uint64_t n) {
  GEOREP_ASSERT(n > 0, "a choice is made among at least one");
  __extension__ using Product = unsigned __int128;
  Product product = static_cast<Product>(next_u64()) * n;
  if (static_cast<std::uint64_t>(product) < n) [[unlikely]] {
    const std::uint64_t excess = (0 - n) % n;
    while (static_cast<std::uint64_t>(product) < excess)
      product = static_cast<Product>(next_u64()) * n;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Draw::exponential(double mean) {
  return -mean * elementary::log(1 - uniform());
}

std::int64_t quantile(const Distribution& law, double u) {
  switch (law.law) {
    case Distribution::Law::constant:
      return law.constant;
    case Distribution::Law::uniform:
      return rounded_up(real_quantile(law, u));
    case Distribution::Law::empirical: {
      GEOREP_ASSERT(law.samples != nullptr && !law.samples->empty(),
                    "an empirical law has at least one sample");
      const std::size_t count = law.samples->size();
      const auto place = static_cast<std::size_t>(u * static_cast<double>(count));
      const std::int64_t value = (*law.samples)[place < count ? place : count - 1];
      return value < 0 ? 0 : value;
    }
    default:
      return std::max<std::int64_t>(0, rounded_up(real_quantile(law, u)));
  }
}

std::int64_t sample(const Distribution& law, Draw& draw) {
  if (law.law == Distribution::Law::constant) {
    draw.skip();
    return law.constant;
  }
  return quantile(law, draw.uniform());
}

double mean(const Distribution& law) {
  using Law = Distribution::Law;
  const double a = law.a;
  const double b = law.b;
  switch (law.law) {
    case Law::constant:
      return static_cast<double>(law.constant);
    case Law::exponential:
      return a;
    case Law::uniform:
      return a + (b - a) / 2;
    case Law::normal:
      return b == 0 ? a
                    : a + b * (elementary::normal_density(a / b) / elementary::normal_cdf(a / b));
    case Law::lognormal: {
      const double sigma = elementary::log(b / a) / z99;
      return a * elementary::exp(sigma * sigma / 2);
    }
    case Law::pareto:
      return b > 1 ? a * b / (b - 1) : std::numeric_limits<double>::infinity();
    case Law::weibull:
      return a * elementary::gamma(1 + 1 / b);
    case Law::empirical: {
      double sum = 0;
      for (const std::int64_t value : *law.samples) sum += static_cast<double>(value);
      return sum / static_cast<double>(law.samples->size());
    }
  }
  return 0;
}

}  // namespace georep
